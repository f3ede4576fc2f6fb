"""What several pages show of the texts of a workspace."""
