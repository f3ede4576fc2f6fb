"""What stands around every page: menu, name, demo bar, news of other tabs. Read `menu` first."""
