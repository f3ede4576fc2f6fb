"""What stands around every page: menu, name, demo bar, news of other tabs; whose turn it is, and how a run ends.

Read `menu` first.
"""
