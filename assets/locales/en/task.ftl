# Texts of task
