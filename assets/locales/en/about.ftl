# About
about-title = Anyon
about-text = Many coding agents side by side, each in its own git worktree.
about-running = What is running
about-version = Version
about-system = System
about-renderer = Renderer
about-frame = Last frame
about-frame-ms = { $ms } ms
about-language = Language
about-copy = Copy for a bug report
about-copied = Copied
about-folders = Folders
about-folders-text = Everything Anyon keeps is in here.
about-data-folder = Data folder
about-log-folder = Log folder
about-open-data = Open data folder
about-open-log = Open log folder
