"""What a scorecard means, in one sentence, with caveats and what to do next (docs/science.md, section 4)."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from core.methods import METHODS, UNTOUCHED
from core.prose.numbers import count, write_share
from core.score.bootstrap import Estimate
from core.score.findings import find_meaning, label_gains, write_labels, write_meaning
from core.score.scorecard import ModelScore, Scorecard
from core.score.word_pairs import MIN_PAIRS, PUBLISHED

Outcome = Literal["helped", "hurt", "no measurable difference", "not enough text"]

MIN_EFFECT = 0.01
"""Retraining with another seed changes the score by up to 0.006; no two of 72 such pairs differed by 0.01."""
MAX_HALF_WIDTH = 0.02
MIN_POSITIONS = 300
FEW_DOCUMENTS = 10
LOW_COVERAGE = 0.6
"""Lower-cased English news has 80 % of its tokens among GloVe's most frequent words; a stemmed text 53 %."""
LARGE_SIZE = 100
"""Published vectors come with so many values or more, as a rule; with fewer, more may do better."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Made by `judge`.

    Attributes:
        outcome: in one word or two, for machines.
        answer: the same for people, and on what: new documents like these, or more of the same document.
        headline: the answer, and the sentence that says how much; begins with `answer`.
        beside: what stands beside it, a line each: whether labels are told apart better, whether general meaning was
            kept.
        caveats: sentences without which the headline misleads, gravest first.
        advice: what to do next, sentences.
        method: how it was computed, sentences.
    """

    outcome: Outcome
    answer: str
    headline: str
    beside: tuple[str, ...]
    caveats: tuple[str, ...]
    advice: tuple[str, ...]
    method: tuple[str, ...]


def judge(card: Scorecard) -> Verdict:
    """Did the chosen model beat the reference by more than chance, and by enough to matter?"""
    outcome = find_outcome(card)
    answer = _answer(card, outcome)
    return Verdict(
        outcome=outcome,
        answer=answer,
        headline=f"{answer}. {_explain(card, outcome)}",
        beside=tuple(_beside(card, outcome)),
        caveats=tuple(_caveats(card)),
        advice=tuple(_advice(card, outcome)),
        method=tuple(_method(card)),
    )


def find_outcome(card: Scorecard) -> Outcome:
    """The rule of docs/science.md, section 4.

    An effect counts when it is one point (0.01) or more and its interval excludes zero. A gain must also be measurably
    ahead of the same training on shuffled text. Below 300 questions nothing is said. "No difference" is only said when
    the interval is at most two points either way.
    """
    return weigh_gain(card.model(card.chosen).delta, card.positions, explained=_placebo_explains(card))


def weigh_gain(delta: Estimate, positions: int, *, explained: bool) -> Outcome:
    """That rule, of a gain over so many questions.

    `explained`: the same training on shuffled text gains as much, as far as can be told.
    """
    if positions < MIN_POSITIONS:
        return "not enough text"
    if delta.value >= MIN_EFFECT and delta.low > 0:
        return "no measurable difference" if explained else "helped"
    if delta.value <= -MIN_EFFECT and delta.high < 0:
        return "hurt"
    return "not enough text" if delta.half_width > MAX_HALF_WIDTH else "no measurable difference"


def _placebo_explains(card: Scorecard) -> bool:
    return card.placebo is not None and card.placebo.behind.low <= 0


def _answer(card: Scorecard, outcome: Outcome) -> str:
    """E.g. "Helped with new documents like these"."""
    words = {
        "helped": "Helped with",
        "hurt": "Hurt on",
        "no measurable difference": "No measurable difference on",
        "not enough text": "Not enough text to tell about",
    }
    return f"{words[outcome]} {name_question(card)}"


def name_question(card: Scorecard) -> str:
    """What the models were asked about: "new documents like these", or "more of the same document"."""
    if card.unit == "documents":
        return "new documents like these"
    return {0: "more of the same text", 1: "more of the same document"}.get(
        card.of_documents, "more of the same documents"
    )


def _explain(card: Scorecard, outcome: Outcome) -> str:
    chosen, reference = card.model(card.chosen), card.model(card.reference)
    what, base = title(chosen), title(reference)
    scores = (
        f"in {name_tested(card)} it preferred the hidden word to {write_share(chosen.cloze.value)} of the "
        f"alternatives, against {write_share(reference.cloze.value)} for “{base}” (guessing gives 50 %)"
    )
    delta = chosen.delta
    if outcome == "helped":
        gain = f"The gain is {_points(delta)}{_beside_scratch(card)}."
        return f"“{what}” fits {_them(card)} better: {scores}. {gain}"
    if outcome == "hurt":
        return f"“{what}” fits {_them(card)} worse: {scores}. The loss is {_points(_negative(delta))}."
    if outcome == "not enough text":
        return f"Whether “{what}” is better or worse than “{base}” is open: {_shortage(card)}."
    if _placebo_explains(card) and delta.value >= MIN_EFFECT and delta.low > 0:
        return (
            f"None that comes from what your text says: “{what}” scores {_points(delta)} more than “{base}”, "
            "but so does the same training on your words in random order."
        )
    if delta.low <= 0 <= delta.high:
        why = f"the difference, {_points(delta, signed=True)}, may well be chance"
    else:
        digits = 2 if f"{100 * abs(delta.value):.1f}" == "1.0" else 1  # 0.98 is not shown as the point that it is not
        why = f"the difference, {_points(delta, signed=True, digits=digits)}, is under one point, too small to matter"
    return f"Between “{what}” and “{base}” {why}: {scores}."


def name_tested(card: Scorecard) -> str:
    """What the questions were about."""
    return "documents it had not seen" if card.unit == "documents" else "stretches of text it had not seen"


def _them(card: Scorecard) -> str:
    return "them" if card.unit == "documents" or card.of_documents > 1 else "it"


def _beside(card: Scorecard, outcome: Outcome) -> Iterator[str]:
    labels, meaning = write_labels(card), write_meaning(card)
    if labels:
        told = {gain.outcome for gain in label_gains(card.model(card.chosen))}
        contrary = "better" not in told and told != {"cannot tell"} if outcome == "helped" else "better" in told
        yield f"But {labels[0].lower()}{labels[1:]}" if contrary else labels
    if meaning:
        yield meaning


def _beside_scratch(card: Scorecard) -> str:
    """The other half of the answer: is it the pretrained vectors that do it?"""
    if card.scratch is None or card.over_scratch is None or _learned_from_nothing(card):
        return ""
    rival, over = title(card.model(card.scratch)), card.over_scratch
    if over.low > 0:
        return f", and over “{rival}”, the best model without pretrained vectors, {_points(over)}"
    return f", but “{rival}”, which needs no pretrained vectors, does {'better' if over.high < 0 else 'as well'}"


def _learned_from_nothing(card: Scorecard) -> bool:
    """Whether the chosen model is itself made from the text alone."""
    return not METHODS[card.model(card.chosen).strategy].needs_vectors


def _shortage(card: Scorecard) -> str:
    delta = card.model(card.chosen).delta
    if card.positions < MIN_POSITIONS:
        questions = count("question", card.positions)
        return f"only {questions} could be asked about the text kept for testing, and it takes {MIN_POSITIONS}"
    if card.documents == 1:
        return f"all questions are from a single one of the {card.unit}"
    return f"the difference could be anything from {_signed(delta.low)} to {_signed(delta.high)} points"


def title(model: ModelScore) -> str:
    """The strategy's plain name, and what the model's own name adds to it; in brackets when it is quite another."""
    plain = METHODS[model.strategy].name if model.strategy in METHODS else model.strategy
    if model.name == model.strategy:
        return plain
    return model.name if model.name.startswith(plain) else f"{plain} ({model.name})"


def _caveats(card: Scorecard) -> Iterator[str]:
    chosen = card.model(card.chosen)
    if card.scored_by == "1":
        yield (
            "These scores are an earlier version's, whose questions were not quite fair: a wrong answer could stand in "
            "the sentence itself, or be offered twice. Scores made now are higher, on most texts by a few tenths of a "
            "point: score the models again before you compare."
        )
    elif card.is_earlier:
        yield (
            "These scores are an earlier version's, which split larger texts only once, held out stretches of text "
            "where there were fewer than 30 documents, and gave somewhat narrower ranges: score the models again "
            "before you compare."
        )
    if _scratch_does_as_well(card) and card.scratch and card.over_scratch:
        rival, over = title(card.model(card.scratch)), card.over_scratch
        if over.high < 0:
            yield (
                f"“{rival}”, which ignores the pretrained vectors, does better, by {_points(_negative(over))}: "
                "for this text the pretrained vectors are a hindrance."
            )
        else:
            yield (
                f"“{rival}”, which ignores the pretrained vectors, does as well as far as one can tell: the difference "
                f"is {_points(over, signed=True)}."
            )
    yield from _lost_on_own_lists(card, chosen)
    if card.placebo is None and METHODS[chosen.strategy].from_text:
        yield "The same training was not run on shuffled text, so part of a gain may have nothing to do with meaning."
    for alarm in chosen.health.alarms:
        yield f"“{title(chosen)}” looks broken. {alarm}"
    if card.coverage < LOW_COVERAGE:
        yield (
            f"The score is about the {write_share(card.coverage)} of your running text that consists of words the "
            "pretrained vectors have; about the rest it says nothing."
        )
    if card.documents < FEW_DOCUMENTS:
        yield (
            f"The test part has only {_units(card, card.documents)}; the range given allows for that, but one unusual "
            f"{card.unit.removesuffix('s')} can still sway it."
        )
    if card.unit == "blocks":
        yield (
            "The text has too few documents of similar size to keep some apart, so stretches of 200 words were kept "
            f"apart instead: the score is about {name_question(card)}, not about new ones, which usually gain less."
        )
    if card.near_duplicates:
        yield (
            f"The text repeats itself: of the {card.unit} set aside, {card.near_duplicates} said nearly word for word "
            "what other parts say. They were left out, as they would have rewarded remembering."
        )


def _units(card: Scorecard, n: int) -> str:
    return count(card.unit.removesuffix("s"), n)


def _scratch_does_as_well(card: Scorecard) -> bool:
    return card.over_scratch is not None and card.over_scratch.low <= 0 and not _learned_from_nothing(card)


def _lost_on_own_lists(card: Scorecard, chosen: ModelScore) -> Iterator[str]:
    reference = card.model(card.reference)
    falls = [
        f"from {_correlation(reference.pairs[name].correlation)} to {_correlation(chosen.pairs[name].correlation)} "
        f"({name}, {chosen.pairs[name].pairs} pairs)"
        for name, guard in chosen.guards.items()
        if name not in PUBLISHED and chosen.pairs[name].pairs >= MIN_PAIRS and guard.high < 0
    ]
    if falls:
        yield f"Agreement with your own word pairs (1 is perfect) fell {' and '.join(falls)}."


def _lost_meaning(card: Scorecard, model: ModelScore) -> bool:
    return find_meaning(model) == "lost" or any(_lost_on_own_lists(card, model))


def _advice(card: Scorecard, outcome: Outcome) -> Iterator[str]:
    chosen = card.model(card.chosen)
    if chosen.health.alarms:
        yield "Train again with a lower alpha or fewer epochs before believing anything about this model."
    if chosen.dose == 0:
        yield "The best dose was 0, none of the change: keep the pretrained vectors."
    elif outcome == "hurt":
        yield from _gentler(chosen)
    elif outcome == "no measurable difference":
        reference = card.model(card.reference)
        simpler = ", and it is simpler" if reference.strategy == UNTOUCHED else ""
        yield f"Keep “{title(reference)}”: no gain of a point over it was shown{simpler}."
    if outcome == "not enough text" or (outcome == "no measurable difference" and card.train_tokens < 20_000):
        yield _more_text(card)
    if outcome != "hurt" and _lost_meaning(card, chosen):
        yield from _gentler(chosen)
    if _scratch_does_as_well(card) and card.scratch:
        rival = title(card.model(card.scratch))
        larger = f", or try pretrained vectors with {LARGE_SIZE} values" if _has_small_vectors(card) else ""
        yield f"Compare with “{rival}”{larger}."
    if card.coverage < LOW_COVERAGE:
        yield (
            "Check how the text is cut into words: lower case, no stemming, and vectors in the text's language; "
            f"now only {write_share(card.coverage)} of it is known to them."
        )
    better = _better_model(card)
    if better is not None:
        yield (
            f"Look at “{title(better)}”: on the part of the text used for choosing it scores "
            f"{write_share(better.development)}, this model {write_share(chosen.development)}."
        )
    if outcome == "helped":
        yield "Use the model trained on all of your text; it has seen more than the one scored here."


def _has_small_vectors(card: Scorecard) -> bool:
    """Whether the pretrained vectors are known to have fewer values than is usual."""
    sizes = [config.vector_size for config in card.configs.values() if METHODS[config.strategy].needs_vectors]
    return bool(sizes) and max(sizes) < LARGE_SIZE


def _gentler(chosen: ModelScore) -> Iterator[str]:
    if chosen.dose:
        yield f"Lower the dose: it is {chosen.dose:.3f} now, and at 0 the pretrained vectors come back unchanged."
    else:
        yield METHODS[chosen.strategy].if_it_hurt


def _more_text(card: Scorecard) -> str:
    """How much more, from the width of the interval: it narrows with the square root of the documents."""
    width = card.model(card.chosen).delta.half_width
    if card.positions < MIN_POSITIONS or not math.isfinite(width):
        times = math.ceil(MIN_POSITIONS / max(card.positions, 1)) + 1
    else:
        times = max(2, math.ceil((width / MIN_EFFECT) ** 2))
    return (
        f"Add text of the same kind: with about {times} times as much, differences of one point would show."
        if times <= 100
        else "Add much more text of the same kind."
    )


def _better_model(card: Scorecard) -> ModelScore | None:
    """The model that does best on the development part, if it is a point ahead of the chosen one there and not lost."""
    chosen = card.model(card.chosen)
    rivals = [model for model in card.models if model.development >= chosen.development + MIN_EFFECT]
    healthy = [model for model in rivals if not model.health.alarms and not _lost_meaning(card, model)]
    return max(healthy, key=lambda model: model.development, default=None)


def _method(card: Scorecard) -> Iterator[str]:
    ways = (
        f" {card.splits} times, each time with other {card.unit} for testing and models trained anew"
        if card.splits > 1
        else ""
    )
    yield (
        f"The text was split at random{ways}: the models learned from about 70 %, choices such as the dose were made "
        f"on 15 %, and the score is from the remaining 15 %, in all {_units(card, card.documents)}. Splits are added, "
        "up to six, until the range of the gain is half a point either way or the verdict can hardly change."
    )
    yield (
        f"{count('question', card.positions)}: a word is hidden, and the model must find it more fitting than up to "
        "ten alternatives of about the same frequency, from the five words on each side. The score is the share of the "
        "alternatives that the hidden word beats. Asked are "
        f"{card.evaluated:,} words that are in the training part and in the pretrained vectors."
    )
    yield (
        "“Likely between” gives a 95 % interval: of ranges computed like this, 19 in 20 hold the value that one would "
        "get with endless documents of this kind. It comes from resampling whole documents, and allows for which "
        "documents were tested; that of a gain also for what training anew and choosing the dose change."
    )
    yield (
        "Scored is the model trained on the training part; the one you download is trained on all of the text. "
        f"Seed {card.seed} gives the same numbers again."
    )


def _correlation(value: float) -> str:
    return f"{round(value, 2) + 0.0:.2f}".replace("-", "−")  # + 0.0 turns -0.0 into 0.0


def _signed(value: float, digits: int = 1) -> str:
    return f"{100 * value:+.{digits}f}".replace("-", "−")


def _points(estimate: Estimate, *, signed: bool = False, digits: int = 1) -> str:
    """E.g. "2.4 points (likely between 1.3 and 3.5)"."""
    value, low, high = (_signed(number, digits) if signed else _signed(number).lstrip("+") for number in estimate)
    return f"{value} points (likely between {low} and {high})"


def _negative(estimate: Estimate) -> Estimate:
    return Estimate(-estimate.value, -estimate.high, -estimate.low)
