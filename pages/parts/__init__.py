"""The parts of each page, in a folder of its own; one page's folder never imports another's."""
