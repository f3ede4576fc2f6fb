"""What the server keeps in memory for everybody: results, bounded in bytes, and giving memory back."""
