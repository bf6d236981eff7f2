# Texts of changes
