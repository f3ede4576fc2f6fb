"""Which settings do best? Many are tried on one part of a text, and the best of them is tested on another.

In come a corpus, vectors files and a `SweepPlan`, out goes a `SweepRecord`. Read `plan` first, then `search`. May
import what the package above may, and that package, which does not import it.
"""
