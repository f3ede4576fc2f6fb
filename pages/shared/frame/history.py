"""The browser's history: one step for each page."""

import streamlit as st

_SCRIPT = """
if (!history.isByPage) {
  history.isByPage = true;
  const push = history.pushState.bind(history);
  const readToken = (address) => new URL(address, location.href).searchParams.get("w");
  let token = readToken(location.href);
  history.pushState = (state, title, address) => {
    const there = new URL(address ?? location.href, location.href);
    token = readToken(there) || token;
    const step = there.pathname === location.pathname ? history.replaceState.bind(history) : push;
    step(state, title, there);
  };
  addEventListener("popstate", (event) => {
    if (!token || readToken(location.href)) return;
    event.stopImmediatePropagation();
    const here = new URL(location.href);
    here.searchParams.set("w", token);
    history.replaceState(null, "", here);
    history.back();
  }, true);
}
"""


def step_by_page() -> None:
    """Let Back and Forward go from page to page.

    Streamlit makes a step of every change of the address. A page's address gets its token, and later what its maps
    show, while the page is there already: a step that led nowhere. One made before this ran is passed over.
    """
    st.html(f"<script>{_SCRIPT}</script>", unsafe_allow_javascript=True)
