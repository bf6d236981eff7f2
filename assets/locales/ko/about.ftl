# Texts of about
