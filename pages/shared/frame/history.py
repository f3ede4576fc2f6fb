"""The browser's history: one step for each page."""

import streamlit as st

_SCRIPT = """
if (!history.isByPage) {
  history.isByPage = true;
  const push = history.pushState.bind(history), replace = history.replaceState.bind(history);
  const readToken = (address) => new URL(address, location.href).searchParams.get("w");
  const known = (state) => ({ ...state, isKnown: true });
  let token = readToken(location.href);
  history.replaceState = (state, title, address) => replace(known(state), title, address);
  history.pushState = (state, title, address) => {
    const there = new URL(address ?? location.href, location.href);
    token = readToken(there) || token;
    (there.pathname === location.pathname ? replace : push)(known(state), title, there);
  };
  replace(known(history.state), "");
  addEventListener("popstate", (event) => {
    if (event.state?.isKnown || location.hash) return;
    event.stopImmediatePropagation();
    const here = new URL(location.href);
    if (token) here.searchParams.set("w", token);
    replace(known(null), "", here);
    history.back();
  }, true);
}
"""


def step_by_page() -> None:
    """Let Back and Forward go from page to page.

    Streamlit makes a step of every change of the address. A page's address gets its token, and later what its maps
    show, while the page is there already: a step that led nowhere. What was made before this ran, which a slow
    browser does late, is not known to it and passed over.
    """
    st.html(f"<script>{_SCRIPT}</script>", unsafe_allow_javascript=True)
