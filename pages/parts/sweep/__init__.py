"""The Sweep page: ranges, the job that tries them, what came out, and every setting."""
