"""Vectune's library: text and pretrained vectors in, embeddings and comparisons out. Knows nothing of Streamlit."""

__version__ = "0.1.0"
