"""The models of this workspace that are finished, and names that tell them apart."""

from typing import Any

from core.methods import METHODS
from core.models.runs import is_whole
from pages.shared import session


def names(records: list[dict[str, Any]]) -> dict[str, str]:
    """Run id -> what to call it: its strategy, and where several have one, the settings in which they differ."""
    named: dict[str, str] = {}
    for record in records:
        config = record["config"]
        twins = [other for other in records if other["config"]["strategy"] == config["strategy"]]
        if record.get("title"):
            named[record["id"]] = record["title"]
            continue
        name = METHODS[config["strategy"]].name
        differing = [key for key in config if len({str(twin["config"][key]) for twin in twins}) > 1]
        differing.sort(key=lambda key: key != "seed")  # first, where a narrow column still shows it
        parts = [_name_setting(key, config[key]) for key in differing]
        inputs = ("text", "vectors") if METHODS[config["strategy"]].needs_vectors else ("text",)
        parts += [str(record[key]) for key in inputs if len({twin[key] for twin in twins}) > 1]
        named[record["id"]] = f"{name} ({', '.join(parts)})" if parts else name
    seen: dict[str, int] = {}
    for identity, name in named.items():
        seen[name] = seen.get(name, 0) + 1
        if seen[name] > 1:
            named[identity] = f"{name} #{seen[name]}"
    return named


def _name_setting(key: str, value: Any) -> str:
    if key == "dose":
        return "automatic dose" if value is None else f"dose {value:.3f}"
    return f"{key} {value}"


def finished() -> list[dict[str, Any]]:
    """Records of the workspace's runs that are in the store, whole."""
    return [record for record in session.workspace().runs if is_whole(record["id"])]
