# Texts of start_dialog
start-dialog-title = Start agents
start-dialog-start = { $n ->
    [0] Start
    [one] Start
   *[other] Start { $n } agents
}
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
