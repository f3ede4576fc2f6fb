"""The entry point: page configuration, the session's start, the menu. Nothing else.

A spawned training process imports this file again, so it does nothing unless it is the main program.
"""

from pathlib import Path


def main() -> None:
    import streamlit as st

    from pages.shared import cached, session

    st.set_page_config(
        page_title="Vectune", page_icon=str(Path(__file__).parent / "pages" / "shared" / "icon.png"), layout="wide"
    )
    pages = {
        "data": st.Page("pages/data.py", title="Data", icon=":material/description:", default=True),
        "train": st.Page("pages/train.py", title="Train", icon=":material/model_training:", url_path="train"),
        "compare": st.Page("pages/compare.py", title="Compare", icon=":material/compare:", url_path="compare"),
        "words": st.Page("pages/words.py", title="Words", icon=":material/manage_search:", url_path="words"),
        "runs": st.Page("pages/runs.py", title="Runs", icon=":material/history:", url_path="runs"),
    }
    page = st.navigation(list(pages.values()), position="top")
    st.html("<style>.stMainBlockContainer { padding-top: 4.5rem; }</style>")
    cached.warm_maps()
    session.start(pages)
    page.run()


if __name__ == "__main__":
    main()
