//! Dispatcher and drivers around the engine.
