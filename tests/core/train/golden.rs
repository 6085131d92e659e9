//! Committed results of a short run.
