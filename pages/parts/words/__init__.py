"""The parts of the Words page: one word's page, and the table of what moved. Read `word_panel` first."""
