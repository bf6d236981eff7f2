# The agents on this computer
agents-searching = Looking for agents…
agents-none = No coding agent was found. Install one of these, then look again. The demo works without any.
agents-again = Look again
agents-ready = Ready
agents-found = Found
agents-not-found = Not installed
agents-logged-in = Logged in
agents-logged-in-by = Logged in · { $method }
agents-logged-out = Not logged in
agents-withheld = Not passed on from your environment: { $names }
agents-copy = Copy “{ $command }”
agents-copied = Copied
agents-hint-install = Run { $commands } in a terminal to install it.
agents-hint-login = Run { $commands } in a terminal to log in.
agents-hint-login-or = Run { $commands } in a terminal to log in, or set { $names }.
agents-hint-variables = Set { $names }.
agents-hint-node = (Node { $version } or newer)
