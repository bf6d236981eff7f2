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
