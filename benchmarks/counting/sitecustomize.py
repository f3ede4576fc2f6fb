"""Python imports this at its start where the folder is on its path: trainings then leave lines in a file.

`begun ID` and `stored ID` of each model, whichever process trains it. See cluster_scenario.py.
"""

import os

if os.environ.get("VECTUNE_BENCH_LOG"):
    from core.models import runs

    _train, _save = runs._train, runs.save_run

    def _say(what, identity):
        with open(os.environ["VECTUNE_BENCH_LOG"], "a") as file:
            file.write(f"{what} {identity}\n")

    def _train_and_say(corpus, config, pretrained, progress):
        _say("begun", runs.run_id_of(corpus, pretrained, config))
        return _train(corpus, config, pretrained, progress)

    def _save_and_say(embedding, identity):
        _save(embedding, identity)
        _say("stored", identity)

    runs._train, runs.save_run = _train_and_say, _save_and_say
