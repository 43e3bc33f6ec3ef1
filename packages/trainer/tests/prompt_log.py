"""A tiny catalogue with prompts, in the layout of the dataset and prompts stages."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import torch

if TYPE_CHECKING:
    from transformers import PreTrainedModel

COLORS = ["Black", "Red", "Blue", "Green", "White", "Pink"]
TYPES = ["Tote", "Clutch", "Backpack", "Wallet", "Duffel"]
HEAD = (
    "Below is an instruction that describes a task, paired with an input.\n### Instruction: Given the sequence of user "
    "interactions, recommend a product. The output must strictly follow {<id>id</id>,<title>title</title>} format.\n"
    "### Input: "
)
BASE = {
    "source": "scratch",
    "model": None,
    "vocabularySize": 400,
    "hiddenSize": 32,
    "layers": 2,
    "heads": 2,
    "epochs": 1,
    "batchSize": 8,
    "learningRate": 0.003,
}
FINE_TUNE = {
    "loraRank": 16,
    "loraAlpha": 16,
    "loraDropout": 0.05,
    "epochs": 1,
    "hardEpochs": 2,
    "hardShare": 0.25,
    "batchSize": 8,
    "learningRate": 0.002,
    "maxTokens": 512,
    "idWeight": 3,
    "idWeightAbsent": 0.3,
    "frozenShare": 0,
    "quantization": "none",
    "gradientCheckpointing": False,
    "packing": False,
}
GENERATE = {
    "decoding": "constrained",
    "maxNewTokens": 40,
    "temperature": 0.05,
    "topP": 0.95,
    "batchSize": 4,
    "validPrompts": 0,
    "likelihood": False,
}


FORM = {"contract": 1, "template": "paper-1", "idForm": "plain", "candidates": True, "namedAttributes": ["color"]}


def title(item: int) -> str:
    return f"{COLORS[item % 6]} {TYPES[item % 5]} {10 + item} inch"


def prompt(item: int, candidates: list[int]) -> str:
    shown = f'{{"id": "{candidates[-1]}", "title": "{title(candidates[-1])}", "color": "{COLORS[candidates[-1] % 6]}"}}'
    query = f"{COLORS[item % 6]} {TYPES[item % 5]}".lower()
    listed = ",".join(map(str, candidates))
    events = f"User search keyword <{query}>, then click product {shown}."
    return f"{HEAD}{events} Candidate product ids:[{listed}].\n### Response: "


def write_prompts(root: Path, items: int = 40, train: int = 24, test: int = 6, seed: int = 0) -> dict[str, str]:
    """Write `dataset` and `prompts` folders and return them as a spec's inputs."""
    rng = np.random.default_rng(seed)
    rows = []
    for example in range(train + 4 + test):
        split = "train" if example < train else "valid" if example < train + 4 else "test"
        target, *others = (int(item) for item in rng.choice(np.arange(1, items + 1), 5, replace=False))
        candidates = others if example % 4 == 3 else [*others[:2], target, *others[2:]]
        rows.append(
            {
                "example_id": 100 + example,
                "split": split,
                "prompt": prompt(target, candidates),
                "response": f"{{<id>{target}</id>,<title>{title(target)}</title>}}",
                "target_item": target,
                "candidates": candidates,
                "target_at": candidates.index(target) + 1 if target in candidates else 0,
                "dropped_events": 0,
                "shown": "id" if target in candidates else "none",
            }
        )
    for folder in ("dataset", "prompts"):
        (root / folder).mkdir(parents=True)
    pq.write_table(pa.Table.from_pylist(rows), root / "prompts" / "prompts.parquet")
    catalogue = {
        "item_id": pa.array(range(1, items + 1), pa.int32()),
        "title": [title(item) for item in range(1, items + 1)],
        "attributes": [json.dumps({"color": COLORS[item % 6]}) for item in range(1, items + 1)],
    }
    pq.write_table(pa.table(catalogue), root / "dataset" / "items.parquet")
    id_texts = {"item_id": catalogue["item_id"], "id_text": [str(item) for item in range(1, items + 1)]}
    pq.write_table(pa.table(id_texts), root / "prompts" / "id_texts.parquet")
    (root / "prompts" / "form.json").write_text(json.dumps(FORM))
    return {name: str(root / name) for name in ("dataset", "prompts")}


def untrained_llama(vocabulary: int, **changes: object) -> PreTrainedModel:
    """Two layers, two heads to each group of keys and values, weights that make a difference."""
    from transformers import LlamaConfig, LlamaForCausalLM

    torch.manual_seed(3)
    sizes = {"hidden_size": 32, "intermediate_size": 48, "num_hidden_layers": 2, "num_attention_heads": 4}
    sizes |= {"num_key_value_heads": 2, "vocab_size": vocabulary, "tie_word_embeddings": True}
    model = LlamaForCausalLM(LlamaConfig(**sizes | changes)).eval()
    for parameter in model.parameters():
        parameter.data += 0.3 * torch.randn_like(parameter)
    return model
