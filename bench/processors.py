"""How far the trainer's results depend on the processor and the number of threads.

Runs miniature stages on one seeded log: as this processor is, again (what chance there is without any change), with two
threads, and as on a processor with AVX2 and no AVX-512. Compares the ranks that come out. Each run is a process of its
own, as in the product.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import yaml
from machine import write_results

ROOT = Path(__file__).resolve().parents[1]
TRAINER = ROOT / "packages" / "trainer"
sys.path[:0] = [str(TRAINER), str(TRAINER / "tests")]

from conftest import spec_of, write_log  # noqa: E402

LESSER = {"ONEDNN_MAX_CPU_ISA": "AVX2", "ATEN_CPU_CAPABILITY": "avx2"}
WAYS = {"again": (1, {}), "two threads": (2, {}), "AVX2": (1, LESSER)}
KINDS, COLORS, BRANDS = (["bag", "coat", "shoe", "hat"], ["red", "blue", "green", "black", "white"], ["Nord", "Acme"])


def seeded_log(root: Path, users: int) -> dict[str, str]:
    """Shoppers who stay with a kind of product and search for it; 160 products, some with equal titles."""
    rng = np.random.default_rng(1)
    products = [(kind, color, brand) for kind in KINDS for color in COLORS for brand in BRANDS for _ in range(4)]
    titles = [f"{brand} {color} {kind}" for kind, color, brand in products]
    log = []
    for _ in range(users):
        kind = rng.integers(len(KINDS))
        own = np.flatnonzero([KINDS.index(product[0]) == kind for product in products])
        history = []
        for _ in range(rng.integers(4, 9)):
            item = int(rng.choice(own))
            history += [("search", f"{products[item][1]} {KINDS[kind]}"), ("purchase", item + 1)]
        log.append(history)
    inputs = write_log(root, log, titles)
    items = pq.read_table(root / "dataset" / "items.parquet")
    words = [json.dumps({"color": color, "brand": brand}) for _, color, brand in products]
    pq.write_table(items.append_column("attributes", [words]), root / "dataset" / "items.parquet")
    return inputs


def run_once(params: dict, inputs: dict[str, str], folder: Path, threads: int, variables: dict[str, str]) -> dict:
    folder.mkdir(parents=True)
    spec = spec_of("baseline", params, inputs, folder / "out") | {"threads": threads}
    (folder / "spec.json").write_text(json.dumps(spec))
    command = [sys.executable, "-m", "atelier_trainer", "run", str(folder / "spec.json")]
    subprocess.run(
        command, cwd=TRAINER, env=os.environ | variables, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    table = pq.read_table(folder / "out" / "ranks.parquet")
    ranks = table["rank"].to_numpy()
    lists = np.array([row[:10] for row in table["items"].to_pylist()])
    gains = np.where(ranks <= 10, 1 / np.log2(1 + ranks), 0)
    return {"ranks": ranks, "lists": lists, "ndcg": float(gains.mean())}


def compared(base: dict, other: dict) -> dict:
    shared = [len(set(a) & set(b)) / 10 for a, b in zip(base["lists"], other["lists"], strict=True)]
    return {
        "equal ranks": round(float((base["ranks"] == other["ranks"]).mean()), 4),
        "shared of the best ten": round(float(np.mean(shared)), 4),
        "difference in ndcg@10": round(other["ndcg"] - base["ndcg"], 4),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--users", type=int, default=400)
    parser.add_argument("--models", nargs="+", default=["popularity", "sasrec", "core", "recformer"])
    options = parser.parse_args()
    preset = yaml.safe_load((ROOT / "suites" / "presets" / "miniature.yaml").read_text())
    found = {}
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        inputs = seeded_log(root / "log", options.users)
        for model in options.models:
            params = preset["baselines"][model]
            base = run_once(params, inputs, root / model / "base", 1, {})
            ways = {
                way: compared(base, run_once(params, inputs, root / model / way.replace(" ", "-"), threads, variables))
                for way, (threads, variables) in WAYS.items()
            }
            found[model] = {"ndcg@10": round(base["ndcg"], 4), "against": ways}
            print(model, json.dumps(found[model]), flush=True)
    write_results("processors", 1, ["torch", "numpy"], {"users": options.users, "models": found})


if __name__ == "__main__":
    main()
