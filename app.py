"""The entry point: page configuration, the session's start, the menu. Nothing else.

A spawned training process imports this file again, so it does nothing unless it is the main program.
"""

from pathlib import Path


def main() -> None:
    import streamlit as st

    from pages.shared import cached, demo_bar, downloads, login, messages, session, tabs
    from pages.shared.appearance import look

    st.set_page_config(
        page_title="Vectune", page_icon=str(Path(__file__).parent / "pages" / "shared" / "icon.png"), layout="wide"
    )
    pages = {
        "data": st.Page("pages/data.py", title="Data", icon=":material/description:", default=True),
        "train": st.Page("pages/train.py", title="Train", icon=":material/model_training:", url_path="train"),
        "compare": st.Page("pages/compare.py", title="Compare", icon=":material/compare:", url_path="compare"),
        "words": st.Page("pages/words.py", title="Words", icon=":material/manage_search:", url_path="words"),
        "study": st.Page("pages/study.py", title="Study", icon=":material/timeline:", url_path="study"),
        "scorecard": st.Page(
            "pages/scorecard.py", title="Scorecard", icon=":material/fact_check:", url_path="scorecard"
        ),
        "runs": st.Page("pages/runs.py", title="Runs", icon=":material/history:", url_path="runs"),
        "glossary": st.Page("pages/glossary.py", title="Glossary", icon=":material/dictionary:", url_path="glossary"),
        "about": st.Page("pages/about.py", title="About", icon=":material/info:", url_path="about"),
        "storage": st.Page("pages/storage.py", title="Storage", icon=":material/hard_drive:", url_path="storage"),
        "admin": st.Page(
            "pages/admin.py",
            title="Admin",
            icon=":material/shield_person:",
            url_path="admin",
            visibility="visible" if session.is_admin() else "hidden",
        ),
    }
    locked = login.is_locked()
    page = st.navigation(list(pages.values()), position="hidden" if locked else "top")
    look.put_on(page.url_path, page.title)
    if locked:
        login.show()
        session.keep_request(page.url_path)
        return
    with messages.shown():  # whatever the page does not show itself: a full disk, a storage that is gone
        cached.watch_server()
        downloads.clean_now_and_then()
        cached.warm_maps()
        session.start(pages)
        session.show_news()
        tabs.follow()
        demo_bar.show()
        page.run()


if __name__ == "__main__":
    main()
