"""The parts of the Admin page. They show neither words nor names of anybody. Read `door` first."""
