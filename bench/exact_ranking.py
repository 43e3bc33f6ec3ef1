"""Exact ranking throughput: `atelier_trainer.ranking` against FAISS's flat index, one thread, the same vectors.

Two tasks. `ranks`: the rank of each example's ground truth among all items, which is what a baseline is measured by.
FAISS has no such question; it is asked in the two ways that it can be (all items in order; a range search per example
from the ground truth's score up) and the faster one counts. `lists`: the best 100 items, which is FAISS's home ground.
Here ours finds the exact ranks besides. See bench/README.md for the command.
"""

from __future__ import annotations

import os

os.environ["OMP_NUM_THREADS"] = "1"

import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parents[1] / "packages" / "trainer")]

import faiss
import numpy as np
import torch
from machine import write_results

from atelier_trainer.ranking import products, rank

SIZE, LIST, ROUNDS = 64, 100, 3
CASES = {"Beauty": (12_101, 4_000), "Luggage & Bags": (61_550, 2_000), "Clothing": (1_386_910, 128)}
"""Items and examples. Catalogue sizes are those of Beauty and of the paper's smallest and largest category."""

FULL_ORDER_EXAMPLES = 64
"""All items in order take FAISS so long that fewer examples are timed, and the time is scaled up."""


def best_seconds(run: Callable[[], object]) -> float:
    """CPU seconds of the fastest of some rounds: other work on the machine only ever adds."""
    times = []
    for _ in range(ROUNDS):
        started = time.process_time()
        run()
        times.append(time.process_time() - started)
    return min(times)


def measure(items: int, examples: int) -> dict:
    generator = torch.Generator().manual_seed(1)
    table = torch.randn(items, SIZE, generator=generator)
    states = torch.randn(examples, SIZE, generator=generator)
    targets = torch.randint(items, (examples,), generator=generator).numpy()
    index = faiss.IndexFlatIP(SIZE)
    index.add(table.numpy())
    queries = states.numpy()
    own = np.einsum("ij,ij->i", queries, table.numpy()[targets])

    def ours(length: int):
        return rank(lambda part: products(states[part], table), targets, items, seen=None, list_length=length)

    def faiss_full_order() -> np.ndarray:
        few = min(examples, FULL_ORDER_EXAMPLES)
        _, order = index.search(queries[:few], items)
        return 1 + (order == targets[:few, None]).argmax(1)

    def faiss_ranges() -> np.ndarray:
        # A little below the ground truth's score, so that it is found itself whatever the last bit of its product.
        ranks = np.empty(examples, dtype=np.int64)
        for row in range(examples):
            _, scores, found = index.range_search(queries[row : row + 1], float(own[row] - 1e-4))
            ranks[row] = 1 + np.count_nonzero(scores > scores[found == targets[row]])
        return ranks

    ranks = ours(0).ranks
    ranged, ordered = faiss_ranges(), faiss_full_order()
    listed = index.search(queries, LIST)[1]
    mine = ours(LIST).items.values.reshape(examples, LIST)
    full = best_seconds(faiss_full_order) * examples / min(examples, FULL_ORDER_EXAMPLES)
    ways = {"all items in order": full, "range search": best_seconds(faiss_ranges)}
    times = {"ranks": best_seconds(lambda: ours(0)), "lists": best_seconds(lambda: ours(LIST))}
    lists = best_seconds(lambda: index.search(queries, LIST))
    return {
        "items": items,
        "examples": examples,
        "ranks": {
            "oursExamplesPerSecond": round(examples / times["ranks"]),
            "faissExamplesPerSecond": {way: round(examples / seconds) for way, seconds in ways.items()},
            "timesFaiss": round(min(ways.values()) / times["ranks"], 2),
            "equalRanks": float((ranks == ranged).mean()),
            "equalRanksFullOrder": float((ranks[: len(ordered)] == ordered).mean()),
            "largestDifference": int(np.abs(ranks - ranged).max()),
        },
        "lists": {
            "oursExamplesPerSecond": round(examples / times["lists"]),
            "faissExamplesPerSecond": round(examples / lists),
            "timesFaiss": round(lists / times["lists"], 2),
            "equalLists": float((mine == listed).all(1).mean()),
        },
        "ranksAgainstFaissLists": round(lists / times["ranks"], 2),
    }


if __name__ == "__main__":
    torch.set_num_threads(1)
    faiss.omp_set_num_threads(1)
    cases = {name: measure(*case) for name, case in CASES.items()}
    document = {"dimensions": SIZE, "listLength": LIST, "cpuSecondsOf": f"fastest of {ROUNDS}", "cases": cases}
    write_results("exact-ranking", 1, ["numpy", "torch", "faiss-cpu"], document)
