"""The parts of the About page: privacy and erasing, citations, versions. Read `statements` first."""
