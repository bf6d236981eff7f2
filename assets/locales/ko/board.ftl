# Texts of board
