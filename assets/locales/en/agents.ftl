# The agents on this computer
agents-searching = Looking for agents…
agents-none = { $n ->
    [one] No coding agent was found. Install this one, then look again. The demo works without any.
   *[other] No coding agent was found. Install one of these, then look again. The demo works without any.
}
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
agents-hint-install = To install it, run this in a terminal
agents-hint-login = To log in, run this in a terminal
agents-hint-login-or = Set { $names }, or log in with this in a terminal
agents-hint-variables = Set { $names }.
agents-hint-node = (Node { $version } or newer)
