"""The parts of the page What changed: moved words, new words, key words. Read `moved_panel` first."""
