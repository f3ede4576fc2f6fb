"""What JSON says: the fields of an object as texts, and what people wrote in lists of objects."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from core.text.reading.sheets import TEXT_NAMES
from core.text.reading.tables.cells import write_cell

DEEPEST = 20
_SPOKEN = re.compile(r"values?|utterances?|msg|say|said|response|reply|question|parts?", re.IGNORECASE)
"""What people call a piece of a conversation, besides what they call a text."""
FACTS = re.compile(
    r".*(id|role|type|name|lang|language|date|time|timestamp|created_?at|updated_?at|url|link|model|format|source|status)"
    r"|from|to|speaker|author|user|sender|who|sex|gender|code|key|tool_calls|weight",
    re.IGNORECASE,
)
"""What people call facts about a piece of a conversation."""
HALF = re.compile("[\ud800-\udfff]")


def check_item(item: Any) -> None:
    """Raise `ValueError` for what is no row: a number, yes or no, null."""
    if not isinstance(item, str | list | dict):
        raise ValueError(f"it is a {kind_of_item(item)}")


def kind_of_item(value: Any) -> str:
    return {"str": "text", "int": "number", "float": "number", "NoneType": "null", "bool": "yes or no"}.get(
        type(value).__name__, type(value).__name__
    )


def record_of(item: Any) -> dict[str, str]:
    """The fields of an object, those of objects in it as "user.name", lists in it as the texts that they hold."""
    if isinstance(item, str | list):
        item = {"text": item}
    check_item(item)
    return dict(fields_of(item))


def fields_of(item: dict[str, Any], above: str = "", depth: int = 1) -> Iterator[tuple[str, str]]:
    if depth > DEEPEST:
        raise ValueError(f"objects lie in it more than {DEEPEST} deep")
    for key, value in item.items():
        name = f"{above}.{key}" if above else str(key)
        if isinstance(value, dict) and not _is_mapping(value):
            yield from fields_of(value, name, depth + 1)
        elif isinstance(value, list | dict):
            items = value if isinstance(value, list) else list(value.values())
            # A text with links in it is a list of strings and objects, which are marks on it.
            is_one_text = {str, dict} <= set(map(type, items)) <= {str, dict}
            yield name, ("" if is_one_text else "\n\n").join(said_in(items, depth))
        else:
            yield name, write_cell(value)


def _is_mapping(value: dict[str, Any]) -> bool:
    """Whether an object is a list whose items have names: objects of one kind."""
    items = list(value.values())
    return len(items) > 2 and all(isinstance(item, dict) for item in items) and bool(set.intersection(*map(set, items)))


def said_in(value: Any, depth: int) -> Iterator[str]:
    """What people wrote in a list, in its order: not what fields are called, nor who speaks."""
    if depth > DEEPEST:
        raise ValueError(f"lists lie in it more than {DEEPEST} deep")
    if isinstance(value, list):
        if (joint := _joint(value)) is not None:
            yield joint.join(value)
            return
        for each in value:
            yield from said_in(each, depth + 1)
    elif isinstance(value, dict):
        spoken = [key for key in value if TEXT_NAMES.fullmatch(str(key)) or _SPOKEN.fullmatch(str(key))]
        for key in spoken or [key for key in value if not FACTS.fullmatch(str(key))]:
            if isinstance(value[key], str | list | dict):
                yield from said_in(value[key], depth + 1)
    elif value is not None and not isinstance(value, bool):
        yield write_cell(value)


def _joint(items: list[Any]) -> str | None:
    """What joins strings that are one text: nothing between its lines, a blank between its words; None for others."""
    if len(items) < 2 or not all(isinstance(item, str) for item in items):
        return None
    if all(item.endswith("\n") for item in items[:-1]):
        return ""
    return " " if len(items) > 2 and not any(re.search(r"\s", item.strip()) for item in items) else None


def whole_texts(texts: Sequence[str]) -> list[str]:
    return [HALF.sub("\ufffd", text) for text in texts]
