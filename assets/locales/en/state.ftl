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
