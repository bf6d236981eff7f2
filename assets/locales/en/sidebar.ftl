# Texts of sidebar
