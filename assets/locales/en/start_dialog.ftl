# Texts of start_dialog
start-dialog-title = Start agents
start-dialog-start = { $n ->
    [0] Start
    [one] Start
   *[other] Start { $n } agents
}
start-dialog-start-one = Start { $what }
start-dialog-further = { $n ->
    [one] The task has an attempt already: it stays as it is, and a further one starts in a worktree of its own
   *[other] The task has { $n } attempts already: they stay as they are, and a further one starts in a worktree of its own
}
start-dialog-beside = Attempt { $number } goes on as it is: a further one starts beside it, in a worktree and on a branch of its own
start-dialog-beside-several = { $n } attempts go on as they are: a further one starts beside them, in a worktree and on a branch of its own
start-dialog-variant = Variant: { $variant }
start-dialog-times = { $agent }: { $n ->
    [one] 1 attempt
   *[other] { $n } attempts
}
start-dialog-logged-out = Not logged in
start-dialog-base = Start from
start-dialog-target = Land on
start-dialog-mode = Approvals
start-dialog-mode-ask = Asks before every change and command
start-dialog-mode-edits = Edits in its own worktree and safe commands pass; everything else asks
start-dialog-mode-all = Allows everything without asking; each answer is recorded
start-dialog-missing = { $n ->
    [one] Install one more agent…
   *[other] Install { $n } more agents…
}
