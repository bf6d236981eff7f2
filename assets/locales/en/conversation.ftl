# Texts of conversation
