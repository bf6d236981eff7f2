# Texts of keys
