# Texts of composer
composer-name = Message to the agent
composer-hint = What should it do next?
composer-hint-queue = Write ahead: it is sent when the agent is done
composer-hint-resume = Resume as it is, or say what to do instead
composer-send = Send
composer-queue = Queue
composer-send-queued = Send the queued message
composer-resume = Resume
composer-resume-with = Resume with this message
composer-empty = Write something first
composer-agent = Agent: { $agent }
composer-model = Model: { $model }
composer-model-own = Default model
composer-model-name = Another model
composer-model-hint = Name of a model
composer-takes-over = { $to } takes over from { $from } in the same worktree and is told what was asked and done
composer-mention-template = Template
composer-mode = What it may do without asking
composer-mode-ask = Ask for everything
composer-mode-edits = Edits allowed
composer-mode-all = Allow all
composer-context = Context { $percent } % full
composer-context-more = { $used }k of { $size }k tokens
composer-queued = { $n ->
    [one] 1 message queued
   *[other] { $n } messages queued
}
composer-edit-draft = Edit message { $n }
composer-remove-draft = Remove message { $n }
composer-move-draft = Move message { $n } (drag, or Alt and an arrow)
composer-draft = Queued message
composer-save-draft = Save
composer-landed = This attempt has landed
composer-dropped = This attempt was dropped
composer-gone = The worktree of this attempt is gone
composer-limit = { $agent } has reached its limit. It goes on by itself in { $time }.
composer-limit-start = Start now anyway
composer-limit-hint = If the limit still holds, it fails again and waits on
composer-again = New attempt…
