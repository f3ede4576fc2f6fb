"""The steps that a page needs done before it can show anything: a text, vectors, models. Read `missing` first."""
