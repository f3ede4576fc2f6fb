"""Scorecards of a workspace's models: what is asked for by itself, and which scorecard a report quotes.

In come runs and the page Did it help?'s form, out go requests and names. Read `usual` first. May import what
`core.workspace` may.
"""
