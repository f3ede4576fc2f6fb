"""The parts of the Models page: the table of models, and what can be done with the chosen ones. Read `table` first."""
