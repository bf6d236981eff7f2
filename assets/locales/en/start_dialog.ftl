# Texts of start_dialog
