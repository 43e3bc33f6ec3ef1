"""base-model: the language model that fine-tuning starts from, made here from scratch or taken from a folder."""

from __future__ import annotations

import hashlib
import json
import math
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch

from ..device import pick_device
from ..errors import BadData, BadSpec
from ..llm.batching import length_batches
from ..llm.catalogue import Product, read_products
from ..llm.evaluation import mean_loss
from ..llm.forward import decoder
from ..llm.loading import LINK, load_base_model
from ..llm.loss import Batch
from ..llm.optimiser import Trainer
from ..llm.prompts import TokenRow, TokenRows, encode_texts, encode_training, read_prompts
from ..llm.scratch import MAX_POSITIONS, ItemTable, build_falcon, pretraining_loss
from ..llm.tokenizer import train_tokenizer

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

    from ..events import EventWriter
    from ..params import BaseModelParams
    from ..spec import StageSpec
    from . import Result

# Catalogue text read in an epoch, as a share of the prompts' tokens: enough to tie ids to titles.
CATALOGUE_SHARE = 0.3
# Catalogue documents are short, so that a batch takes more of them.
DOCUMENTS_PER_PROMPT = 4


def run(spec: StageSpec, events: EventWriter) -> Result:
    """Write the base model to `spec.output`; a model given by path stays where it is and is linked."""
    if spec.params.source == "path":
        return _link(spec, events)
    return _train(spec, events)


def _link(spec: StageSpec, events: EventWriter) -> Result:
    if not spec.params.path:
        raise BadSpec("params.path must name a folder when params.source is path")
    source = Path(spec.params.path)
    weights = sorted(source.glob("*.safetensors"))
    missing = [name for name in ("config.json",) if not (source / name).is_file()]
    if missing or not weights:
        raise BadData(f"{source} is no model folder: it lacks {', '.join(missing) or 'safetensors files'}")
    # The config is copied for readers of the record; its hash and the sizes say later whether the folder has changed.
    shutil.copyfile(source / "config.json", spec.output / "config.json")
    link = {
        "path": str(source.resolve()),
        "configSha256": hashlib.sha256((source / "config.json").read_bytes()).hexdigest(),
        "weights": [{"name": file.name, "sizeBytes": file.stat().st_size} for file in weights],
    }
    (spec.output / LINK).write_text(json.dumps(link, indent=1), encoding="utf-8")
    model, tokenizer = load_base_model(spec.output, torch.device("cpu"), training=False)
    events.log(f"{type(model).__name__} at {source}")
    return {"source": "path", "parameters": model.num_parameters(), "vocabulary": len(tokenizer)}


def _train(spec: StageSpec, events: EventWriter) -> Result:
    params: BaseModelParams = spec.params
    if params.hidden_size % params.heads or (params.hidden_size // params.heads) % 2:
        raise BadSpec(f"hiddenSize {params.hidden_size} must be an even multiple of heads {params.heads}")
    device = pick_device(spec.device)
    table = read_prompts(spec.input("prompts"), "train")
    products = read_products(spec.input("dataset"), table.prompts)
    documents = [product.document() for product in products]
    events.log(f"training a tokenizer on {len(documents)} products and {len(table)} prompts")
    tokenizer = train_tokenizer(
        [*documents, *table.prompts], [product.item_id for product in products], params.vocabulary_size
    )
    prompts = encode_training(tokenizer, table, max_tokens=MAX_POSITIONS, prompt_weight=1.0)
    if prompts.truncated:
        events.warning(
            f"{prompts.truncated} prompts are longer than {MAX_POSITIONS} tokens; their oldest part is left out"
        )
    model = build_falcon(tokenizer, hidden_size=params.hidden_size, layers=params.layers, heads=params.heads).to(device)
    items = _item_table(model.get_input_embeddings().weight, tokenizer, products).to(device)
    trainer = _pretrain(model, items, prompts, _document_rows(tokenizer, documents), params, spec.seed, events)
    with torch.no_grad():
        model.get_input_embeddings().weight.copy_(items.table())
    result = {
        "source": "scratch",
        "parameters": model.num_parameters(),
        "vocabulary": len(tokenizer),
        "steps": trainer.step,
        "tokensPerSecond": round(trainer.tokens_per_second),
    }
    valid = read_prompts(spec.input("prompts"), "valid")
    if len(valid):
        rows = encode_training(tokenizer, valid, max_tokens=MAX_POSITIONS)
        result["validLoss"] = mean_loss(model, rows, params.batch_size)
        events.metric("loss", result["validLoss"], trainer.step, "valid")
    model.save_pretrained(spec.output, safe_serialization=True)
    tokenizer.save_pretrained(spec.output)
    return result


def _item_table(words: torch.Tensor, tokenizer: PreTrainedTokenizerBase, products: list[Product]) -> ItemTable:
    tokens = tokenizer.convert_tokens_to_ids([str(product.item_id) for product in products])
    # Ids 1 to 9 share the tokens of digits, which are words; all others come after the words, in this order.
    first_id = len(tokenizer) - sum(product.item_id > 9 for product in products)
    contents = encode_texts(tokenizer, [product.content() for product in products])
    own = sorted((token, content) for token, content in zip(tokens, contents, strict=True) if token >= first_id)
    return ItemTable(words, first_id, [[token for token in content if token < first_id] for _, content in own])


def _document_rows(tokenizer: PreTrainedTokenizerBase, documents: list[str]) -> TokenRows:
    rows = []
    for tokens in encode_texts(tokenizer, documents):
        tokens = [*tokens, tokenizer.eos_token_id][:MAX_POSITIONS]
        rows.append(TokenRow(tokens, np.ones(len(tokens), dtype=np.float32)))
    return TokenRows([], rows, 0)


def _pretrain(
    model: torch.nn.Module,
    items: ItemTable,
    prompts: TokenRows,
    documents: TokenRows,
    params: BaseModelParams,
    seed: int,
    events: EventWriter,
) -> Trainer:
    """Next-token training on prompts with their responses and on a fresh share of the catalogue each epoch."""
    rng = np.random.default_rng(seed)
    epochs = [_epoch(prompts, documents, params.batch_size, rng) for _ in range(math.ceil(params.epochs))]
    last = params.epochs - math.floor(params.epochs)
    if last:
        epochs[-1] = epochs[-1][: max(1, round(len(epochs[-1]) * last))]
    shapes = [parameter for parameter in decoder(model).h.parameters()]
    trainer = Trainer(
        [*shapes, *decoder(model).ln_f.parameters(), *items.parameters()],
        learning_rate=params.learning_rate,
        steps=sum(map(len, epochs)),
        events=events,
    )
    model.train()
    for number, batches in enumerate(epochs, 1):
        trainer.run(
            f"epoch {number}",
            batches,
            lambda batch: sum(len(batch[0].rows[row].tokens) for row in batch[1]),
            lambda batch: pretraining_loss(model, items, Batch.of(batch[0], batch[1], model.device)),
        )
    model.eval()
    return trainer


def _epoch(
    prompts: TokenRows, documents: TokenRows, batch_size: int, rng: np.random.Generator
) -> list[tuple[TokenRows, np.ndarray]]:
    picked = rng.permutation(len(documents.rows))
    lengths = np.array(documents.lengths)[picked]
    picked = picked[np.cumsum(lengths) <= CATALOGUE_SHARE * sum(prompts.lengths)]
    batches = [(prompts, rows) for rows in length_batches(prompts.lengths, batch_size, rng)]
    if len(picked):
        groups = length_batches([documents.lengths[row] for row in picked], batch_size * DOCUMENTS_PER_PROMPT, rng)
        batches += [(documents, picked[rows]) for rows in groups]
    order = rng.permutation(len(batches))
    return [batches[place] for place in order]
