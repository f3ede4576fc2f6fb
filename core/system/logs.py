"""The log: one line an event, for people, or with `VECTUNE_LOG=json` one JSON object a line, for machines."""

import json
import logging
import os
import sys

LOG_VARIABLE = "VECTUNE_LOG"
_OURS = ("core", "pages")


class _Lines(logging.Formatter):
    """One JSON object a line: time, level, where it comes from, message, and the traceback of an exception."""

    def format(self, record: logging.LogRecord) -> str:
        event = {
            "time": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname.lower(),
            "from": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            event["traceback"] = self.formatException(record.exc_info)
        return json.dumps(event, ensure_ascii=False)


def set_up_logs() -> None:
    """Write what `core` and `pages` log to stderr, from INFO on; once."""
    as_json = os.environ.get(LOG_VARIABLE, "") == "json"
    formatter = _Lines() if as_json else logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s")
    for name in _OURS:
        logger = logging.getLogger(name)
        if logger.handlers:
            continue
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(formatter)
        logger.addHandler(handler)
        logger.setLevel(logging.INFO)
        logger.propagate = False
