# Texts of conversation
conversation-name = Conversation
conversation-thinking = Thinking
conversation-raw = Raw line
conversation-plan-updated = Plan updated: { $done } of { $total } done
conversation-plan = Plan · { $done } of { $total }
conversation-copy = Copy
conversation-denied-because = Denied: { $reason }
conversation-output = Output
conversation-output-exit = Output · exit code { $code }
conversation-all-lines = Show all { $n } lines
conversation-fewer = Show fewer lines
conversation-rest-in-log = The rest is in the logs
conversation-verb-read = Read
conversation-verb-edit = Edit
conversation-verb-delete = Delete
conversation-verb-move = Move
conversation-verb-search = Search
conversation-verb-command = Run
conversation-verb-fetch = Fetch
conversation-verb-think = Think
conversation-verb-task = Sub-agent
conversation-verb-plan = Plan
conversation-verb-todo = To-do list
conversation-verb-question = Question
conversation-verb-other = Tool
conversation-tool-running = running
conversation-tool-asks = asks
conversation-tool-done = done
conversation-tool-failed = failed
conversation-tool-cut-off = cut off
conversation-tool-denied = denied
conversation-tool-timed-out = timed out
conversation-since = Since you left
conversation-since-what = Since you left: { $what }
conversation-since-edits = { $n ->
    [one] 1 edit
   *[other] { $n } edits
}
conversation-since-questions = { $n ->
    [one] 1 question
   *[other] { $n } questions
}
conversation-silent = Nothing heard for { $time }
conversation-last-error = Last on standard error: { $line }
conversation-silent-hint = Models can think for minutes. If it stays silent, interrupt it and say what to do instead.
conversation-to-end = Jump to the end
conversation-takes-over = { $to } takes over from { $from }
conversation-handover = What was asked and done before
conversation-setup = Setup script
conversation-setup-failed = The setup script did not succeed, so the agent was not started. Its output is below; correct the script in the project’s settings or the worktree, then resume.
conversation-turn-stopped = The turn was stopped
conversation-cleanup = Cleanup script
conversation-dev-server = Dev server
conversation-interrupted = The run was interrupted when Anyon ended. Its work is kept; resume it below.
conversation-session-lost = The agent does not have this session any more. A new one goes on below, with a summary of what was asked and done.
conversation-session-lost-waits = The agent does not have this session any more. Resume below: a new one is given a summary of what was asked and done.
conversation-stopped = Stopped
