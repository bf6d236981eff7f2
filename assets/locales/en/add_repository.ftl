# Adding a repository
add-repository-path = Folder or URL of a git repository
add-repository-path-hint = ~/code/project or https://github.com/owner/project
add-repository-path-missing = Type a path or a URL first
add-repository-add = Add
add-repository-browse = Browse…
add-repository-system = System dialog…
add-repository-adding = Adding { $path }
add-repository-no-commits = This repository has no commit yet
add-repository-no-commits-text = Agents start from a commit. Anyon can make an empty first one in { $path }; your files stay as they are.
add-repository-initial-commit = Make the first commit and add
add-repository-found = Found on this computer
add-repository-searching = Looking for git repositories…
add-repository-none = No git repository was found in your home folder. Type its path or URL, or browse to it.
add-repository-incomplete = The search ended early; there may be more.
add-repository-again = Search again
add-repository-all = { $n ->
    [one] Show it
   *[other] Show all { $n }
 }
add-repository-there = Added
add-repository-clone = Clone
add-repository-clone-why = Give the URL of a repository and a folder first
add-repository-clone-into = Clone into this folder
add-repository-clone-choose = Choose where…
add-repository-cloning = Cloning { $url } · { $percent } %
add-repository-clone-cancel = Cancel clone
add-repository-clone-cancel-why = It is being removed
add-repository-clone-cancelling = Cancelling the clone of { $url }
add-repository-clone-cancelled = Clone cancelled; nothing of it is left
add-repository-url-form = https://host/owner/name, git@host:owner/name, ssh://… or file:///path
add-repository-url-option = A URL does not begin with “-”: git would read it as an option
add-repository-url-transport = Only https, http, ssh, git and file are cloned from; other ways may start programs
add-repository-url-secret = The URL holds a name, a password or a token
add-repository-url-secret-text = It would be written into the clone, so it is not used. git's credential helper or your ssh key logs you in.
add-repository-url-use = Use { $url }
