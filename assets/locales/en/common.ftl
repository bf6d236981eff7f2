# Words that many panels use
common-loading = Loading…
common-close = Close
common-cancel = Cancel
common-opening = Opening your projects…
common-open-failed = Anyon could not open its store
common-host-gone = Anyon ended
age-now = now
age-minutes = { $n }m
age-hours = { $n }h
age-days = { $n }d
age-years = { $n }y
age-ago = { $time }
duration-seconds = { $n }s
duration-minutes = { $a }m { $b }s
duration-hours = { $a }h { $b }m
common-quit = Quit
common-asked-title = { $client } asks
common-asked-merge = It wants to land { $name } on { $target }.
common-asked-drop = It wants to give up an attempt at { $name }. A snapshot is kept.
common-asked-delete = It wants to delete the task { $name }.
common-asked-undo = It wants to take back the landing of { $name } on { $target }.
common-asked-restore = It wants to put the files of { $name } back to a snapshot.
common-asked-remove-project = It wants to remove the project { $name } from Anyon.
common-asked-other = It wants to do something that cannot be taken back.
common-asked-allow = Allow
common-asked-later = Later
common-asked-later-hint = It waits in Needs you
common-closing-title = Agents are still running
common-closing-text = They can go on without the window: open Anyon again to see them. If you stop them, their work so far stays in their worktrees, and you can resume them.
common-closing-keep = Keep running
common-closing-text-demo = Closing the window stops them. Their work so far stays in their worktrees, and you can resume them at the next start.
common-closing-stop = Stop agents and quit
common-undo = Undo
common-divider = Line between two views
common-interrupted = { $n ->
    [one] { $n } run interrupted
   *[other] { $n } runs interrupted
}
common-resume = { $n ->
    [one] Resume
   *[other] Resume all
}
common-notice-open = Open
common-notice-done = { $agent } is done
common-notice-failed = { $agent } failed: { $why }
common-open-twice = Anyon is open already
