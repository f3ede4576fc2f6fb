"""The parts of the Data page: `text_panel` on the left, `vectors_panel` on the right. Read these two first."""
