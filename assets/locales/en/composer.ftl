# Texts of composer
