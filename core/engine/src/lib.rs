//! State machines that decide every change.
