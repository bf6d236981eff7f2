//! Protocols against recordings of the real agents, and against everything that is not a recording.

#[cfg(test)]
mod acp_forms;
mod acp_opening;
#[cfg(test)]
mod amp_forms;
#[cfg(test)]
mod claude_forms;
#[cfg(test)]
mod codex_forms;
#[cfg(test)]
mod live;
#[cfg(test)]
mod recordings;
#[cfg(test)]
mod robust;
#[cfg(test)]
mod speed;
#[cfg(test)]
mod support;
