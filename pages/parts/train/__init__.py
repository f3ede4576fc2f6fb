"""The parts of the Train page: the form, and the models asked for. Read `form` first."""
