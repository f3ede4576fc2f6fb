"""Whether a training fits into this machine's memory."""

import os

from core.config import TrainConfig
from core.errors import TrainingError
from core.models.estimates import estimate_bytes
from core.pretrained.vectors import PretrainedVectors
from core.prose.numbers import readable_size
from core.text.corpus import Corpus


def available_bytes() -> int | None:
    """Memory that a new process may take: free, or used only for caches. None where the system does not tell."""
    try:
        with open("/proc/meminfo", encoding="ascii") as file:
            facts = dict(line.split(":", 1) for line in file)
        return int(facts["MemAvailable"].split()[0]) * 1024
    except (OSError, KeyError, ValueError):
        pass
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (ValueError, OSError, AttributeError):
        return None


def check_fits(corpus: Corpus, config: TrainConfig, pretrained: PretrainedVectors | None) -> None:
    """Refuse a training that this machine cannot hold.

    Raises:
        TrainingError: it needs more memory than there is; says how much of each.
    """
    needed, available = estimate_bytes(corpus, config, pretrained), available_bytes()
    if available is not None and needed > available:
        raise TrainingError(
            f"Training “{config.strategy}” needs about {readable_size(needed)} of memory; "
            f"{readable_size(available)} are free. Raise min_count, lower vector_size or take a smaller text."
        )
