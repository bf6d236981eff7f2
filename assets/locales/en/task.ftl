# Texts of task
task-conversation = Conversation
task-changes = Changes
task-changes-count = Changes { $n }
task-both = Side by side
task-log = Logs
task-auto = Let the view follow the agent
task-no-attempt = No attempt yet
task-no-attempt-text = Start one or several agents. Each works in its own worktree and branch, so nothing happens to your checkout.
task-start = Start…
task-start-further = New attempt…
task-gone = This task is gone
task-gone-text = It was deleted, or belongs to a project that was removed
task-to-board = Go to the board
task-rail = Tasks
task-not-started = Not started
task-stage-worktree = Worktree
task-stage-setup = Setup
task-stage-starting = Starting
task-stage-working = Working
task-stage-stopped = Turn stopped
task-stage-review = Review
task-percent = { $n } %
task-queued-cap = Waits: { $n } agents run already
task-queued-memory = Waits for memory: { $free } MiB free, { $floor } needed
task-queued-disk = Waits for disk space: { $free } MiB free, { $floor } needed
task-queued-limit = Limit reached: goes on in { $time }
task-open-editor = Open in the editor
task-classify = Priority and labels…
task-edit = Edit title and description
task-description = Description
task-description-hint = What is to be done, in Markdown. With the title it is the first prompt.
task-labels-more = { $n ->
    [one] 1 more label
   *[other] { $n } more labels
}
task-title = Title
task-title-hint = A task needs a title
task-save = Save
task-attempt-of = Attempt { $n } of { $total }
task-more = More
task-open-folder = Open the worktree
task-open-terminal = Open a terminal
task-copy-branch = Copy the branch name
task-land = Land…
task-log-empty = Nothing was written yet
task-log-out = out
task-log-err = err
task-log-in = in
task-log-find = Look through the log
task-log-find-hint = Lines that hold…
task-log-find-clear = Show all lines
task-log-found = { $n ->
    [one] 1 line
   *[other] { $n } lines
}
task-log-nothing = No line holds this
task-log-looking = Looking…
task-log-line = Line { $n }
task-log-copy = Copy the line
task-log-close = Close the line
task-run-agent = Agent
