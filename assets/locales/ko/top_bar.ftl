# Texts of top_bar
