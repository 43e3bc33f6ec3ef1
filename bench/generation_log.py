"""Prompts for the generation benchmark, in the words of the template compact-1 (about 250 tokens of SmolLM2)."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

HEAD = (
    "### Instruction: Recommend the product that this user buys next. Mind the order of the actions, color, size, "
    "season and occasion. Prefer one of the candidates. Answer with {<id>id</id>,<title>title</title>}.\n### Input: "
    "The user "
)
BRANDS = ["Nordhaven", "Lumera", "Castelle", "Birk & Sons", "Oriel", "Fenwood"]
STYLES = ["Slim", "Quilted", "Classic", "Lightweight", "Vintage", "Structured"]
MATERIALS = ["Leather", "Canvas", "Nylon", "Suede", "Cotton"]
KINDS = ["Tote Bag", "Crossbody Purse", "Travel Duffel", "Laptop Backpack", "Bifold Wallet"]
ENDS = ["for Women", "for Men", "with Zip Pocket", "with Adjustable Strap"]
COLORS = ["Black", "Navy", "Camel", "Olive", "Burgundy", "Grey"]
CANDIDATES = 5


def write_log(root: Path, *, items: int, train: int, test: int, seed: int) -> dict[str, str]:
    """Write `dataset` and `prompts` folders and return them as a stage's inputs.

    A shopper who clicked two products of one kind and brand buys, seven times in ten, the first candidate that matches
    them; ids have up to six digits and say nothing.
    """
    rng = np.random.default_rng(seed)
    ids = np.sort(rng.choice(np.arange(1, 200_000), items, replace=False))
    products = [[rng.choice(words) for words in (BRANDS, STYLES, MATERIALS, KINDS, ENDS, COLORS)] for _ in ids]
    titles = [" ".join(words[:5]) + ", " + words[5] for words in products]
    kinds = np.array([KINDS.index(words[3]) for words in products])
    rows = []
    for example in range(train + test):
        kind = rng.integers(len(KINDS))
        own = rng.choice(np.flatnonzero(kinds == kind), CANDIDATES, replace=False)
        target = int(own[0] if rng.random() < 0.7 else rng.choice(own))
        clicked = rng.choice(np.flatnonzero(kinds == kind), 3, replace=False)
        clicks = "; ".join(f"clicked {ids[item]}: {titles[item]}" for item in clicked)
        listed = "".join(f"\n{ids[item]}: {titles[item]}" for item in own)
        query = f"{products[target][2]} {KINDS[kind]}".lower()
        rows.append(
            {
                "example_id": example,
                "split": "train" if example < train else "test",
                "prompt": f"{HEAD}{clicks}; searched <{query}>. Candidates:{listed}\n### Response: ",
                "response": f"{{<id>{ids[target]}</id>,<title>{titles[target]}</title>}}",
                "target_item": int(ids[target]),
                "candidates": [int(ids[item]) for item in own],
                "target_at": int(np.flatnonzero(own == target)[0]) + 1,
                "dropped_events": 0,
                "shown": "id",
            }
        )
    for folder in ("dataset", "prompts"):
        (root / folder).mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.Table.from_pylist(rows), root / "prompts" / "prompts.parquet")
    form = {"contract": 1, "template": "compact-1", "idForm": "plain", "candidates": True, "namedAttributes": []}
    (root / "prompts" / "form.json").write_text(json.dumps(form))
    item_ids = pa.array(ids, pa.int32())
    id_texts = {"item_id": item_ids, "id_text": [str(item) for item in ids]}
    pq.write_table(pa.table(id_texts), root / "prompts" / "id_texts.parquet")
    attributes = [json.dumps({"color": words[5]}) for words in products]
    catalogue = {"item_id": item_ids, "title": titles, "attributes": attributes}
    pq.write_table(pa.table(catalogue), root / "dataset" / "items.parquet")
    return {name: str(root / name) for name in ("dataset", "prompts")}
