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
changes-wrap = Wrap long lines
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
changes-removed-text = No snapshot of it is kept, so there is nothing to show.
changes-no-worktree = No worktree was made
changes-no-worktree-text = The start did not get that far. The conversation says why.
changes-soon = The worktree is being made
changes-soon-text = Changes appear here as soon as the agent writes.
changes-landed = What landed: { $commit }
changes-kept = From the last snapshot
changes-nothing = Nothing was changed
changes-nothing-text = The attempt ended without a change.
changes-mode = mode { $before } → { $after }
changes-made-executable = made executable
changes-made-plain = no longer executable
changes-executable = executable
changes-link = symbolic link → { $target }
changes-link-before = before: → { $target }
changes-submodule = submodule at { $commit }
changes-submodule-moved = submodule { $before } → { $after }
changes-was-file = was a file
changes-was-link = was a symbolic link → { $target }
changes-was-submodule = was a submodule at { $commit }
changes-is-file = is a file
changes-outside = outside the worktree
changes-outside-more = What is read or written through this link is not in the worktree
changes-tag-mode = mode
changes-tag-link = link
changes-tag-submodule = submodule
