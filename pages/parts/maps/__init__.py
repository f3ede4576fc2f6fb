"""The parts of the Maps page: `maps` draws both; the others are what stands around them. Read `maps` first."""
