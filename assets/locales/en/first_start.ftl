# First start
first-start-title = Welcome to Anyon
first-start-text = Run several coding agents side by side, each in its own git worktree. Review what they did and land it with one confirm.
first-start-agents = Agents
first-start-agents-text = Anyon works with the agents you have installed and logged in to.
first-start-project = Your first project
first-start-project-text = A project is a git repository. Your own checkout is not touched unless you ask for it.
first-start-demo = Just looking?
first-start-demo-text = The demo runs a built-in agent on a sample project. It needs no account and no network.
first-start-demo-try = Try the demo
first-start-demo-begins = Setting up the demo…
first-start-later = Skip for now
