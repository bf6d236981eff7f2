# Texts of landing
