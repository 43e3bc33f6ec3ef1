"""Exact ranking throughput: `atelier_trainer.ranking` against FAISS's flat index, one thread, the same vectors.

Two tasks. `ranks`: the rank of each example's ground truth among all items, which is what a baseline is measured by.
FAISS has no such question; it is asked in the two ways that it can be (all items in order; a range search per example
from the ground truth's score up) and the faster one counts. `lists`: the best 100 items, which is FAISS's home ground.
Here ours finds the exact ranks besides.

Times are of normal vectors. That both find the same is shown on multiples of 1/16 of them, whose products float32 holds
exactly in whatever order they are summed, so that ranks must be identical, ties by id included. (On the others the last
bit of a product moves one rank in some hundred by one.) See bench/README.md for the command.
"""

from __future__ import annotations

import os

os.environ["OMP_NUM_THREADS"] = "1"

import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "packages" / "trainer"))

import faiss
import numpy as np
import torch
from machine import write_results

from atelier_trainer.ranking import Ranking, products, rank

SIZE, LIST, ROUNDS = 64, 100, 3
CASES = {"Beauty": (12_101, 4_000), "Luggage & Bags": (61_550, 2_000), "Clothing": (1_386_910, 128)}
"""Items and examples. Catalogue sizes are those of Beauty and of the paper's smallest and largest category."""

FULL_ORDER_ITEMS = 400_000
"""All items in order take FAISS so long that only as many examples are timed as have these items together (one at
least), and the time is scaled up."""

PULL = 0.35
"""How much of its target's vector a state holds: the median target then stands among the best hundredth, about as in a
trained model. Were targets drawn at random, a range search would return half of the catalogue."""


def best_seconds(run: Callable[[], object]) -> float:
    """CPU seconds of the fastest of some rounds: other work on the machine only ever adds."""
    times = []
    for _ in range(ROUNDS):
        started = time.process_time()
        run()
        times.append(time.process_time() - started)
    return min(times)


def on_grid(vectors: torch.Tensor) -> torch.Tensor:
    return (16 * vectors).round() / 16


def rank_in(scores: np.ndarray, items: np.ndarray, own: float, target: int) -> int:
    """Rank of the target whose score is `own`, ties by id."""
    return 1 + np.count_nonzero(scores > own) + np.count_nonzero((scores == own) & (items < target))


class Case:
    """One catalogue and its examples, to be ranked by both. `grid`: on vectors whose products float32 holds exactly."""

    def __init__(self, items: int, examples: int, *, grid: bool):
        generator = torch.Generator().manual_seed(1)
        rounded = on_grid if grid else lambda vectors: vectors
        self.table = rounded(torch.randn(items, SIZE, generator=generator))
        self.targets = torch.randint(items, (examples,), generator=generator).numpy()
        self.states = rounded(torch.randn(examples, SIZE, generator=generator) + PULL * self.table[self.targets])
        self.queries = self.states.numpy()
        self.own = np.einsum("ij,ij->i", self.queries, self.table.numpy()[self.targets])
        self.index = faiss.IndexFlatIP(SIZE)
        self.index.add(self.table.numpy())
        self.few = max(1, min(examples, FULL_ORDER_ITEMS // items))

    def ours(self, length: int) -> Ranking:
        def score(part):
            return products(self.states[part], self.table)

        return rank(score, self.targets, len(self.table), seen=None, list_length=length)

    def all_in_order(self) -> np.ndarray:
        scores, order = self.index.search(self.queries[: self.few], len(self.table))
        return np.array([rank_in(*row) for row in zip(scores, order, self.own, self.targets, strict=False)])

    def range_search(self) -> np.ndarray:
        ranks = np.empty(len(self.targets), dtype=np.int64)
        for row, (own, target) in enumerate(zip(self.own, self.targets, strict=True)):
            # The range leaves out its own bound: take the next number below.
            bound = float(np.nextafter(own, np.float32(-np.inf)))
            _, scores, found = self.index.range_search(self.queries[row : row + 1], bound)
            ranks[row] = rank_in(scores, found, own, target)
        return ranks

    def lists(self) -> np.ndarray:
        """Scores of FAISS's lists. It breaks ties as it likes, so lists are compared by them."""
        return self.index.search(self.queries, LIST)[0]


def compare(items: int, examples: int) -> dict:
    """Shares of equal ranks and lists."""
    case = Case(items, examples, grid=True)
    ranks, ordered = case.ours(0).ranks, case.all_in_order()
    mine = case.ours(LIST).scores.values.reshape(examples, LIST)
    return {
        "ranksEqualToRangeSearch": float((ranks == case.range_search()).mean()),
        "ranksEqualToAllInOrder": float((ranks[: len(ordered)] == ordered).mean()),
        "listsEqual": float((mine == case.lists()).all(1).mean()),
    }


def measure(items: int, examples: int) -> dict:
    case = Case(items, examples, grid=False)
    median = int(np.median(case.ours(0).ranks))
    faiss_ranks = {"all items in order": best_seconds(case.all_in_order) * examples / case.few}
    faiss_ranks |= {"range search": best_seconds(case.range_search)}
    faiss_lists = best_seconds(case.lists)
    ranks, lists = best_seconds(lambda: case.ours(0)), best_seconds(lambda: case.ours(LIST))
    return {
        "items": items,
        "examples": examples,
        "medianRank": median,
        "equal": compare(items, examples),
        "ranks": {
            "oursExamplesPerSecond": round(examples / ranks),
            "faissExamplesPerSecond": {way: round(examples / seconds) for way, seconds in faiss_ranks.items()},
            "timesFaiss": round(min(faiss_ranks.values()) / ranks, 2),
        },
        "lists": {
            "oursExamplesPerSecond": round(examples / lists),
            "faissExamplesPerSecond": round(examples / faiss_lists),
            "timesFaiss": round(faiss_lists / lists, 2),
        },
    }


if __name__ == "__main__":
    torch.set_num_threads(1)
    faiss.omp_set_num_threads(1)
    cases = {name: measure(*case) for name, case in CASES.items()}
    document = {"dimensions": SIZE, "listLength": LIST, "cpuSecondsOf": f"fastest of {ROUNDS}", "cases": cases}
    write_results("exact-ranking", 1, ["numpy", "torch", "faiss-cpu"], document)
