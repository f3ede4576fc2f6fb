"""The entry point: page configuration, the session's start, the menu. Nothing else.

A spawned training process imports this file again, so it does nothing unless it is the main program.
"""

from pathlib import Path


def main() -> None:
    import streamlit as st

    from core.workspace.named_texts import text_in_use
    from pages.shared import downloads, login, maps_ahead, messages, presses, session
    from pages.shared.appearance import look
    from pages.shared.cached import server
    from pages.shared.frame import brand, demo_bar, history, job_ends, menu, tabs, turns

    st.set_page_config(
        page_title="Vectune", page_icon=str(Path(__file__).parent / "pages" / "shared" / "icon.png"), layout="wide"
    )
    locked = login.is_locked()
    pages = menu.make_pages(session.is_admin())
    name = menu.choose_page(pages, is_hidden=locked)
    if name is None:
        return
    look.put_on(pages[name].url_path, pages[name].title)
    history.step_by_page()
    if locked:
        login.show()
        brand.show(None)
        session.keep_request(name)
        return
    # shown is whatever the page does not show itself: a full disk, a storage that is gone
    with turns.taken_by_tab(name), messages.shown():
        server.watch_server()
        downloads.clean_now_and_then()
        server.warm_maps()
        session.start(pages)
        text = text_in_use(session.workspace())
        brand.show(None if text is None else text.name)
        session.show_news()
        tabs.follow()
        demo_bar.show()
        maps_ahead.begin(name)
        with presses.taken_by_page(), job_ends.noticed():
            pages[name].run()


if __name__ == "__main__":
    main()
