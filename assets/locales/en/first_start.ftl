# Texts of first_start
