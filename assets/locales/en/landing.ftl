# The strip of checks, the landing sheet, snapshots
landing-land = Land…
landing-onto = → { $target }
landing-more = More actions
landing-stop-turn = Stop turn
landing-stop-agent = Stop agent
landing-stop-now = Stop now
landing-stop-turn-more = Ends what the agent does; it stays, and takes your next message. Pressed again, the agent itself ends.
landing-stop-agent-more = Ends the agent and everything that it started; the work stays, and it can be resumed
landing-stop-now-more = Does not wait any longer: ends the agent and everything that it started at once
landing-commit = Commit open work
landing-snapshots = Snapshots…
landing-drop = Drop attempt…
landing-undo = Undo
landing-undo-landing = Undo landing
landing-remove-worktree = Remove worktree
landing-restore = Restore…
landing-landed-on = Landed on { $target } · { $age }
landing-landed-by = by { $who }
landing-is-dropped = Dropped; its snapshots are kept
landing-check-no-worktree = The worktree was removed; its files are in a snapshot
landing-check-worktree-soon = The worktree is being made
landing-check-at-work = The agent is at work
landing-check-asks = The agent asks you
landing-check-loading = Checking…
landing-check-nothing = Nothing to land yet
landing-check-there-already = { $target } has all of this already
landing-check-there-already-more = Landing it would change nothing. Drop the attempt, or let the agent go on
landing-check-dirty = Uncommitted changes in the checkout of { $target }
landing-check-dirty-more = Commit or stash the changes in { $path }, then land
landing-check-no-conflicts = No conflicts
landing-check-conflicts = { $n ->
    [one] Conflicts with { $target }: 1 file
   *[other] Conflicts with { $target }: { $n } files
}
landing-check-committed = All committed
landing-check-open = { $n ->
    [one] 1 file not committed
   *[other] { $n } files not committed
}
landing-check-open-more = They are committed to the branch first, after a snapshot
landing-check-large = { $n ->
    [one] Unusually large: { $path } ({ $size } MB)
   *[other] { $n } unusually large files, such as { $path } ({ $size } MB)
}
landing-check-large-file = { $path } ({ $size } MB)
landing-check-ahead = { $n ->
    [one] 1 commit
   *[other] { $n } commits
}
landing-check-behind = { $n ->
    [one] 1 new commit on { $target }
   *[other] { $n } new commits on { $target }
}
landing-title = Land { $short } on { $target }
landing-way = The work of { $branch } becomes one commit on { $target }
landing-message = Commit message
landing-message-hint = Empty: one is made from the task
landing-keep-worktree = Keep the worktree afterwards
landing-confirm = Land
landing-landing = Landing…
landing-ask-agent = Ask the agent to resolve
landing-ask-agent-prompt = Merging this branch into { $target } conflicts in these files:
    { $files }

    Bring in the changes of { $target }, resolve the conflicts so that both sides keep their meaning, and check that it still works.
landing-told-landed = Landed on { $target }
landing-told-dropped = Attempt dropped
landing-told-undone = Landing undone
landing-told-restored = Files restored
landing-told-committed = Open work committed
landing-told-clean = Nothing to commit
landing-drop-title = Drop attempt { $n }?
landing-drop-goes = The agent stops, and the worktree and the branch { $branch } are removed.
landing-drop-kept = Kept: a snapshot of every commit and file, and ignored files in the trash for { $days } days. Undo brings them back.
landing-drop-kept-files = { $n ->
    [one] Kept: a snapshot with the 1 changed file, and ignored files in the trash for { $days } days. Undo brings them back.
   *[other] Kept: a snapshot with all { $n } changed files, and ignored files in the trash for { $days } days. Undo brings them back.
}
landing-drop-action = Drop attempt
landing-snapshots-title = Snapshots
landing-snapshots-about = What the files were before each step. Restoring one first keeps what is there now.
landing-snapshots-none = None yet. One is taken before a commit, a landing, a drop or a restore.
landing-snapshot = Snapshot { $n } · { $age }
landing-snapshot-with-trash = Snapshot { $n } · { $age } · with ignored files
landing-restore-asks = Answer the agent or stop it first: it waits for you
landing-restore-starts = Stop the agent first: it is about to start
landing-restore-at-work = Stop the agent first: it is at work
landing-restore-this = Restore
landing-before-commit = Before open work was committed
landing-before-merge = Before landing
landing-before-drop = Before the attempt was dropped
landing-before-cleanup = Before the worktree was removed
landing-before-restore = Before files were restored
landing-by-hand = Or by hand, in the worktree; what you commit there counts:
