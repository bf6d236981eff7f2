//! Agent and file text into plain, safe or styled pieces.
