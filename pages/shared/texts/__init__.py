"""What several pages show of the texts of a workspace: how far one is read, the demo's, two side by side."""
