# All keys
keys-title = Keys
keys-text = While an input method is composing, no key triggers anything.
keys-everywhere = Everywhere
keys-palette = Search and commands
keys-needs-you = Needs you
keys-settings = Settings
keys-keys = This page
keys-back = Back
keys-chooser = Choosing a folder or file
keys-move = Move
keys-open-folder = Open the folder
keys-folder-above = Folder above
keys-choose = Choose
