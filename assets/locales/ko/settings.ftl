# Texts of settings
