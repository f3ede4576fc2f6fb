"""Counting what the caches of the pages compute."""

from collections import Counter

from pages.shared.cached import change_cache, map_cache, model_cache, pair_cache, text_cache

_MODULES = (change_cache, map_cache, model_cache, pair_cache, text_cache)


def count_calls(monkeypatch, names):
    """How often each of these functions, which the caches call, is called from now on: a Counter."""
    made = Counter()
    for name in names:
        (module,) = (each for each in _MODULES if hasattr(each, name))
        original = getattr(module, name)

        def call(*args, name=name, original=original, **options):
            made[name] += 1
            return original(*args, **options)

        monkeypatch.setattr(module, name, call)
    return made
