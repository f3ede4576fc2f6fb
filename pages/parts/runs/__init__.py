"""The parts of the Runs page: the table of models, and what can be done with the chosen ones. Read `table` first."""
