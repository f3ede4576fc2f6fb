"""Compiled for one processor or another, the engine makes the same bits."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

BITS = "da47781b7985fc0a1145e34c16b187914e74cedf5603d4413eba4a95c54fc692"
"""Of models made on the machine on which the engine was written. If a change of it, of numba or of LLVM changes them,
models that were made before cannot be made again: then `ENGINE_VERSION` goes up."""
TARGETS = {
    "haswell (AVX2)": ("haswell", "+avx2,+fma"),
    "skylake-avx512": ("skylake-avx512", "+avx512f,+avx512vl,+avx512dq,+avx512bw,+avx2,+fma"),
    "znver4": ("znver4", "+avx2,+fma"),
    "SSE2": ("x86-64", "+sse2"),
}
HASH = """
import hashlib
from core.config import default_config
from core.models.engine import train_text
from tests.models.test_engine import SIZE, passages_of, start_of
passages = passages_of()
digest = hashlib.sha256()
for algorithm, negative, bias in (("skip-gram", 5, None), ("cbow", 7, None), ("skip-gram", 5, 1.6)):
    config = default_config("scratch", epochs=2, algorithm=algorithm, vector_size=SIZE, negative=negative)
    digest.update(train_text(passages, config, start_of(passages, 1.0), bias=bias).tobytes())
print(digest.hexdigest())
"""


@pytest.mark.parametrize("target", ["this machine", *TARGETS])
def test_the_same_bits_on_every_processor(target):
    variables = dict(os.environ)  # numba's cache has what it compiled for each of them in a file of its own
    if target in TARGETS:
        name, features = TARGETS[target]
        variables |= {"NUMBA_CPU_NAME": name, "NUMBA_CPU_FEATURES": features}
    found = subprocess.run(
        [sys.executable, "-c", HASH],
        cwd=Path(__file__).parents[2],
        env=variables,
        capture_output=True,
        text=True,
        check=False,
    )
    if found.returncode < 0:
        pytest.skip(f"THIS PROCESSOR CANNOT RUN CODE FOR {target}: it stopped with signal {-found.returncode}")
    assert found.returncode == 0, found.stderr
    assert found.stdout.strip() == BITS
