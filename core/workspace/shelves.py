"""Every shelf of the cache folder that holds what visitors brought or made."""

from core.comparison.kept_noise import NOISE
from core.comparison.study.store import STUDIES
from core.models.runs import ROWS, RUNS, TEXTS
from core.score.store import PAIRS, SCORES
from core.score.sweep.store import SWEEPS
from core.workspace.demo_sessions import DEMOS
from core.workspace.texts import OPENED, UPLOADS
from core.workspace.vectors import UPLOADED_VECTORS

SHELVES = (UPLOADS, OPENED, TEXTS, ROWS, RUNS, SCORES, PAIRS, NOISE, STUDIES, SWEEPS, DEMOS, UPLOADED_VECTORS)
