"""The parts of the page A word: neighbours, collocates, sentences of a word; concordances. Read `word_panel` first."""
