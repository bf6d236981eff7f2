//! The binary of Anyon.
mod demo;
fn main() {
    if std::env::args_os()
        .nth(1)
        .is_some_and(|word| word == "--demo-agent")
    {
        demo::demo_agent();
    }
}
