# How an attempt stands
state-queued = Queued
state-starting = Starting
state-running = Running
state-waiting = Asks
state-review = To review
state-failed = Failed
state-stopped = Stopped
state-conflicted = Conflicts
state-landed = Landed
state-dropped = Dropped
state-asks = Asks: { $what }
state-failed-because = Failed: { $why }
state-no-changes = To review: no changes
state-review-diff = Review +{ $added } −{ $removed }
state-worktree = Worktree { $percent } %
state-interrupted = Interrupted
state-conflicts = { $n ->
    [one] Conflicts: 1 file
   *[other] Conflicts: { $n } files
}
state-landed-on = Landed on { $target }
state-working = working
state-at-work = { $time } · { $doing }
state-queued-cap = Queued: { $limit } agents run already
state-queued-memory = Queued: little memory is free
state-queued-disk = Queued: little disk space is free
state-queued-limit = Limit reached: goes on in { $time }
failure-spawn = could not start
failure-not-installed = not installed
failure-version = unsupported version
failure-auth = not logged in
failure-rate-limit = rate limit
failure-quota = no credit left
failure-context = conversation too long
failure-network = no network
failure-model = model unavailable
failure-exit = ended unexpectedly
failure-protocol = unknown answers
failure-orphaned = interrupted
failure-worktree = no worktree
failure-setup = setup script
failure-other = the agent gave up
failure-session-lost = session lost
