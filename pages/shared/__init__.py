"""What pages share. In a folder of its own, because every .py directly in pages/ becomes an entry of the menu."""
