"""The parts of the Compare page: `maps` draws both; the others are what stands around them. Read `maps` first."""
