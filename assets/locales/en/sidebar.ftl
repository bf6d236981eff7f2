# Side bar
sidebar-needs-you = Needs you
sidebar-projects = Projects
sidebar-all-projects = All projects
sidebar-add-title = Add a project
sidebar-add-project = Add project…
sidebar-no-projects = No projects yet
sidebar-running = Running
sidebar-settings = Settings
sidebar-keys = Keys
sidebar-open-folder = Open folder
sidebar-open-terminal = Open terminal
sidebar-project-settings = Project settings
sidebar-remove-project = Remove project…
sidebar-remove-title = Remove { $name } from Anyon?
sidebar-remove-text = Its tasks and attempts are forgotten. The repository itself is not touched.
sidebar-spoken-badge = { $n ->
    [one] { $n } waits for you
   *[other] { $n } wait for you
}
sidebar-spoken-running = { $n } running
sidebar-spoken-waiting = { $n ->
    [one] { $n } asks
   *[other] { $n } ask
}
sidebar-hide = Hide the side bar
sidebar-show = Show the side bar
