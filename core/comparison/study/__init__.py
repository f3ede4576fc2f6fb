"""Two to twelve texts in a row: a model each from the same vectors, how each word changed from text to text, and when.

In come `StudyText`s and one configuration, out go a `Study`, `Trajectories`, `StudyStep`s with their noise, and a
`Ranking`. Read `models` first, then `steps`. May import what the package above may, and that package, which does not
import it.
"""
