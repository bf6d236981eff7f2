# Choosing a folder or a file
chooser-folder = Choose a folder
chooser-file = Choose a file
chooser-path = Path
chooser-up = Folder above
chooser-home = Home folder
chooser-show-hidden = Show hidden
chooser-hide-hidden = Hide hidden
chooser-list = Folders and files
chooser-repository = git repository
chooser-empty = This folder is empty
chooser-no-folders = No folders in here
chooser-more = There is more than is listed. Type a path to go there.
chooser-choose = Choose “{ $name }”
chooser-choose-none = Choose
