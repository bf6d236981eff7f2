# Board
board-todo = To do
board-in-progress = In progress
board-in-review = In review
board-done = Done
board-cancelled = Cancelled
board-new-task = New task
board-new-task-hint = What should be done?
board-create = Create
board-create-start = Create and start
board-create-start-agent = Start { $agent }
board-empty-todo = Press C to write the first task
board-fold = Fold { $column }
board-open = Open
board-peek = Peek
board-rename = Rename
board-edit = Edit…
board-start = Start…
board-start-with = Start with { $agent }
board-classify = Priority and labels…
board-move = Move to…
board-copy-id = Copy id
board-open-worktree = Open worktree in editor
board-delete = Delete
board-deleted = { $task } deleted
board-not-landed = { $task } is in Done; its work is not on { $target } yet
board-still-at-work = { $task } was put away; its agent goes on
board-delete-holds = { $task } still has work in attempt { $n }
board-delete-holds-hint = Land or drop the attempt first, then delete the task
board-filter = Filter
board-filter-hint = Filter by title, id or label
board-filter-clear = Clear filter
board-found = { $n ->
    [one] { $n } task
   *[other] { $n } tasks
}
board-no-description = No description
board-peek-keys = Enter opens · Arrows: next card · Space closes
board-peek-by = { $who } · { $age }
board-peek-person = By you
board-peek-more = { $n ->
    [one] { $n } earlier attempt more
   *[other] { $n } earlier attempts more
}
board-no-project = Add your first project
board-no-project-text = A project is a git repository. Agents work on its tasks in worktrees of their own; your checkout stays as it is.
board-add-project = Add project…
