"""What a reader sees of a wiki's page, and of the pages in an export of MediaWiki."""

import re
from html import unescape

from core.text.reading.formats.spans import leave_out

_LINK = re.compile(r"\[\[(?:[^\[\]|\n]{0,300}\|)?([^\[\]|\n]{0,300})\]\]")
_FILE = re.compile(
    r"\[\[\s*:?\s*(?:File|Image|Category|Datei|Bild|Kategorie|Fichier|Catégorie|Archivo|Categoría|Файл|Категория|Plik|"
    r"Kategoria|Ficheiro|Categoria|Immagine|Bestand|Categorie)\s*:(?:[^\[\]]|\[\[[^\[\]]{0,300}\]\]){0,2000}\]\]",
    re.IGNORECASE,
)
_OTHER_LANGUAGE = re.compile(r"^\[\[[a-z]{2,3}(?:-[a-z]{2,20})?:[^\[\]|\n]{1,300}\]\][ \t]*$", re.MULTILINE)
_INNERMOST = re.compile(r"\{\{[^{}]{0,20000}\}\}")
_MOST_NESTED = 12
_TABLE_MARK = re.compile(
    r"^[ \t]*+(?:\{\||\|\}|\|-|\|\+)[^\n]*$|^[ \t]*+[|!](?:[^|\n\[\]]{0,200}=[^|\n]{0,200}\|(?!\|))?", re.MULTILINE
)
_SINGLE_REFERENCE = re.compile(r"<ref\b[^<>]{0,300}/>", re.IGNORECASE)
_DROPPED = re.compile(r"<(ref|math|gallery|timeline|source|syntaxhighlight|score)\b[^<>]{0,300}>|<(!--)", re.IGNORECASE)
_MARKUP = re.compile(r"\[\[|\{\{|^==.+==\s*$|'''|<ref\b", re.MULTILINE)
_SAMPLE = 65_536


def is_wiki(text: str) -> bool:
    """Whether `text` is written in the markup of MediaWiki: with links, and headings, templates or bold letters."""
    start = text[:_SAMPLE]
    links = len(_LINK.findall(start))
    others = len(_MARKUP.findall(start)) - start.count("[[")
    return links > 0 and others > 1 and links + others > max(3, len(start.split()) // 150)


def is_export(markup: str) -> bool:
    """Whether an XML text is an export of MediaWiki."""
    return re.match(r"\s*(?:<\?xml[^>]{0,200}\?>\s*)?<mediawiki\b", markup) is not None


def text_of_wiki(text: str) -> str:
    """Words of a page: without templates, references, pictures, categories and the addresses of links."""
    text = _SINGLE_REFERENCE.sub("", text)
    text = leave_out(text, _DROPPED, lambda found: "-->" if found[2] else rf"</{found[1].lower()}\s{{0,9}}>")
    for _ in range(_MOST_NESTED):
        text, changed = _INNERMOST.subn("", text)
        if not changed:
            break
    text = _OTHER_LANGUAGE.sub("", _FILE.sub("", text))
    text = _TABLE_MARK.sub("", text).replace("||", "\n").replace("!!", "\n")
    text = _LINK.sub(r"\1", text)
    text = re.sub(r"\[(?:https?:|ftp:)?//[^\s\[\]]+\s*([^\[\]\n]{0,500})\]", r"\1", text)
    text = re.sub(r"'{2,5}|__[A-Z]{3,30}__|~{3,5}", "", text)
    text = re.sub(r"^={1,6}([^=\n].*?)={1,6}[ \t]*$", r"\n\1\n", text, flags=re.MULTILINE)
    text = re.sub(r"^[*#:;]+[ \t]*", "", text, flags=re.MULTILINE)
    text = re.sub(r"^----+[ \t]*$", "", text, flags=re.MULTILINE)
    text = re.sub(r"<br\s*/?>", "\n", text, flags=re.IGNORECASE)
    text = unescape(re.sub(r"</?[a-zA-Z][^<>\n]{0,300}>", "", text))
    return re.sub(r"\n{3,}", "\n\n", text).strip()
