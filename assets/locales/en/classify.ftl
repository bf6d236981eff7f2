# Texts of classify
classify-title = Priority and labels
classify-priority = Priority
classify-none = None
classify-low = Low
classify-medium = Medium
classify-high = High
classify-urgent = Urgent
classify-labels = Labels
classify-new = New label
classify-new-hint = A name, or several with commas; Enter adds
classify-save = Save
classify-too-long = A label has at most { $n } characters
