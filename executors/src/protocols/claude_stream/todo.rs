//! The to-do list, in the forms Claude Code has it: not at all, written as a whole, or changed task by task.

use super::ClaudeStream;
use crate::protocols::{Step, json};
use anyon_model::{PlanItem, PlanStatus, ToolDetail};
use serde_json::Value;
use std::collections::HashMap;

/// The list and the calls that are about to change it.
#[derive(Debug, Default)]
pub(super) struct TodoList {
    tasks: Vec<(String, PlanItem)>,
    calls: HashMap<String, (String, Value)>,
}

impl TodoList {
    /// Remembers a call until its result says whether it counts.
    pub(super) fn called(&mut self, call_id: &str, tool: &str, input: &Value) {
        if !input.is_null() {
            self.calls
                .insert(call_id.to_owned(), (tool.to_owned(), input.clone()));
        }
    }

    /// The whole list after a call that worked.
    fn done(&mut self, call_id: &str, result: &Value) -> Option<Vec<PlanItem>> {
        let (tool, input) = self.calls.remove(call_id)?;
        match tool.as_str() {
            "TodoWrite" => self.replace(whole_list(&input)),
            "TaskCreate" => self.create(&input, result),
            "TaskUpdate" => self.update(&input),
            "TaskList" => self.listed(result)?,
            _ => return None,
        }
        Some(self.tasks.iter().map(|(_, item)| item.clone()).collect())
    }

    fn replace(&mut self, items: Vec<PlanItem>) {
        let numbered = items.into_iter().enumerate();
        self.tasks = numbered
            .map(|(number, item)| ((number + 1).to_string(), item))
            .collect();
    }

    fn create(&mut self, input: &Value, result: &Value) {
        let task = result.get("task").unwrap_or(&Value::Null);
        let name = match json::text(task, "id") {
            "" => (self.tasks.len() + 1).to_string(),
            name => name.to_owned(),
        };
        let item = PlanItem {
            text: json::text(input, "subject").to_owned(),
            status: PlanStatus::Pending,
        };
        self.tasks.push((name, item));
    }

    fn update(&mut self, input: &Value) {
        let name = json::text(input, "taskId");
        if json::text(input, "status") == "deleted" {
            return self.tasks.retain(|(known, _)| known != name);
        }
        let at = self.place_of(name);
        let item = &mut self.tasks[at].1;
        if let Some(subject) = json::some(json::text(input, "subject")) {
            item.text = subject;
        }
        if let Some(status) = status(json::text(input, "status")) {
            item.status = status;
        }
    }

    /// A task of an earlier process is not known here: it appears with its number.
    fn place_of(&mut self, name: &str) -> usize {
        if let Some(at) = self.tasks.iter().position(|(known, _)| known == name) {
            return at;
        }
        let item = PlanItem {
            text: format!("#{name}"),
            status: PlanStatus::Pending,
        };
        self.tasks.push((name.to_owned(), item));
        self.tasks.len() - 1
    }

    fn listed(&mut self, result: &Value) -> Option<()> {
        let tasks = result.get("tasks")?.as_array()?;
        self.tasks = tasks
            .iter()
            .map(|task| (json::text(task, "id").to_owned(), item(task, "subject")))
            .collect();
        Some(())
    }
}

/// The items of a list that is written as a whole.
pub(super) fn whole_list(input: &Value) -> Vec<PlanItem> {
    json::items(input, "todos")
        .iter()
        .map(|todo| item(todo, "content"))
        .collect()
}

fn item(value: &Value, text_key: &str) -> PlanItem {
    PlanItem {
        text: json::text(value, text_key).to_owned(),
        status: status(json::text(value, "status")).unwrap_or(PlanStatus::Pending),
    }
}

fn status(word: &str) -> Option<PlanStatus> {
    match word {
        "pending" => Some(PlanStatus::Pending),
        "in_progress" => Some(PlanStatus::InProgress),
        "completed" => Some(PlanStatus::Completed),
        _ => None,
    }
}

/// The title of a call.
pub(super) fn title(tool: &str, input: &Value) -> String {
    match tool {
        "TaskCreate" => json::text(input, "subject").to_owned(),
        "TaskUpdate" => format!("#{} {}", json::text(input, "taskId"), json::text(input, "status")),
        "TodoWrite" => {
            let todos = whole_list(input);
            let now = todos.iter().find(|todo| todo.status == PlanStatus::InProgress);
            now.map(|todo| todo.text.clone()).unwrap_or_default()
        }
        _ => String::new(),
    }
}

impl ClaudeStream {
    /// A call that changes the list has worked: shows the list.
    pub(super) fn todo_done(&mut self, call_id: &str, result: &Value, step: &mut Step) {
        let Some(items) = self.todo.done(call_id, result) else {
            return;
        };
        let detail = ToolDetail::Todo { items: items.clone() };
        self.book.change_tool(call_id, step, |tool| tool.detail = detail);
        self.book.plan(items, step);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn list(todo: &mut TodoList, tool: &str, input: &Value, result: &Value) -> Vec<(String, PlanStatus)> {
        todo.called("c", tool, input);
        let items = todo.done("c", result).unwrap();
        items.into_iter().map(|item| (item.text, item.status)).collect()
    }

    #[test]
    fn tasks_change_one_by_one_and_the_whole_list_is_told() {
        let mut todo = TodoList::default();
        let created = json!({"task": {"id": "1"}});
        list(&mut todo, "TaskCreate", &json!({"subject": "Fix bug"}), &created);
        let created = json!({"task": {"id": "2"}});
        list(&mut todo, "TaskCreate", &json!({"subject": "Test"}), &created);
        let update = json!({"taskId": "1", "status": "completed"});
        let after = list(&mut todo, "TaskUpdate", &update, &json!({}));
        assert_eq!(
            after,
            [
                ("Fix bug".to_owned(), PlanStatus::Completed),
                ("Test".to_owned(), PlanStatus::Pending)
            ]
        );
        let gone = json!({"taskId": "1", "status": "deleted"});
        assert_eq!(list(&mut todo, "TaskUpdate", &gone, &json!({})).len(), 1);
    }

    #[test]
    fn a_task_of_an_earlier_process_appears_with_its_number() {
        let mut todo = TodoList::default();
        let update = json!({"taskId": "7", "status": "in_progress"});
        let after = list(&mut todo, "TaskUpdate", &update, &json!({}));
        assert_eq!(after, [("#7".to_owned(), PlanStatus::InProgress)]);
    }

    #[test]
    fn a_list_written_as_a_whole_replaces_the_list() {
        let mut todo = TodoList::default();
        let one = json!({"todos": [{"content": "a", "status": "in_progress"}]});
        list(&mut todo, "TodoWrite", &one, &json!({}));
        let two = json!({"todos": [{"content": "b", "status": "pending"}, {"content": "c"}]});
        assert_eq!(list(&mut todo, "TodoWrite", &two, &json!({})).len(), 2);
    }
}
