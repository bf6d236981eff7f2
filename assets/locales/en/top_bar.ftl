# Top bar
top-bar-new-task = New task
top-bar-search = Search or run a command
top-bar-board = Board
top-bar-about = About
