"""Mail, subtitles, LaTeX, wikis, pages and XML: what a reader sees is the text."""

import email.message
import email.policy
import mailbox
from html import escape

import pytest

from core.errors import CorpusError
from core.text.reading.documents import Reading, ReadOptions, read_documents
from core.text.reading.uploads import Upload

BODY = "Лекарят прегледа болния през зимата.\nThe teacher played the violin at school."


def read(name: str, data: bytes | str, **options) -> Reading:
    return read_documents([Upload(name, data.encode() if isinstance(data, str) else data)], ReadOptions(**options))


def words(name: str, data: bytes | str, **options) -> str:
    return " ".join(" ".join(document.text for document in read(name, data, **options).documents).split())


def notes(reading: Reading) -> str:
    return " ".join(problem.sentence for problem in reading.problems)


# Mail


def letter(text=BODY, html=None, charset="utf-8", encoding="base64", attachments=()) -> email.message.EmailMessage:
    message = email.message.EmailMessage(policy=email.policy.default)
    message["Subject"], message["From"], message["To"] = "Зима и winter", "Doctor <doctor@example.org>", "a@b.org"
    message["Date"], message["Received"] = "Mon, 03 May 2021 10:00:00 +0200", "from x by y"
    if text is not None:
        message.set_content(text, charset=charset, cte=encoding)
    if html is not None and text is None:
        message.set_content(html, subtype="html", charset=charset, cte=encoding)
    elif html is not None:
        message.add_alternative(html, subtype="html", charset=charset)
    for name in attachments:
        message.add_attachment(b"%PDF-1.4", maintype="application", subtype="pdf", filename=name)
    return message


@pytest.mark.parametrize("name", ["a.eml", "a.txt"])
@pytest.mark.parametrize(
    ("charset", "encoding"), [("utf-8", "base64"), ("koi8-r", "quoted-printable"), ("utf-8", "8bit")]
)
def test_a_letter_is_its_body_decoded(name, charset, encoding):
    message = letter(charset=charset, encoding=encoding, attachments=["Отчёт.pdf", "b.pdf"])
    reading = read(name, bytes(message))
    assert words(name, bytes(message)) == " ".join(BODY.split())
    assert "2 attachments left out (Отчёт.pdf, b.pdf)" in notes(reading)


def test_of_alternatives_the_plain_one_is_read_else_the_page():
    page = "<html><head><style>p {}</style></head><body><p>The&nbsp;page.</p><p>More.</p></body></html>"
    assert words("a.eml", bytes(letter("The text.", page))) == "The text."
    assert words("a.eml", bytes(letter(None, page))) == "The page. More."
    assert words("a.eml", bytes(letter(" \n", page))) == "The page. More."


def test_a_letter_within_a_letter_and_flowed_lines_are_read():
    outer = letter("Below is the letter.")
    outer.add_attachment(letter("The inner letter."))
    assert words("a.eml", bytes(outer)) == "Below is the letter. The inner letter."
    flowed = b"From: a@b.org\nSubject: x\nDate: now\nContent-Type: text/plain; format=flowed; delsp=yes\n\n"
    flowed += b"The govern \nment met.\n-- \nAnn\n"
    assert words("a.eml", flowed) == "The government met. -- Ann"


def test_a_mailbox_has_a_document_for_each_letter_and_its_headers_as_columns(tmp_path):
    box = mailbox.mbox(tmp_path / "box")
    for number in range(3):
        box.add(letter(f"Letter {number} begins.\n\nFrom here on it goes.\n"))
    box.flush()
    reading = read("a.mbox", (tmp_path / "box").read_bytes())
    assert [" ".join(document.text.split()) for document in reading.documents] == [
        f"Letter {number} begins. From here on it goes." for number in range(3)
    ]
    table = reading.tables["a.mbox"]
    assert table.columns == ("text", "subject", "from", "to", "date")
    assert table.rows[0][1:3] == ("Зима и winter", "Doctor <doctor@example.org>")


@pytest.mark.parametrize(
    "text",
    [
        "From: the doctor\nTo: the patient\n\nWords follow.\n",
        "Note: this is no letter.\nDate: none.\n\nAll words stay.\n",
    ],
)
def test_a_text_with_colons_is_no_letter(text):
    assert words("a.txt", text) == " ".join(text.split())


# Subtitles

SAID = "The doctor saw the patient in winter. A boat passed. Money!"
SUBTITLES = {
    "a.srt": "1\n00:00:00,000 --> 00:00:01,500\n<i>The doctor saw the</i>\n\n2\n00:00:01,000 --> 00:00:02,500\n"
    '<font color="red">patient</font>\nin winter.\n\n3\n00:00:03,000 --> 00:00:04,000\n{\\an8}A boat passed.\n\n4\n'
    "00:00:05,000 --> 00:00:06,000\nMoney!\n",
    "b.srt": "00:00:00,000 --> 00:00:01,500\r\nThe doctor saw the patient\r\nin winter.\r\n\r\n00:00:02,000 --> "
    "00:00:03,000\r\nA boat passed.\r\n\r\n00:00:04,000 --> 00:00:05,000\r\nMoney!\r\n",
    "c.vtt": "WEBVTT - Title\nKind: captions\n\nNOTE a remark\nover two lines\n\nSTYLE\n::cue { color: red }\n\nintro\n"
    "00:00.000 --> 00:02.000 line:0 position:20%\n<v Roger>The doctor saw the patient\n\n2\n00:02.000 --> 00:03.000\n"
    "<c.yellow>in winter.</c>\n\n00:04.000 --> 00:05.000\nA boat passed.\n\n00:06.000 --> 00:07.000\nMoney&#33;\n",
    "rolling.vtt": "WEBVTT\n\n00:00:00.000 --> 00:00:02.000\nThe doctor saw<00:00:01.000><c> the patient</c>\n\n"
    "00:00:02.000 --> 00:00:03.000\nThe doctor saw the patient\nin<00:00:02.500><c> winter.</c>\n\n"
    "00:00:03.000 --> 00:00:04.000\nin winter.\nA boat passed.\n\n"
    "00:00:04.000 --> 00:00:05.000\nA boat passed.\nMoney!\n",
    "d.sbv": "0:00:00.000,0:00:01.500\nThe doctor saw the patient\nin winter.\n\n"
    "0:00:02.000,0:00:03.000\nA boat passed.\n\n"
    "0:00:04.000,0:00:05.000\nMoney!\n",
    "e.ass": "[Script Info]\nTitle: x\n\n[Events]\n"
    "Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, "
    "Text\nDialogue: 0,0:00:00.00,0:00:01.00,Default,,0,0,0,,{\\i1}The doctor saw\\Nthe patient in winter.\n"
    "Dialogue: 0,0:00:02.00,0:00:03.00,Default,,0,0,0,,A boat passed.\n"
    "Comment: 0,0:00:02.00,0:00:03.00,Default,,0,0,0,,No\n"
    "Dialogue: 0,0:00:04.00,0:00:05.00,Default,,0,0,0,,Money!\n",
    "f.sub": "{0}{25}The doctor saw the patient|in winter.\n{30}{50}A boat passed.\n{60}{70}Money!\n",
    "g.lrc": "[00:00.00]The doctor saw the patient in winter.\n[00:02.00]A boat passed.\n[00:04.00]Money!\n",
}


HEAD_OF_ASS = """[Script Info]
; Script generated by Aegisub
Title: The boat
ScriptType: v4.00+
WrapStyle: 0

[Aegisub Project Garbage]
Last Style Storage: Default

[V4+ Styles]
Format: Name, Fontname
Style: Default,Arial

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
"""
SHORT = {
    "a.ass": HEAD_OF_ASS + "Dialogue: 0,0:00:00.00,0:00:01.00,Default,,0,0,0,,The doctor, he saw\\Nit.\n",
    "b.sub": "{0}{25}The doctor,|he saw\n{30}{50}{y:i}it.\n",
    "c.lrc": "[ti:The boat]\n[ar:Nobody]\n[length: 2:10]\n[00:00.00]The doctor, he saw\n[00:02.00]it.\n",
}


@pytest.mark.parametrize("name", SHORT)
def test_short_subtitles_are_known_by_what_stands_above_them(name):
    assert words(name, SHORT[name]) == "The doctor, he saw it."


def test_a_few_numbered_remarks_are_no_subtitles():
    text = "[1] The doctor saw.\n[2] A boat.\n{0} so\n"
    assert words("a.txt", text) == " ".join(text.split())


@pytest.mark.parametrize("name", SUBTITLES)
def test_subtitles_are_what_is_said(name):
    assert words(name, SUBTITLES[name]) == SAID
    assert words("a.txt", SUBTITLES[name]) == SAID
    assert "was read as subtitles" in notes(read(name, SUBTITLES[name]))


def test_a_sentence_over_two_cues_is_one():
    assert read("a.srt", SUBTITLES["a.srt"], unit="line").documents[0].text == "The doctor saw the patient in winter."


def test_an_interview_with_times_is_read_without_losing_a_word():
    text = "At 10:30 the doctor came.\nHe left at 11:15, and\n\nthe boat at 12:00.\n"
    assert words("a.txt", text) == " ".join(text.split())


# LaTeX

LATEX = r"""\documentclass[11pt]{article}
\usepackage[utf8]{inputenc} % a remark
\title{The Doctor}
\begin{document}
\maketitle
\section{In winter}\label{sec:one}
The \emph{doc\-tor} saw the \textbf{patient}~in winter~\cite{smith2020}, 50\,\% of them%
.
See Figure~\ref{fig:x} and caf\'e, Fran\c{c}ois, \"uber, stra\ss e, \o re, \v{c}esk\'y, \~n, \^{\i}le.

% a whole line
Let $x = y^2$ be, and \[ a^2 + b^2 = c^2 \] holds.\footnote{A note on boats.}
\begin{equation} E = mc^2 \end{equation}
\begin{itemize}
\item A boat --- ``stone bridge''.
\item More \href{http://example.org}{links} \textcolor{red}{red}.
\end{itemize}
\begin{figure}[ht]\includegraphics[width=3cm]{x.png}\caption{A violin.}\end{figure}
\bibliography{refs}
\end{document}
"""
SHOWN = (
    "The Doctor In winter The doctor saw the patient in winter , 50 % of them. See Figure and café, François, über, "
    "straße, "
    "øre, český, ñ, île. Let be, and holds. A note on boats. A boat — “stone bridge”. More links red. A violin."
)


@pytest.mark.parametrize("name", ["a.tex", "a.txt"])
def test_latex_is_read_without_commands_and_formulas(name):
    assert words(name, LATEX) == SHOWN
    assert "was read as LaTeX" in notes(read(name, LATEX))


def test_a_text_with_a_backslash_is_no_latex():
    assert (
        words("a.txt", "The path C:\\begin costs $5 and \\emph is rare.")
        == "The path C:\\begin costs $5 and \\emph is rare."
    )


# Wikis

WIKI = """{{Infobox river|name=Main|length={{convert|3|km}}}}
'''The Main''' is a [[river|stream]] in [[Germany]].<ref name="a">{{cite|title=No}}</ref><ref name="b"/>
<!-- hidden -->
== History ==
* A [http://example.org stone bridge] was built&nbsp;there.
# The ''doctor'' saw it.
[[File:Main.jpg|thumb|The [[river]] in winter]]
{| class="wikitable"
! Year !! Boats
|-
| 1900 || 12
|}
[[Category:Rivers]]
"""
WIKI_SHOWN = (
    "The Main is a stream in Germany. History A stone bridge was built there. The doctor saw it. Year Boats 1900 12"
)


def test_wiki_markup_is_read_as_its_page():
    assert words("a.wiki", WIKI) == WIKI_SHOWN
    assert words("a.txt", WIKI) == WIKI_SHOWN
    assert "wiki" in notes(read("a.txt", WIKI))


def test_an_export_of_a_wiki_is_its_pages():
    page = f"<page><title>The Main</title><revision><text bytes='9'>{escape(WIKI)}</text></revision></page>"
    away = "<page><title>Old</title><redirect title='x'/><revision><text>#REDIRECT [[x]]</text></revision></page>"
    export = f'<mediawiki xmlns="http://www.mediawiki.org/xml/export-0.10/"><siteinfo><base>b</base></siteinfo>{page}{away}</mediawiki>'
    assert words("a.xml", export) == f"The Main {WIKI_SHOWN}"
    talk = "<page><title>Talk:The Main</title><ns>1</ns><revision><text>A bridge.</text></revision></page>"
    code = "<page><title>Module:A</title><ns>828</ns><revision><text>local p = {}</text></revision></page>"
    reading = read("a.xml", export.replace("</mediawiki>", f"{talk}{code}</mediawiki>"), label_column="namespace")
    assert [(document.name, document.label) for document in reading.documents] == [
        ("a.xml, The Main", None),
        ("a.xml, Talk:The Main", "talk"),
    ]
    assert "2 pages of a wiki, without templates and references. 2 pages that are empty" in notes(reading)


def test_a_text_with_brackets_is_no_wiki():
    text = "He said [[sic]] that it was [so]. And == is equal; ''quoted''."
    assert words("a.txt", text) == text


# Pages and XML

XML_HEAD = '<?xml version="1.0" encoding="UTF-8"?>'
XMLS = {
    "CDATA": (
        "<c><d><![CDATA[The doctor & the <patient>.]]></d><d>A boat.</d></c>",
        "The doctor & the <patient>. A boat.",
    ),
    "CDATA in pieces": ("<c><![CDATA[a]]]]><![CDATA[>b]]> and <![CDATA[c]]></c>", "a]]>b and c"),
    "CDATA within text": ("<c>The <![CDATA[doc]]>tor</c>", "The doctor"),
    "an entity in CDATA": ("<c><![CDATA[AT&amp;T &eacute;]]></c>", "AT&T é"),
    "reserved names": (
        "<c><head>one</head><title>two</title><script>three</script><style>four</style><template>five</template>"
        "<math>six</math><object>seven</object><link>eight</link><meta>nine</meta><br>ten</br></c>",
        "one two three four five six seven eight nine ten",
    ),
    "marks within words": ("<c><p>The <hi>d</hi>octor saw <b>it</b>.</p></c>", "The doctor saw it."),
    "elements that are words": (
        "<c><s><w>The</w><w>doctor</w><pc>.</pc></s><s><w>A</w><w>boat</w></s></c>",
        "The doctor . A boat",
    ),
    "TEI line breaks": (
        "<TEI><p>The govern<lb break='no'/>ment met<lb/>in win-<lb break='no'/>\nter.</p></TEI>",
        "The government met in winter.",
    ),
    "TEI pages": (
        "<TEI><p>The river<pb n='2'/>froze. <note>Very cold.</note>Then more.</p></TEI>",
        "The river froze. Very cold. Then more.",
    ),
    "own entities": (
        '<!DOCTYPE c [<!ENTITY cafe "café">]><c>The &cafe; &amp; &eacute;tude&nbsp;here</c>',
        "The café & étude here",
    ),
    "attributes and comments": ("<c a='no'><!-- no --><?no no?>The <d b='no'>doctor</d></c>", "The doctor"),
    "namespaces": ("<x:c xmlns:x='u'><x:script>one</x:script><x:w>two</x:w></x:c>", "one two"),
    "a feed": (
        "<rss><item><title>News</title>"
        "<description>&lt;p&gt;The &lt;b&gt;doctor&lt;/b&gt;.&lt;/p&gt;</description></item></rss>",
        "News The doctor.",
    ),
}


@pytest.mark.parametrize("kind", XMLS)
def test_all_text_of_xml_is_read(kind):
    written, shown = XMLS[kind]
    assert words("a.xml", XML_HEAD + written) == shown
    assert words("a.xml", written) == shown


def test_xhtml_is_a_page_and_keeps_its_rules():
    page = (
        f'{XML_HEAD}<html xmlns="http://www.w3.org/1999/xhtml"><head><title>no</title><style>no</style></head><body>'
        "<p>The d<b>o</b>ctor</p><script>//<![CDATA[\nno\n//]]></script><p><![CDATA[A < boat]]></p></body></html>"
    )
    assert words("a.xml", page) == "The doctor A < boat"
    assert words("a.xhtml", page) == "The doctor A < boat"


def test_cdata_in_a_page_that_is_no_xhtml_is_read_too():
    page = (
        "<html><body><p>The <![CDATA[<b>doctor</b> & the patient]]>.</p><!-- <![CDATA[ no --> <p>A boat.</p>"
        "<script><!--//--><![CDATA[//><!--\nno();\n//--><!]]></script><p>The end</p></body></html>"
    )
    assert words("a.html", page) == "The doctor & the patient. A boat. The end"


def test_readings_above_characters_are_no_text_of_a_page():
    page = "<html><body><p><ruby>東京<rp>(</rp><rt>とうきょう</rt><rp>)</rp></ruby>へ</p></body></html>"
    assert words("a.html", page) == "東京へ"


# Lines that divide words

OCR = """The govern-
ment of the dis-
trict built a bridge. The com-
mittee of the market met in win-
ter. The well-
known doctor saw the pa-
tient at the school.
"""
WHOLE = (
    "The government of the district built a bridge. The committee of the market met in winter. The well-known doctor "
    "saw the patient at the school."
)


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
@pytest.mark.parametrize("hyphen", ["-", "\u2010", "\u00ad", "\u00ac"])
def test_lines_of_a_scan_are_put_together(ends, hyphen):
    text = (OCR * 6).replace("well-", "(-)").replace("-\n", f"{hyphen}\n").replace("(-)", "well-").replace("\n", ends)
    reading = read("a.txt", text)
    said = " ".join(" ".join(document.text for document in reading.documents).split())
    assert said == " ".join([WHOLE] * 6)
    assert len(reading.documents) == 1
    assert "divided at line ends" in notes(reading)


@pytest.mark.parametrize(
    "text",
    [
        "- one thing\n- another\n- and so on\n",
        "Eggs -\nmilk -\nbread\n",
        "1990-\n1995 was warm\n",
        "a vor-\nund nach\n",
        "The river—\nthe boat\n",
        "Jean-\nPaul came\n",
        "a | b-\n| c\n",
    ],
)
def test_other_hyphens_stay(text):
    assert words("a.txt", text) == " ".join(text.split())


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        (
            "Der Kaffee-\nersatz war gut, der Kaffee und ein ersatz.\n",
            "Der Kaffeeersatz war gut, der Kaffee und ein ersatz.",
        ),
        ("An e-\nmail and an x-\nray.\n", "An e-mail and an x-ray."),
        ("It is state-of-the-\nart, a non-govern-\nmental one.\n", "It is state-of-the-art, a non-governmental one."),
        ("A mother-in-\nlaw came.\n", "A mother-in-law came."),
        ("Allez-\nvous au mar-\nché?\n", "Allez-vous au marché?"),
        ("a water and a mill and a water-\nmill.\n", "a water and a mill and a water-mill."),
    ],
)
def test_which_hyphens_belong_to_a_word(text, whole):
    assert words("a.txt", text) == whole


def test_files_are_left_as_they_are_where_that_is_chosen():
    assert words("a.txt", OCR, as_is=True) == " ".join(OCR.split())
    assert "-->" in words("a.srt", SUBTITLES["a.srt"], as_is=True)
    assert "\\section" in words("a.tex", LATEX, as_is=True)
    assert "Subject:" in words("a.eml", bytes(letter()), as_is=True)


# What stands around a text


def test_what_programs_put_around_a_letter_is_no_part_of_it():
    body = (
        "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nSee below.\n\n"
        "---------- Forwarded message ---------\nFrom: A <a@b.org>\nDate: Mon\nSubject: news\n\nThe river runs.\n"
        "> quoted before\nbegin 644 a.txt\n#0V%T\n`\nend\n"
        "-----BEGIN PGP SIGNATURE-----\n\niQEzBAEBCAAd\n-----END PGP SIGNATURE-----\n"
    )
    data = letter(body, encoding="8bit").as_bytes()
    assert words("a.eml", data) == "See below. The river runs. > quoted before"
    assert "1 line is quoted from other letters" in notes(read("a.eml", data))
    assert words("a.emlx", b"%d\n%s<?xml version='1.0'?>\n<plist><dict/></plist>\n" % (len(data), data)).endswith(
        "before"
    )


MARKDOWN = """---
title: "My page"
tags: [river, boat]
---

# The river

See *the* [bridge](http://x.org/b "t") and [it][1].[^1] ![pic](a.png) <https://x.org>

```python
print("hello")
```

{{< figure src="x.png" >}}
<!-- hidden -->
- [x] done

| one | two |
|-----|-----|

[1]: http://x.org/y
[^1]: A note.
"""


def test_of_markdown_front_matter_addresses_and_code_are_left_out():
    said = "# The river See *the* bridge and it. - done | one | two | A note."
    assert words("a.md", MARKDOWN, unit="file") == said
    assert words("a.txt", MARKDOWN, unit="file") == said
    assert "read as Markdown" in notes(read("a.md", MARKDOWN))
    assert "print" in words("a.md", MARKDOWN, as_is=True)
    assert words("a.md", "+++\ntitle = 'x'\n+++\nA boat.") == "A boat."


@pytest.mark.parametrize("text", ["---\n\nNot a field, but a sentence.\n\n---\nThe end.", "Plain words.\n---\nmore"])
def test_lines_of_dashes_alone_are_no_front_matter(text):
    assert words("a.md", text) == " ".join(text.split())
    assert "Markdown" not in notes(read("a.md", text))


SAMI = """<SAMI><HEAD><TITLE>x</TITLE><STYLE><!-- P {} --></STYLE></HEAD><BODY>
<SYNC Start=1000><P Class=ENCC>The doctor saw<br>the patient.
<SYNC Start=2000><P Class=ENCC>&nbsp;
<SYNC Start=3000><P Class=ENCC>Snow fell.
</BODY></SAMI>"""
TTML = """<?xml version="1.0"?><tt xmlns="http://www.w3.org/ns/ttml"><head><metadata><title>T</title></metadata></head>
<body><div><p begin="0s" end="1s">The doctor saw<br/>the pa<span>tient</span>.</p><p begin="1s">Snow fell.</p></div>
</body></tt>"""


@pytest.mark.parametrize(("name", "data"), [("a.smi", SAMI), ("a.ttml", TTML), ("a.xml", TTML)])
def test_subtitles_in_elements_are_what_is_said(name, data):
    assert words(name, data) == "The doctor saw the patient. Snow fell."


def test_words_that_the_lines_of_a_cue_divide_are_joined():
    times = ("00:00:01,000 --> 00:00:02,000", "00:00:03,000 --> 00:00:04,000")
    said = ("The doctor saw the pa-\ntient in the well-\nknown town.", "- Snow fell.\n- So it did.")
    data = "".join(f"{n}\n{time}\n{text}\n\n" for n, (time, text) in enumerate(zip(times, said, strict=True), 1))
    assert words("a.srt", data) == "The doctor saw the patient in the well-known town. - Snow fell. - So it did."


def test_drawings_in_subtitles_are_not_said():
    line = "Dialogue: 0,0:00:01.00,0:00:02.00,Default,,0,0,0,,"
    data = f"[Events]\n{line}The boat.\n{line}{{\\p1}}m 0 0 l 9 9{{\\p0}}\n{line}{{\\i1}}It passed.\n{line}On.\n"
    assert words("a.ass", data) == "The boat. It passed. On."


def test_line_ends_of_latex_are_blanks_and_headings_end():
    data = (
        "\\documentclass{a}\n\\begin{document}\n\\section{On rivers}\\label{x}\nThe river\nruns.\n"
        "<<echo=F>>=\nx <- 1\n@\n\nA boat.\\\\ Two.\n\\end{document}"
    )
    texts = [document.text for document in read("a.tex", data, unit="line").documents]
    assert texts == ["On rivers", "The river runs.", "A boat.", "Two."]


TEI = """<?xml version="1.0"?><TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader><title>Header</title></teiHeader>
<text><body><p>The <choice><sic>rivver</sic><corr>river</corr></choice> <del>ran</del><add>runs</add>.</p>
<fw>HEAD</fw></body></text></TEI>"""


def test_of_tei_the_edited_text_is_read():
    assert words("a.xml", TEI) == "The river runs."
    assert "its header" in notes(read("a.xml", TEI))
    assert "Header" in words("a.xml", TEI, as_is=True)
    assert words("a.xml", "<c><del>All</del> <fw>words</fw> <sic>count</sic>.</c>") == "All words count ."


def test_of_feeds_addresses_and_dates_are_left_out():
    item = (
        "<item><title>One</title><link>http://x.org</link><pubDate>Mon</pubDate><description>Two.</description></item>"
    )
    assert words("a.rss", f'<rss version="2.0"><channel>{item}<guid>9</guid></channel></rss>') == "One Two."


def test_elements_of_a_page_that_are_not_shown_are_no_text():
    page = (
        "<p hidden>no</p><p style='color:red; display : none'>no <b>no</b></p><img hidden><p>A boat<sup>[1]</sup>.</p>"
    )
    assert (
        words("a.html", f"<html><body>{page}<p>1<sup>st</sup> m<sup>2</sup></p></body></html>") == "A boat [1]. 1st m 2"
    )


def test_of_project_gutenberg_the_book_is_read():
    begun, ended = (f"*** {each} OF THE PROJECT GUTENBERG EBOOK X ***" for each in ("START", "END"))
    book = f"The Project Gutenberg eBook of X\n\n{begun}\n\nThe river.\n\n{ended}\nLicence."
    assert words("a.txt", book) == "The river."
    assert "Project Gutenberg (" in notes(read("a.txt", book))
    assert "Licence" in words("a.txt", book, as_is=True)
    assert words("a.txt", "A boat. Project Gutenberg is a library.") == "A boat. Project Gutenberg is a library."


CONLL = """# newdoc id = a
# text = The doctors don't run.
1\tThe\tthe\tDET\tDT\t_\t2\tdet\t_\t_
2\tdoctors\tdoctor\tNOUN\tNNS\t_\t4\tnsubj\t_\t_
3-4\tdon't\t_\t_\t_\t_\t_\t_\t_\t_
3\tdo\tdo\tAUX\tVB\t_\t5\taux\t_\t_
4\tn't\tnot\tPART\tRB\t_\t5\tadv\t_\t_
5\trun\trun\tVERB\tVB\t_\t0\troot\t_\tSpaceAfter=No
6\t.\t.\tPUNCT\t.\t_\t5\tpunct\t_\t_
"""
VERTICAL = """<text id="1">
<s>
The\tDT\tthe
doctors\tNNS\tdoctor
run\tVBP\trun
<g/>
.\t.\t.
</s>
<s>
Snow\tNN\tsnow
</s>
</text>
"""


def test_of_corpora_with_a_word_on_each_line_the_words_are_read():
    assert words("a.conllu", CONLL) == "The doctors don't run."
    bare = "".join(line for line in CONLL.splitlines(keepends=True) if not line.startswith("#"))
    assert words("a.txt", bare) == "The doctors don't run ."
    assert [document.text for document in read("a.vrt", VERTICAL, unit="line").documents] == [
        "The doctors run .",
        "Snow",
    ]
    assert "says something of each word" in notes(read("a.vrt", VERTICAL))
    assert "NNS" in words("a.conllu", CONLL, as_is=True)


@pytest.mark.parametrize("sign", ["/", "_"])
def test_tags_behind_words_are_no_part_of_them(sign):
    tagged = "The/at doctor/nn-tl says/vbz and/or/cc ./.\n".replace("/", sign).replace(f"and{sign}or", "and/or") * 9
    assert words("a.txt", tagged) == " ".join(["The doctor says and/or ."] * 9)
    assert "vbz" in words("a.txt", tagged, as_is=True)
    paths = "usr/bin and/or some/thing else/where that is a text of words like these, and more of them. " * 9
    assert words("a.txt", paths) == paths.strip()


def test_of_trees_the_words_are_read():
    tree = "( (S (NP-SBJ (DT The) (NN doctor)) (VP (VBZ says)\n  (NP (-NONE- *T*-1)) (-LRB- -LRB-) (NN it)) (. .) ))\n"
    assert words("a.mrg", tree * 400) == " ".join(["The doctor says ( it ."] * 400)
    assert words("a.txt", "(The doctor (NN) says it.)\n" * 4) == " ".join(["(The doctor (NN) says it.)"] * 4)


# Org mode and reStructuredText

ORG = """#+title: On rivers
#+options: toc:nil
* TODO [#A] The river :water:boat:
SCHEDULED: <2024-05-03 Fri>
:PROPERTIES:
:ID: 4711
:END:
See *the* [[http://x.org/b][old bridge]] and /it/.[fn:1] [[file:a.png]]
# a remark
#+BEGIN_SRC python
print("hello")
#+END_SRC
#+begin_quote
Winter is here, 1/2 of it.
#+end_quote
- [X] done
| one | two |
|-----+-----|
[fn:1] A note.
"""
RST = """=========
The river
=========

.. image:: a.png
   :alt: a picture

.. _target:

See **the** `old bridge <http://x.org/b>`_ and :ref:`it <there>` in ``winter`` [1]_.

.. note:: Mind
   the boat.

.. a remark
   over two lines

Like this::

    print("hello")

:Author: The doctor

.. code-block:: python

   print("hello")

2 * 3 * 4 is more.

.. [1] A note.
"""


def test_of_org_mode_drawers_addresses_and_code_are_left_out():
    said = "On rivers The river See the old bridge and it. Winter is here, 1/2 of it. - done | one | two | A note."
    assert words("a.org", ORG, unit="file") == said
    assert "read as notes in Org mode" in notes(read("a.org", ORG))
    assert "print" in words("a.org", ORG, as_is=True)


def test_of_restructured_text_directives_addresses_and_code_are_left_out():
    said = (
        "The river See the old bridge and it in winter. Mind the boat. Like this: The doctor 2 * 3 * 4 is more. A note."
    )
    assert words("a.rst", RST, unit="file") == said
    assert "read as reStructuredText" in notes(read("a.rst", RST))
    assert "print" in words("a.rst", RST, as_is=True)


@pytest.mark.parametrize("name", ["a.org", "a.rst"])
def test_plain_words_in_such_a_file_stay(name):
    text = "The doctor saw the patient: at 10:30, and/or later.\n\nA boat [old] on the river."
    assert words(name, text) == " ".join(text.split())
    assert "read as" not in notes(read(name, text))


# Several documents in one file of XML, feeds and books

TREC = "<DOC>\n<DOCNO> AP-1 </DOCNO>\n<TEXT>\nA river & a boat.\n\nA bridge.\n</TEXT>\n</DOC>\n" * 2
WIKIPEDIA = (
    '<doc id="1" title="River">\nRiver\n\nA river.\n</doc>\n<doc id="2" title="Boat">\nBoat\n\nA boat.\n\n</doc>\n'
)
REUTERS = (
    '<!DOCTYPE lewis SYSTEM "lewis.dtd">\n<REUTERS TOPICS="YES" NEWID="7"><DATE>26-FEB-1987</DATE>'
    '<BODY>A &lt;river>.</BODY></REUTERS>\n<REUTERS NEWID="8"><BODY>A boat.</BODY></REUTERS>'
)


@pytest.mark.parametrize(
    ("name", "text", "documents"),
    [
        ("a.txt", TREC, {"AP-1": "A river a boat.\n\nA bridge."}),
        ("wiki_00", WIKIPEDIA, {"River": "River\n\nA river.", "Boat": "Boat\n\nA boat."}),
        ("reut.sgm", REUTERS, {"7": "A <river>.", "8": "A boat."}),
        ("a.xml", "<?xml version='1.0'?>\n<a><b>One.</b></a>\n<a>Two.", {"row 1": "One.", "row 2": "Two."}),
    ],
)
def test_of_elements_one_after_another_each_is_a_document(name, text, documents):
    reading = read(name, text)
    assert texts_by_key(reading) == documents
    assert len(reading.documents) == 2
    assert "2 documents one after another" in notes(reading)
    assert "oat" in words(name, text + "<a>boat</a>", as_is=True)  # what follows the first element is not lost


def test_of_a_blog_and_a_book_what_programs_keep_is_left_out():
    export = (
        "<?xml version='1.0'?><rss xmlns:wp='http://wordpress.org/export/1.2/'><channel><item><title>A river</title>"
    )
    assert words("a.xml", f"{export}<wp:post_name>post</wp:post_name></item></channel></rss>") == "A river"
    book = "<?xml version='1.0'?><FictionBook><description>prose</description><body><p>A boat.</p></body>"
    assert words("a.fb2", f"{book}<binary>/9j/4AAQ</binary></FictionBook>") == "A boat."
    assert "FictionBook" in notes(read("a.fb2", f"{book}</FictionBook>"))


# Marks of notes and pages, and what only some programs show


def test_marks_of_notes_are_no_part_of_the_word_before_them():
    page = (
        '<p>A boat<a epub:type="noteref" href="#n">1</a> on the<span role="doc-pagebreak">12</span>river'
        '<a role="doc-noteref" href="#n">[2]</a>.<video>no video</video></p>'
    )
    assert words("a.html", page) == "A boat 1 on the river [2]."
    marks = "<xref rid='b'>1</xref><sup><xref rid='b'>2</xref></sup>"
    article = f"<?xml version='1.0'?><article><p>A boat{marks} and <sup>i</sup>t</p></article>"
    assert words("a.xml", article) == "A boat 1 2 and it"


def test_of_markdown_tags_and_entities_are_those_of_html():
    text = '# The river\n\n<div align="center">A boat&nbsp;&amp; a <b>stone</b></div>\n\n'
    text += "The `<b>` tag, 2 < 3 > 1.<br>Press <kbd>A</kbd>"
    assert words("a.md", text) == "# The river A boat & a stone The `<b>` tag, 2 < 3 > 1. Press A"
    assert "<kbd>" in words("a.md", text, as_is=True)


def test_a_transcript_with_times_on_lines_of_their_own_is_subtitles():
    text = "0:01\nhello and welcome\n0:04\ntoday we\nspeak\n0:08\nof rivers.\n1:00:12\n[Music]\n"
    assert words("a.txt", text, unit="file") == "hello and welcome today we speak of rivers. [Music]"
    assert words("a.txt", "Trains leave at\n10:00\nand at\n11:00\n12:00\n13:00\n").endswith("13:00")


def test_heads_and_numbers_of_pages_parted_by_form_feeds_are_left_out():
    said = ["The doctor saw the pa-\ntient in", "went home in\n1912", "A boat, 1 of 2,\nthe end of"]
    heads = ["The author", "A RIVER"]
    pages = [
        f"{heads[n % 2]}  {n + 9}\n\n{page} {word}\n\n- {n + 9} -\n"
        for n, (page, word) in enumerate(zip(said * 3, "abdefghjk", strict=True))
    ]
    reading = read("a.txt", "\f".join(pages), unit="file")
    shown = "The doctor saw the patient in {} went home in 1912 {} A boat, 1 of 2, the end of {} "
    (document,) = reading.documents
    assert " ".join(document.text.split()) == (shown * 3).format(*"abdefghjk").strip()
    assert "18 running heads or page numbers on its 9 pages, left out (“The author 9”, “A RIVER 10”)" in notes(reading)
    assert "author" in words("a.txt", "\f".join(pages), as_is=True)
    verse = "\f".join(f"The sea, the sea\nLine {word}" for word in ("one", "two", "three"))
    assert words("a.txt", verse) == " ".join(verse.split())


# Lists in XML

PUBMED_XML = """<?xml version="1.0" ?>
<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st January 2024//EN" "https://x.org/pubmed.dtd">
<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID Version="1">7</PMID><Article><Journal><JournalIssue><PubDate>
<Year>2019</Year></PubDate></JournalIssue></Journal><ArticleTitle>A <i>river</i> &amp; more.</ArticleTitle><Abstract>
<AbstractText Label="AIM">A boat.</AbstractText><AbstractText>A bridge.</AbstractText></Abstract></Article>
</MedlineCitation><ReferenceList><PMID>9</PMID></ReferenceList></PubmedArticle></PubmedArticleSet>"""
POSTS = """<?xml version="1.0" encoding="utf-8"?>
<posts>
  <row Id="1" Body="&lt;p&gt;A &lt;b&gt;river&lt;/b&gt;.&lt;/p&gt;" Tags="&lt;a&gt;" />
  <row Id="2" Body='&lt;p&gt;A boat.&lt;/p&gt;' />
</posts>"""


def test_articles_of_pubmed_and_rows_of_attributes_are_documents():
    reading = read("a.xml", PUBMED_XML, label_column="year")
    assert texts_by_key(reading) == {"7": "A river & more.\n\nA boat. A bridge."}
    assert reading.documents[0].label == "2019"
    assert texts_by_key(read("Posts.xml", POSTS)) == {"row 1": "A river.", "row 2": "A boat."}
    assert "texts in the attributes of its elements (<row>)" in notes(read("Posts.xml", POSTS))
    assert words("a.xml", "<?xml version='1.0'?><a n='1'><b c='2'>A boat</b><b c='3'/></a>") == "A boat"
    assert words("a.xml", "<?xml version='1.0'?><a><b c='2'><![CDATA[A boat]]></b><b c='3'/></a>") == "A boat"


# Chats

IPHONE = """[12.03.24, 10:01:22] Alice B: Hello, how: are you?
\u200e[12.03.24, 10:02:02] Bob: \u200eimage omitted
[12.03.24, 10:02:40] Bob: Fine
and you? \u200e<This message was edited>
[13.03.24, 09:00:00] Alice B: A boat.
"""
ANDROID = """3/12/24, 10:01\u202fAM - Messages are encrypted from end to end.
3/12/24, 10:01\u202fAM - Alice B: Hello, how: are you?
3/12/24, 10:02\u202fAM - Bob: <Media omitted>
3/12/24, 10:02\u202fAM - Bob: Fine
and you?
13/03/2024, 10:02 - Alice B: A boat.
"""


@pytest.mark.parametrize("chat", [IPHONE, ANDROID])
def test_of_a_chat_each_message_is_a_document(chat):
    reading = read("chat.txt", chat.replace("\n", "\r\n"), label_column="from")
    assert [document.text for document in reading.documents] == ["Hello, how: are you?", "Fine\nand you?", "A boat."]
    assert [document.label for document in reading.documents] == ["Alice B", "Bob", "Alice B"]
    assert "3 messages of 2, without names and times" in notes(reading)
    assert read("chat.txt", chat, label_column="year").documents[2].label == "2024"
    assert "omitted" in words("chat.txt", chat, as_is=True)


def test_a_diary_is_no_chat():
    diary = "12.03.24, 10:00 at home.\n\nThe doctor saw him.\n\n13.03.24, 9:00 out.\n\nA boat: it was there.\n"
    assert len(read("a.txt", diary).documents) == 1


# Transcripts of speech

CHAT = """@UTF8
@Begin
@Participants:\tCHI Child, MOT Mother
*MOT:\tdo you want (th)at ball (.) &-um
\tnow [= today] ? \x15100_200\x15
%mor:\tmod|do pro|you
*CHI:\txxx choo@o <I want> [/] I want &=laughs it +...
*CHI:\txxx .
@End
"""
GRID = """File type = "ooTextFile"
Object class = "TextGrid"

item []:
    item [1]:
        class = "IntervalTier"
        name = "words"
        intervals [1]:
            xmin = 0
            text = "hello ""there"" you"
        intervals [2]:
            text = "again"
    item [2]:
        name = "phones"
        intervals [1]:
            text = "h"
"""


def test_of_transcripts_codes_and_times_are_left_out():
    reading = read("a.cha", CHAT, label_column="speaker")
    said = [(document.text, document.label) for document in reading.documents]
    assert said == [("do you want that ball um now?", "MOT"), ("choo I want I want it.", "CHI")]
    assert "2 utterances, without codes and times" in notes(reading)
    reading = read("a.TextGrid", GRID, label_column="tier")
    said = [(document.text, document.label) for document in reading.documents]
    assert said == [('hello "there" you again', "words"), ("h", "phones")]
    assert "xmin" in words("a.TextGrid", GRID, as_is=True)


# Rich Text

RTF = r"""{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0\fcharset0 Times;}{\f1\fcharset204 Arial;}{\f2\fcharset128 Mincho;}}
{\colortbl;\red0;}{\stylesheet{\s1 heading 1;}}{\*\generator Some;}{\info{\title Secret}}
{\header\pard Running head\par}
\viewkind4\uc1\pard\f0 Caf\'e9 \u8364? and \i it\i0 alic \ldblquote so\rdblquote.\par
\f1\'cf\'f0\'e8\'e2\'e5\'f2\f0  there \f2\'93\'fa\'96\'7b\f0 , \uc2\u26085\'93\'fa\uc1\u-10179?\u-8704?\par
{\field{\*\fldinst{HYPERLINK "http://x.org"}}{\fldrslt link}} after
{\footnote\pard\chftn  The foot.} it{\v hidden}{\deleted gone}.\par
\trowd\cellx100\intbl one\cell two\cell\row\pard{\listtext 1.\tab}item\~one soft\-hyphen well\_known \{x\}\
{\*\annotation{\*\atndate 123}Comment}{\pict\wmetafile8 0123456789abcdef}{\pict\bin3 }{x}
{\shp{\*\shpinst\shpleft0{\sp{\sn a}{\sv b}}{\shptxt A box\par}}{\shprslt{\*\do A box}}}}"""


def test_rich_text_is_read_as_a_word_processor_shows_it():
    said = "Café € and italic “so”. Привет there 日本, 日😀 link after it. one two item one softhyphen well-known {x}"
    said += " A box"
    reading = read("a.rtf", RTF)
    assert words("a.rtf", RTF, unit="file") == f"{said} The foot."
    assert "1 comment and 1 page header (“Running head”)" in notes(reading)
    assert words("a.rtf", RTF, unit="file", as_is=True) == f"{said} The foot. Comment Running head"
    assert words("a.txt", "{\\rtf1\\ansi One \\'e9\\'") == "One é"


# Bibliographies

BIB = r"""
% mine
@string{nat = "Nature"}
@preamble{"\newcommand{\x}{y}"}
@comment{jabref-meta: type;}
@article{goedel1931,
  title = "{\"U}ber {S\"atze} der " # {{\em Principia}},
  journal = NAT # { Letters}, year = 1931, file = {secret.pdf},
  abstract = {Stra{\ss}e caf\'e \& 50% of $5 and $10, a $\alpha$ in
    two lines.}
}
@Book(knuth, title = {The {TeX}book})
@misc{nothing, year = 2001}
@article{early, title = {The {river},
  abstract = {A boat.},
}
@article{late,
  title = {A bridge}},
  abstract = "Over it."
}
@misc{x, title={One}} @misc{y, title={Two}, date={2013-05}}
% @misc{old, title={Gone}}
@misc{x, title={Same}}
"""
BIB_TEXTS = {
    "goedel1931": "Über Sätze der Principia\n\nStraße café & 50% of $5 and $10, a in two lines.",
    "knuth": "The TeXbook",
    "early": "The river\n\nA boat.",
    "late": "A bridge\n\nOver it.",
    "x": "One",
    "y": "Two",
    "x (2)": "Same",
}
RIS = (
    "Provider: x\n\nTY  - JOUR\nID  - a1\nT1  - A river\nN2  - A boat\non it.\nKW  - wood\nKW  - sea\nPY  - 2001/05\n"
    "ER  - \n"
)
PUBMED = "\nPMID- 7\nOWN - NLM\nTI  - A river and\n      a boat.\nAB  - AIM: it.\n\nPMID- 8\nTI  - A bridge.\n"
ENDNOTE = "%0 Journal Article\n%T A river\n%F a1\n%X A boat\non it.\n%D 2001\n\n%0 Book\n%T A bridge\n"
WOS = "FN Clarivate\nVR 1.0\nPT J\nTI A river\n   and a boat\nAB It was.\nUT W:1\nER\n\nEF\n"


def texts_by_key(reading):
    return {document.name.partition(", ")[2]: document.text for document in reading.documents}


@pytest.mark.parametrize("name", ["a.bib", "a.BIB", "a.txt"])
def test_of_bibtex_each_entry_is_a_document_by_its_key(name):
    text = BIB if name != "a.txt" else BIB[BIB.index("@article") :].replace("NAT", '"Nature"')
    reading = read(name, text.replace("\n", "\r\n"))
    assert texts_by_key(reading) == BIB_TEXTS
    said = notes(reading)
    assert "(BibTeX): of 8 entries title, abstract" in said
    assert "1 entry without title or abstract left out" in said
    assert "2 entries of “" in said
    assert "(“early”, “late”)" in said
    (table,) = reading.tables.values()
    assert dict(zip(table.columns, table.rows[0], strict=True))["journal"] == "Nature Letters"
    assert read(name, text, label_column="year").documents[5].label == "2013"
    assert "secret" in words(name, text, as_is=True)


def test_bibliographies_of_other_programs_are_read_too():
    assert texts_by_key(read("a.ris", RIS)) == {"a1": "A river\n\nA boat on it.\n\nwood; sea"}
    assert texts_by_key(read("a.nbib", PUBMED)) == {"7": "A river and a boat.\n\nAIM: it.", "8": "A bridge."}
    assert texts_by_key(read("a.enw", ENDNOTE)) == {"a1": "A river\n\nA boat on it.", "row 2": "A bridge"}
    assert texts_by_key(read("savedrecs.txt", WOS)) == {"W:1": "A river and a boat\n\nIt was."}
    assert read("a.ris", RIS, label_column="year").documents[0].label == "2001"


def test_a_bibliography_without_titles_is_refused_and_what_is_none_is_plain():
    with pytest.raises(CorpusError, match="of 1 entry without title or abstract"):
        read("a.bib", "@misc{a, year = 2001}")
    assert words("a.bib", "The doctor wrote a@b{c.") == "The doctor wrote a@b{c."
    bomb = "@string{a = {" + "x" * 1000 + "}}\n" + "".join(f"@string{{a = a # a # {n}}}\n" for n in range(40))
    with pytest.raises(CorpusError, match="only forged ones do"):
        read("a.bib", bomb + "@misc{a, title = a}")
