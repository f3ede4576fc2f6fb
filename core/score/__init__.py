"""Did it help? Models are asked about text that they have not seen, and a verdict says what the answers mean.

In come a corpus, embeddings and configurations, out go a `Scorecard`, its verdict, tables and figures. Read
`evaluation` first, then `verdict`. May import models and everything below it; not comparison.
"""
