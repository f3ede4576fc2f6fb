"""The part of the Storage page: a visitor's own files and removed models."""
