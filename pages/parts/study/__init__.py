"""Parts of the Study page: which texts, how far the work is, what was found, the map, lines, neighbours, the list."""
