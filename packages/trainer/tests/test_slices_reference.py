"""What the console says of slices, worked out anew from the log and the ranks: the cases that its own test writes."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest

CASES = json.loads((Path(__file__).parents[2] / "api" / "test" / "fixtures" / "sliced" / "cases.json").read_text())
START = datetime(2024, 1, 1)


@dataclass(frozen=True)
class Event:
    action: str
    item: int | None
    hours: int
    query: str | None


@dataclass(frozen=True)
class Shopper:
    """A test shopper, told as docs/slices.md tells it."""

    cold: bool
    history: int
    comparisons: int
    sessions: int
    rarity: int | None
    month: int
    seasons: frozenset[str]
    brand: str
    heel: int
    popularity: int | None
    price_band: int | None
    ranks: dict[str, int | None]


def read_log() -> dict[int, list[Event]]:
    log: dict[int, list[Event]] = {}
    for line in CASES["log"].splitlines():
        user, action, item, hours, query = line.split(" ", 4)
        event = Event(action, None if item == "-" else int(item), int(hours), None if query == "-" else query)
        log.setdefault(int(user), []).append(event)
    return log


def session_starts(events: list[Event]) -> list[int]:
    return [
        place
        for place, event in enumerate(events)
        if place == 0 or events[place - 1].action == "purchase" or event.hours - events[place - 1].hours >= 24
    ]


def fifth_or_tenth(values: dict[int, float], parts: int) -> dict[int, int]:
    """Which of `parts` parts each falls into by how many have less, from 1."""
    return {
        key: parts * sum(other < own for other in values.values()) // len(values) + 1 for key, own in values.items()
    }


def shoppers() -> list[Shopper]:
    log = read_log()
    items = {item["id"]: item for item in CASES["items"]}
    kept: dict[int, list[tuple[int, Event]]] = {}
    training: list[Event] = []
    for user, events in log.items():
        bought = {event.item for event in events if event.action == "purchase"}
        kept[user] = [(i, e) for i, e in enumerate(events) if not (e.action == "click" and e.item in bought)]
        purchases = [i for i, e in enumerate(events) if e.action == "purchase"]
        first_held_out = purchases[-2] if len(purchases) >= 3 else purchases[-1]
        training += [e for i, e in kept[user] if i < first_held_out]
    bought_in_training = Counter(e.item for e in training if e.item is not None)
    searched = Counter(e.query for e in training if e.action == "search")
    deciles = fifth_or_tenth(bought_in_training, 10)
    bands = fifth_or_tenth({i: item["price"] for i, item in items.items() if item["price"] is not None}, 5)
    ranks = {name: [None if r == "-" else int(r) for r in line.split()] for name, line in CASES["ranks"].items()}
    found = []
    for user, events in log.items():
        place = len(events) - 1
        target = events[place].item
        before = [(i, e) for i, e in kept[user] if i < place]
        starts = [start for start in session_starts(events) if start <= place]
        session = [e for i, e in enumerate(events) if starts[-1] <= i < place]
        queries = [e.query for e in session if e.action == "search"]
        attributes = items[target]["attributes"]
        found.append(
            Shopper(
                cold=target not in bought_in_training,
                history=len(before),
                comparisons=len({e.item for i, e in before if e.action == "click" and i >= starts[-1]}),
                sessions=len(starts),
                rarity=searched[queries[-1]] if queries else None,
                month=(START + timedelta(hours=events[place].hours)).month,
                seasons=frozenset(s.strip().lower() for s in attributes.get("season", "").split(",") if s.strip()),
                brand=attributes["brand"].lower(),
                heel=int(attributes["heel"]),
                popularity=deciles.get(target),
                price_band=bands.get(target),
                ranks={name: line[user - 1] for name, line in ranks.items()},
            )
        )
    return found


SHOPPERS = shoppers()

SLICES: dict[str, Callable[[Shopper], bool]] = {
    "": lambda s: True,
    "cold": lambda s: s.cold,
    "warm and history >= 6": lambda s: not s.cold and s.history >= 6,
    "season = winter and not (comparisons < 2)": lambda s: "winter" in s.seasons and s.comparisons >= 2,
    "season != winter": lambda s: "winter" not in s.seasons,
    "query-rarity <= 20 or sessions = 2": lambda s: (s.rarity is not None and s.rarity <= 20) or s.sessions == 2,
    "not query": lambda s: s.rarity is None,
    "popularity >= 8 or price-band in (1, 5)": lambda s: (s.popularity or 0) >= 8 or s.price_band in (1, 5),
    "month in (1, 2, 3) and brand in ('brand 1', 'BRAND 2')": lambda s: (
        s.month in (1, 2, 3) and s.brand in ("brand 1", "brand 2")
    ),
    "item.heel >= 3": lambda s: s.heel >= 3,
}

GAINS: dict[str, Callable[[int], float]] = {
    "recall": lambda rank: 1.0,
    "hit": lambda rank: 1.0,
    "ndcg": lambda rank: 1 / math.log2(rank + 1),
    "mrr": lambda rank: 1 / rank,
}


def gain(rank: int | None, metric: str) -> float:
    name, k = metric.split("@")
    return GAINS[name](rank) if rank is not None and rank <= int(k) else 0.0


def test_every_slice_that_was_asked_for_is_worked_out() -> None:
    assert [answer["slice"] for answer in CASES["answers"]] == list(SLICES)


@pytest.mark.parametrize("answer", CASES["answers"], ids=lambda answer: answer["slice"] or "everything")
def test_users_figures_and_differences_are_those_of_the_shoppers(answer: dict) -> None:
    held = [shopper for shopper in SHOPPERS if SLICES[answer["slice"]](shopper)]
    assert answer["users"] == len(held) > 0
    for cell in answer["cells"]:
        for metric, found in cell["metrics"].items():
            own = [gain(shopper.ranks[cell["method"]], metric) for shopper in held]
            assert found["value"] == pytest.approx(math.fsum(own) / len(own), abs=1e-12)
            # The reference itself is not tested, and nobody is over fewer than 30 shoppers.
            if cell["method"] == "ours" or len(held) < 30:
                assert "difference" not in found
                continue
            each = [value - gain(s.ranks["ours"], metric) for value, s in zip(own, held, strict=True)]
            assert found["difference"] == pytest.approx(math.fsum(each) / len(each), abs=1e-12)
            assert found["wins"] == sum(value > 0 for value in each)
            assert found["losses"] == sum(value < 0 for value in each)
