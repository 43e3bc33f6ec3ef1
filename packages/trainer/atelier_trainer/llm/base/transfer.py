"""A scratch model taken to another catalogue without training (the paper's zero-shot setting, section 5.4).

Words, layers and norms stay as they are. The source's id tokens go, and the other catalogue's take their place, each
with the vector that its product's words make (`ItemTable`) and no part of its own, as an untrained item has. All
adapted layers keep their shapes, so the source's LoRA adapter fits.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import torch

from ...errors import BadData
from ..text.catalogue import Product, read_products
from .loading import load_base_model
from .scratch import ItemTable, item_table
from .tokenizer import exchange_ids

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerFast

# Beside a scratch model: what its id tokens were made of.
ITEMS = "items.json"


@dataclass(frozen=True)
class IdTokens:
    """`first_id`: the first token that is an item of its own. `attributes`: the keys whose words its vectors hold."""

    first_id: int
    attributes: list[str]

    def save(self, folder: Path) -> None:
        (folder / ITEMS).write_text(json.dumps(asdict(self), indent=1), encoding="utf-8")

    @staticmethod
    def load(folder: Path) -> IdTokens:
        """Raises BadData where the folder holds no model made from scratch."""
        try:
            return IdTokens(**json.loads((folder / ITEMS).read_text(encoding="utf-8")))
        except FileNotFoundError:
            raise BadData(f"{folder} holds no model made from scratch: only such a one can be transferred") from None


def transfer(source: Path, dataset: Path) -> tuple[PreTrainedModel, PreTrainedTokenizerFast, IdTokens]:
    """The model of the base-model stage `source` with the ids of `dataset`."""
    known = IdTokens.load(source)
    model, tokenizer = load_base_model(source, torch.device("cpu"), training=False)
    products = read_products(dataset, known.attributes)
    tokenizer = exchange_ids(tokenizer, known.first_id, [product.item_id for product in products])
    with torch.no_grad():
        table = _untrained(model, tokenizer, products, known.first_id)
        model.resize_token_embeddings(len(table), mean_resizing=False)
        model.get_input_embeddings().weight.copy_(table)
    model.tie_weights()
    return model, tokenizer, known


def _untrained(
    model: PreTrainedModel, tokenizer: PreTrainedTokenizerFast, products: list[Product], first_id: int
) -> torch.Tensor:
    words = model.get_input_embeddings().weight[:first_id]
    items: ItemTable = item_table(words, tokenizer, products)
    items.own.zero_()
    return items.table()
