# Adding a repository
add-repository-path = Folder of a git repository
add-repository-path-hint = ~/code/project
add-repository-path-missing = Type a path first
add-repository-add = Add
add-repository-browse = Browse…
add-repository-system = System dialog…
add-repository-adding = Adding { $path }
add-repository-no-commits = This repository has no commit yet
add-repository-no-commits-text = Agents start from a commit. Anyon can make an empty first one in { $path }; your files stay as they are.
add-repository-initial-commit = Make the first commit and add
add-repository-found = Found on this computer
add-repository-searching = Looking for git repositories…
add-repository-none = No git repository was found in your home folder. Type its path or browse to it.
add-repository-incomplete = The search ended early; there may be more.
add-repository-again = Search again
add-repository-all = { $n ->
    [one] Show it
   *[other] Show all { $n }
 }
add-repository-there = Added
