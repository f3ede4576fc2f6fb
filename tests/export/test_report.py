"""The report asks the network for nothing and says everything; the map for a paper is valid SVG with real text."""

import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser

import numpy as np
import pytest
from browser.driver import ARGUMENTS, require_chromium
from made_models import WORDS, embedding_of
from made_scores import card

from core.comparison.candidates import Candidates
from core.comparison.movers import find_movers
from core.comparison.pair import compare
from core.config import default_config
from core.export.quotations import Quotation
from core.export.report import ReportedPair, write_report
from core.maps.figures import draw_pair
from core.maps.layout import LayoutSettings
from core.maps.page import maps_page
from core.maps.regions import DrawnNames
from core.maps.svg import Points, draw_paper_map, read_points
from core.models.description import Sources, TextSource, VectorsSource
from core.prose.colours import KIND_COLOURS
from core.score.bootstrap import Estimate
from core.text.quotes import Quote

SVG = "{http://www.w3.org/2000/svg}"
QUICK = LayoutSettings(method="pca")


@pytest.fixture(scope="module")
def pair():
    left, right = embedding_of("scratch", 0), embedding_of("tuned", 1)
    return ReportedPair(("From <scratch>", "Fine-tuned"), left, right, compare(left, right))


@pytest.fixture
def figures(pair):
    return draw_pair(pair.left, pair.right, pair.comparison, QUICK)


def test_the_report_says_how_everything_was_made(pair, figures):
    page = write_report(pair, figures, date="24 November 2026", pins=("word5",))
    for needed in (
        "From &lt;scratch&gt;", "textdigest", "vectordigest", "letters &lt;1912&gt;.txt", "tokeniser glove",
        "vectune 9.9", "word5</b> (pinned)", "Pennington", "McInnes", "Wortsman", "24 November 2026", "0.250",
        "min_count", "No scorecard was made",
    ):  # fmt: skip
        assert needed in page, needed
    assert "<script>alert(1)" not in page.split('<div class="report">')[1]
    assert page.rstrip().endswith("</html>")


def test_words_are_listed_by_change_above_noise_where_that_was_measured(pair, figures):
    n = len(WORDS)
    noise = np.random.default_rng(0).uniform(0.05, 0.1, (3, n)).astype(np.float32)
    change = noise[0].copy()
    change[[7, 11]] = 0.9, 1.2
    movers = find_movers(change, pair.right.counts, {"seed": noise})
    page = write_report(replace(pair, movers=movers), figures, pins=("word5",))
    words = page.split("<h2>Words that moved</h2>")[1].split("<h2>")[0]
    assert f"2 of {movers.judged.sum()} words" in words
    assert "another seed (3 comparisons)" in words
    assert re.findall(r"<b>(\w+)</b>", words) == ["word5", WORDS[11], WORDS[7]]
    row = words.split(f"<b>{WORDS[11]}</b>")[1].split("</tr>")[0]
    assert f">1.20</td><td class=n>{movers.floor[11]:.2f}</td><td class=n>{movers.above[11]:.1f}</td>" in row
    assert "a hint, not a finding" not in words


def test_the_report_has_the_scorecard_and_counts_what_was_held_out(pair, figures):
    page = write_report(pair, figures, card(documents=44))
    for needed in (
        "3,000 questions from 44 documents that were held out",
        "77.0 %",
        "75.0 to 82.0",
        "WordSim-353",
        "0.680",
    ):
        assert needed in page, needed
    one = write_report(pair, figures, card(documents=1, unit="blocks", positions=1))
    assert "1 question from 1 stretch of 200 words that were held out" in one
    assert "No scorecard was made" not in page


def test_the_words_of_a_report_are_explained_by_sentences_and_linked(pair, figures):
    quote = Quote("a <doc>", "Before the ", "Word5", " stood.")
    known = replace(pair, quotations={"word5": [Quotation((quote,), 17)], "word6": [Quotation((), 0)]})
    page = write_report(known, figures, pins=("word5", "absent"))
    row = WORDS.index("word5")
    assert f'<a href="#word-{row}">sentences</a>' in page
    assert f'<tr id="moved-{row}">' in page
    assert f'<h3 id="word-{row}">word5</h3>' in page
    assert f'<a href="#moved-{row}">' in page
    assert "<blockquote>Before the <b>Word5</b> stood. <small>(a &lt;doc&gt;)</small></blockquote>" in page
    assert "letters &lt;1912&gt;.txt, which has it 17 times:" in page
    anchors = set(re.findall(r'href="#([^"]+)"', page))
    assert anchors <= set(re.findall(r' id="([^"]+)"', page))
    assert "<h2>A word</h2>" not in write_report(pair, figures, pins=("word5",))


def test_words_that_the_file_lacks_are_apart_and_among_no_movers(pair, figures):
    n = len(WORDS)
    new = ~pair.left.covered
    noise = np.random.default_rng(0).uniform(0.05, 0.1, (3, n)).astype(np.float32)
    movers = find_movers(np.full(n, 0.9, np.float32), np.full(n, 100), {"seed": noise})
    quotations = {WORDS[6]: [Quotation((Quote("d", "It is ", WORDS[6], "."),), 3)]}
    candidates = Candidates(new, np.ones(n, bool))
    page = write_report(replace(pair, movers=movers, candidates=candidates, quotations=quotations), figures)
    moved, apart = (page.split(f"<h2>{title}</h2>")[1].split("<h2>")[0] for title in ("Words that moved", "New words"))
    lacking = {WORDS[row] for row in np.flatnonzero(new)}
    assert not lacking & set(re.findall(r"<b>(\w+)</b>", moved))
    assert f"{n - len(lacking)} of {n - len(lacking)} words" in moved
    assert f"{len(lacking)} words that the pretrained file lacks" in apart
    assert f"It is <b>{WORDS[6]}</b>." in apart


def test_only_settings_that_a_model_depends_on_are_listed_with_what_trained_it(pair, figures):
    plain = replace(pair.left, config=default_config("pretrained", vector_size=6))
    page = write_report(replace(pair, left=plain), figures)
    rows = dict(re.findall(r"<tr><td>([a-z_ ]+)</td><td>(.*?)</td></tr>", page))
    assert rows["epochs"].startswith("–</td><td>")
    assert rows["trained by"] == "nothing: it is not trained</td><td>gensim"
    assert rows["dose"] == "–</td><td>chosen on held-out text"
    assert not {"pull", "tau", "blend", "lockf"} & rows.keys()


def test_with_two_texts_every_count_says_whose_it_is(pair, figures):
    source = replace(pair.right.sources.corpus, name="essays.txt", digest="another")
    right = replace(pair.right, sources=replace(pair.right.sources, corpus=source))
    page = write_report(replace(pair, right=right, sentence="Three words differ."), figures)
    assert "<th>Count, left</th><th>Count, right</th>" in page
    assert "The same documents dealt out to two texts at random would move words too" in page
    assert "came nearer by\n0.05 or more." in page
    assert '<p class="lead">Three words differ.</p>' in page
    assert "No scorecard was made of these models. It is made of models of one text, and these are of two." in page
    assert "The text of “From &lt;scratch&gt;”, “letters &lt;1912&gt;.txt”," in page
    assert "The text of “Fine-tuned”, “essays.txt”," in page


def test_the_dose_curve_is_drawn_with_the_dose_that_was_kept(pair, figures):
    assert "How much of the change was kept" not in write_report(pair, figures)
    curve = {"dose": 0.25, "dose_curve": [[0.0, 0.7], [0.25, 0.75], [1.0, 0.72]], "dose_positions": 1234}
    page = write_report(replace(pair, right=replace(pair.right, details=curve)), figures)
    assert page.count("<polyline") == 1
    assert "<title>dose 0.250: 75.0 %</title>" in page
    assert "1,234 questions" in page


def test_the_headline_of_a_scorecard_leads_only_where_it_is_about_the_two(pair, figures):
    about = card(delta=Estimate(0.05, 0.04, 0.06))
    lead = re.escape('<p class="lead">')
    other = write_report(pair, figures, about)
    assert not re.search(f"{lead}Helped", other)
    assert "It was made without “From &lt;scratch&gt;” and “Fine-tuned”." in other
    own = write_report(replace(pair, names=("pretrained", "tuned")), figures, about)
    assert re.search(f"{lead}Helped", own)
    assert "It was made without" not in own


class Tags(HTMLParser):
    """The tags of a page with their attributes, and the text outside of its scripts."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.text = [], ""
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, tuple(name for name, _ in attributes)))

    def handle_data(self, data):
        if self.tags and self.tags[-1][0] not in ("script", "style"):
            self.text += data


def written_about(called):
    """A maps page, a report and one with a scorecard in which whatever a user may name is called `called`."""

    def make(strategy, seed):
        made = embedding_of(strategy, seed)
        words = (called, *(f"{called}{row}" for row in range(len(made.words) - 1)))
        sources = Sources(
            TextSource(called, called),
            VectorsSource(called, called, "glove"),
            {"vectune": called},
            seconds=1.0,
            covered=0,
            vocabulary=len(words),
        )
        return replace(made, name=called, words=words, sources=sources)

    left, right = make("scratch", 0), make("tuned", 1)
    pair = ReportedPair((called, called), left, right, compare(left, right))
    maps = draw_pair(left, right, pair.comparison, QUICK)
    usual = card()
    scores = replace(
        usual,
        models=tuple(replace(model, name=f"{called} {model.name}") for model in usual.models),
        **{role: f"{called} {getattr(usual, role)}" for role in ("chosen", "reference", "scratch")},
    )
    reports = (write_report(pair, maps, each, date=called, pins=(called,)) for each in (None, scores))
    return maps_page(pair.names, maps, called), *reports


def test_nothing_that_a_user_names_becomes_html():
    attack = """'"><img src=x onerror=alert(1)></title></style></script><script>alert(2)</script>{{7*7}}"""
    for harmless, attacked in zip(written_about("harmless"), written_about(attack), strict=True):
        assert Tags(attacked).tags == Tags(harmless).tags
        said, expected = (re.sub("[0-9a-f]{64}", "digest", Tags(page).text) for page in (attacked, harmless))
        assert said == expected.replace("harmless", attack)


def test_nothing_in_the_report_is_loaded_from_elsewhere(pair, figures):
    page = write_report(pair, figures)
    own = re.sub(r"<script.*?</script>", "", page, flags=re.S)
    assert not re.search(r"""(src|srcset|action|data)\s*=\s*["']?\s*(https?:)?//""", own)
    assert "<link" not in own
    assert "@import" not in own
    assert not re.search(r"<script[^>]+src=", page)
    assert "default-src 'none'" in unescape(page.split("<meta charset")[0])


@pytest.mark.browser
def test_the_report_opens_offline_with_maps_that_answer_the_mouse(pair, figures, tmp_path):
    from playwright.sync_api import sync_playwright

    path = tmp_path / "report.html"
    path.write_text(write_report(pair, figures), encoding="utf-8")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=require_chromium(), args=ARGUMENTS)
        page = browser.new_page(viewport={"width": 1200, "height": 900})
        page.set_default_timeout(60_000)
        asked, problems = [], []
        page.on("request", lambda request: asked.append(request.url))
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", lambda message: message.type == "error" and problems.append(message.text))
        page.goto(path.as_uri())
        for side in ("left", "right"):
            page.wait_for_function(
                "key => document.querySelector(`.st-key-${key} .js-plotly-plot`)?._fullData?.[0]?.x?.length > 0",
                arg=side,
            )
        page.wait_for_timeout(300)
        x, y = page.evaluate(
            """() => {
              const chart = document.querySelector('.st-key-left .js-plotly-plot');
              const layout = chart._fullLayout, trace = chart._fullData[0], row = trace.text.indexOf('word7');
              const box = chart.getBoundingClientRect();
              return [box.x + layout.xaxis._offset + layout.xaxis.d2p(trace.x[row]),
                      box.y + layout.yaxis._offset + layout.yaxis.d2p(trace.y[row])];
            }"""
        )
        page.mouse.move(x - 25, y - 25)
        page.mouse.move(x, y, steps=3)
        page.locator(".st-key-right .twin-tooltip").get_by_text("word7", exact=True).wait_for()
        browser.close()
    assert [url for url in asked if not url.startswith(("file:", "data:", "blob:"))] == []
    assert not problems, problems


def test_the_paper_map_is_svg_with_text_a_legend_and_the_chosen_labels(pair, figures):
    maps = [read_points(figure) for figure in figures]
    chosen = ("日本語", "a&b", "word7", "absent")
    drawing = draw_paper_map(pair.names, maps, chosen)
    root = ET.fromstring(drawing)
    assert root.get("width").endswith("mm")
    texts = [element.text for element in root.iter(f"{SVG}text")]
    for word in chosen[:3]:
        assert texts.count(word) == 4, word  # on both maps, each over a white copy of itself
    assert "absent" not in texts
    regions = {name for name in maps[0].names.names if name}
    assert {"From <scratch>", "Fine-tuned", "chosen word"} <= set(texts)
    assert len(regions & set(texts)) > 3
    circles = list(root.iter(f"{SVG}circle"))
    assert len(circles) == 2 * len(WORDS) + 2 * 3 + 1
    fills = {group.get("fill") for group in root.iter(f"{SVG}g")}
    assert len(fills & set(KIND_COLOURS)) == len(maps[0].names.names)
    for circle in circles:
        assert 0 <= float(circle.get("cx")) <= 511
    assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)", drawing)


def test_long_titles_of_a_paper_map_stay_above_their_own_map(figures):
    long = "From scratch (seed 2, min_count 2, a corpus of letters.csv, glove.6B.100d.txt)"
    root = ET.fromstring(draw_paper_map([long, "Short"], [read_points(figure) for figure in figures]))
    titles = [element for element in root.iter(f"{SVG}text") if element.get("font-weight") == "bold"]
    assert " ".join(sorted((each.text for each in titles[:-1]), key=long.index)) == long
    assert all(len(each.text) <= 48 for each in titles)
    top = float(root.get("viewBox").split()[1])
    assert all(float(each.get("y")) - 9 >= top for each in titles)


def test_a_region_whose_midst_is_beyond_the_edge_keeps_its_name():
    up = np.append(np.linspace(-3, -1, 14), np.linspace(1, 2, 6))
    names = DrawnNames(("pets, toys",), (np.arange(20),), np.zeros(20, bool))
    points = Points(
        tuple(f"w{row}" for row in range(20)),
        np.column_stack([np.zeros(20), up]),
        np.ones(20, int),
        np.ones(20, bool),
        ((-1.0, 1.0), (0.5, 3.0)),
        names,
    )
    texts = [element.text for element in ET.fromstring(draw_paper_map(["One"], [points])).iter(f"{SVG}text")]
    assert "pets, toys" in texts


def test_without_chosen_words_labels_do_not_hit_each_other(pair, figures):
    points = read_points(figures[0])
    root = ET.fromstring(draw_paper_map(["One"], [points]))
    labels = [
        (float(element.get("x")), float(element.get("y")), element.text)
        for element in root.iter(f"{SVG}text")
        if element.text in WORDS and element.get("stroke") is None
    ]
    assert len(labels) > 10
    for place, (x, y, word) in enumerate(labels):
        assert len(word) >= 5 or word == "日本語"  # of scripts without capitals a sign or two are a word
        for other_x, other_y, other in labels[:place]:
            apart = abs(y - other_y) >= 7.4 or x >= other_x + 4 * len(other) or other_x >= x + 4 * len(word)
            assert apart, (word, other)
