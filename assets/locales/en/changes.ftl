# The changes of an attempt
changes-tree = Changed files
changes-diff = Diff
changes-files = { $n ->
    [one] 1 file
   *[other] { $n } files
}
changes-layout = Layout
changes-unified = Unified
changes-split = Split
changes-next = Next change
changes-previous = Previous change
changes-copy-path = Copy path
changes-open = Open in editor
changes-added = added
changes-modified = changed
changes-deleted = deleted
changes-renamed = renamed
changes-type = of another type
changes-unchanged = { $n ->
    [one] 1 unchanged line
   *[other] { $n } unchanged lines
}
changes-binary = Binary file: no lines to compare
changes-large = Large file: { $size } MB
changes-show-large = Show it
changes-no-lines = No line differs
changes-none = No changes yet
changes-none-text = What the agent changes appears here while it works.
changes-removed = The worktree was removed
changes-removed-text = Its files are kept in a snapshot. Restore it to see the changes again.
changes-soon = The worktree is being made
changes-soon-text = Changes appear here as soon as the agent writes.
