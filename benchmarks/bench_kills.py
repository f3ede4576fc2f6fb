"""Kills aimed at every write: what was finished is there, nothing is half written, the next start leaves nothing.

A child writes one thing after the other, each of its own: an upload and its text, two models, a layout, noise, a
scorecard, a change of a workspace, a demo. It says what it has finished. It is killed (SIGKILL) at a random moment;
moments are spread evenly over the kinds of writing. Then what the next start does is done, and everything is looked at:
whatever was said to be finished must open, whatever is listed must open, and no unfinished file may be left.

    python benchmarks/bench_kills.py [--kills 200] [--quick]
"""

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
KINDS = ("text", "models", "layout", "noise", "scorecard", "workspace", "demo")
WORDS = tuple(
    f"{one}{two}"
    for one in ("ri", "ban", "kin", "fal", "sto", "mo", "que", "cro", "to", "wa", "sil", "hea")
    for two in "abcdefghijkl"
)


def write_for_ever(seed: int, vectors: Path) -> None:
    """What is killed. Each line of its output names a thing: what it is, and begun or its name once it is finished."""
    from core.comparison.noise import measure_movers
    from core.comparison.noise_plan import plan_noise
    from core.comparison.retrainings import NoiseSide
    from core.config import default_config
    from core.maps.layout import LayoutSettings
    from core.maps.pair_store import LayoutOrder, PairOrder, keep_layout
    from core.models.runs import load_run, train_run
    from core.pretrained.vectors import open_pretrained
    from core.progress import silent
    from core.score.store import ScoreRequest, score_models
    from core.text.reading.documents import ReadOptions
    from core.text.reading.uploads import Upload
    from core.workspace.asked_runs import identify, make_runs
    from core.workspace.demo_sessions import DemoSession, Step, save_demo
    from core.workspace.store import change_workspace, create_workspace
    from core.workspace.texts import TextChoice, keep_uploads, kept_text
    from core.workspace.workspace import Workspace

    def say(kind: str, name: str = "") -> None:
        print(json.dumps([kind, name]), flush=True)

    identity, _ = create_workspace()
    kept, draw = Workspace(), random.Random(seed)
    for number in range(10_000):
        text = "\n\n".join(" ".join(draw.choices(WORDS, range(1, 145), k=60)) for _ in range(45))
        say("text")
        upload = keep_uploads([Upload(f"{seed} {number}.txt", text.encode())])
        source = TextChoice(upload, ReadOptions(unit="paragraph"))
        corpus = kept_text(source).corpus
        say("text", json.dumps([upload]))
        opened = open_pretrained(vectors, corpus.words)
        configs = [
            default_config(each, vector_size=opened.vector_size, epochs=1, min_count=1, **changes)
            for each, changes in (("tied", {"dose": 0.5}), ("scratch", {}), ("pretrained", {}))
        ]
        wanted = identify(corpus, opened, configs)
        runs = make_runs(corpus, opened, wanted, source=source, vectors_path=vectors)
        for run in runs:
            say("models")
            say("models", train_run(silent, *run.inputs, run.config))
        say("layout")
        order = LayoutOrder(PairOrder(runs[0].id, runs[1].id, 1000), LayoutSettings(method="pca"), "joint")
        keep_layout(silent, order)
        say("layout", json.dumps([runs[0].id, runs[1].id]))
        say("noise")
        sides = [NoiseSide(run.id, *run.inputs, load_run(run.id).config) for run in runs[:2]]
        say("noise", measure_movers(silent, plan_noise(*sides, documents=45)))
        say("scorecard")
        request = ScoreRequest(*runs[0].inputs, tuple((run.config.strategy, run.config) for run in runs), "tied",
                               "pretrained", 1)  # fmt: skip
        say("scorecard", score_models(silent, request))
        say("workspace")
        changed = replace(kept, text=source, runs=(*kept.runs, *runs))
        kept = change_workspace(identity, kept, changed).workspace
        say("workspace", json.dumps([identity, len(kept.runs)]))
        say("demo")
        demo = DemoSession("A demo", (Step("Look.", left=runs[0].id, right=runs[1].id),), kept)
        say("demo", save_demo(demo))


def look(said: list[list[str]]) -> list[str]:
    """Faults that the next start finds, after what it does first."""
    from core.comparison.kept_noise import _describe_noise
    from core.models.runs import is_whole, load_run
    from core.score.store import _describe_score, has_score
    from core.system.files import cache_folder
    from core.system.inventory import take_inventory
    from core.workspace.demo_sessions import load_demo
    from core.workspace.erasure import finish_erasures
    from core.workspace.housekeeping import USED
    from core.workspace.store import load_workspace

    finish_erasures()
    listed = take_inventory(USED)
    assert listed or not said
    faults = [f"left: {path.relative_to(cache_folder())}" for path in leftovers(cache_folder())]
    finished = [(kind, name) for kind, name in said if name]
    tests = {
        "text": lambda name: cache_folder("uploads", json.loads(name)[0]).is_dir(),
        "models": lambda name: is_whole(name) and len(load_run(name).words) > 0,
        "layout": lambda name: any(cache_folder("layouts").iterdir()),
        "noise": lambda name: bool(_describe_noise(cache_folder("noise", name))),
        "scorecard": has_score,
        "workspace": lambda name: len(load_workspace(json.loads(name)[0]).workspace.runs) >= json.loads(name)[1],
        "demo": lambda name: bool(load_demo(name).title),
    }
    for kind, name in finished:
        try:
            found = tests[kind](name)
        except Exception as error:  # whatever it is, it is the finding
            found = False
            name = f"{name}: {error!r}"
        if not found:
            faults.append(f"lost: {kind} {name}")
    for folder in cache_folder("runs").glob("[!.]*"):
        if not is_whole(folder.name):
            faults.append(f"half a model: {folder.name}")
    for folder in cache_folder("scores").glob("[!.]*"):
        if folder.name not in ("models", "pairs", "stability") and not _describe_score(folder):
            faults.append(f"half a scorecard: {folder.name}")
    return faults


def leftovers(root: Path) -> list[Path]:
    return [path for path in root.rglob(".*") if not path.name.endswith(".lock")]


def kill_one(number: int, kind: str, delay: float, folder: Path, vectors: Path) -> tuple[list[list[str]], str]:
    """Start a writer, kill it `delay` seconds after it began a thing of `kind`; what it said, and what it was at."""
    environment = dict(os.environ) | {"VECTUNE_CACHE": str(folder)}
    command = [sys.executable, __file__, "--write", str(number), "--vectors", str(vectors)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment, text=True, cwd=ROOT) as writer:
        said: list[list[str]] = []
        for line in writer.stdout:
            said.append(json.loads(line))
            if said[-1] == [kind, ""]:
                break
        time.sleep(delay)
        os.kill(writer.pid, signal.SIGKILL)
        said += [json.loads(line) for line in writer.stdout if line.endswith("\n")]
    return said, said[-1][0] if said else "start"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--quick", action="store_true", help="14 kills")
    parser.add_argument("--write", type=int)
    parser.add_argument("--vectors", type=Path)
    options = parser.parse_args()
    if options.write is not None:
        write_for_ever(options.write, options.vectors)
    kills = 14 if options.quick else options.kills
    draw, struck, faults, finished = random.Random(1), Counter(), [], 0
    with tempfile.TemporaryDirectory() as root:
        vectors = Path(root) / "tiny.8d.txt"
        rows = (f"{word} {' '.join(f'{draw.gauss(0, 1):.3f}' for _ in range(8))}\n" for word in WORDS)
        vectors.write_text("".join(rows), encoding="utf-8")
        folder = Path(root) / "cache"
        os.environ["VECTUNE_CACHE"] = str(folder)
        for number in range(kills):
            said, at = kill_one(number, KINDS[number % len(KINDS)], draw.expovariate(1 / 0.03), folder, vectors)
            struck[at] += 1
            finished += sum(bool(name) for _, name in said)
            faults += [f"kill {number}, at {at}: {fault}" for fault in look(said)]
    print(f"{kills} kills; they struck while it wrote: {', '.join(f'{k} {n}' for k, n in sorted(struck.items()))}")
    print(f"{finished} things were finished before; faults: {len(faults)}")
    for fault in faults[:20]:
        print(f"- {fault}")


if __name__ == "__main__":
    main()
