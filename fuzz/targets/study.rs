#![no_main]
semantic_continuity_fuzz::target!(study);
