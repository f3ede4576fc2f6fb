"""Whether a page can be used by everybody, as far as a program can tell: axe-core, and the names that controls have."""

import os
import re
import warnings

import pytest
from browser.driver import ROOT

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
EXCEPTIONS: dict[str, tuple[str, str]] = {}
"""Findings in Streamlit's own elements that nothing of ours mends: of a rule, a selector of the elements, and why."""
CONTRAST = ["color-contrast", "link-in-text-block"]
"""Rules whose answer is another one where the same page is dark."""
RUN = """async rules => {
  const { violations } = await axe.run(document, { resultTypes: ['violations'], runOnly: rules });
  return violations.flatMap(({ id, impact, nodes }) => nodes.map(node => ({
    id, impact, html: node.html.slice(0, 300), target: node.target.flat().join(' '),
    why: [...node.any, ...node.all, ...node.none].map(check => check.message).join('; '),
  })));
}"""
_NAMED = re.compile(r'^\s*- [a-z]+ "((?:[^"\\]|\\.)*)"', re.MULTILINE)
_ODD = re.compile(r"\*\*|:material/|\b[a-z]+(_[a-z]+)* icon\b|^(\w.+) \2$|^$")


def require_axe():
    """A loud skip without axe-core; a failure where VECTUNE_JS_TESTS=required."""
    if AXE.exists():
        return
    message = "NO AXE-CORE FOUND: whether everybody can use the pages is not tested. Run make axe."
    if os.environ.get("VECTUNE_JS_TESTS") == "required":
        pytest.fail(message)
    warnings.warn(message, stacklevel=2)
    pytest.skip(message)


def findings(page, rules=RULES):
    """What axe-core finds on the page as it is now by these rules, a line each, but for the exceptions."""
    page.add_script_tag(path=AXE)
    found = page.evaluate(RUN, rules)
    lines = []
    for each in found:
        selector = EXCEPTIONS.get(each["id"], ("", ""))[0]
        if selector and page.evaluate(
            "([target, selector]) => document.querySelector(target)?.matches(selector)", [each["target"], selector]
        ):
            continue
        lines.append(f"{each['impact']} {each['id']}: {each['html']} ({each['why']})")
    return lines


def odd_names(page):
    """Names of controls and headings with markup, with the name of an icon, said twice, or empty."""
    return [name for name in _NAMED.findall(page.locator("body").aria_snapshot()) if _ODD.search(name)]


def wider_than_window(page):
    """By how many pixels the page itself, not a table in it, has to be scrolled sideways."""
    return page.evaluate(
        "(() => { const main = document.querySelector('.stMain'), root = document.documentElement;"
        "return Math.max(main.scrollWidth - main.clientWidth, root.scrollWidth - root.clientWidth); })()"
    )


def focused(page):
    """What has the focus: its element's name and what it says."""
    return page.evaluate(
        "(() => { const at = document.activeElement;"
        "return [at.tagName, (at.getAttribute('aria-label') || at.innerText || '').trim().split(/\\n/).at(-1)]; })()"
    )
