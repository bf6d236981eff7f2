# What waits for a person
needs-you-title = Needs you
needs-you-none = Nothing needs you
needs-you-none-text = Questions of agents, work to review and failures of all projects turn up here.
needs-you-to-board = Go to the board
needs-you-interrupted = Interrupted when Anyon ended
needs-you-attempt = Attempt { $n }
needs-you-land = Land…
needs-you-resume = Resume
needs-you-open = Open
needs-you-drop = Drop…
needs-you-asked-why = What it asks for cannot be taken back, so a person decides. Nothing is done until then.
needs-you-key-move = move
needs-you-key-yes = allow, land, resume
needs-you-key-no = deny, drop
needs-you-key-open = open
