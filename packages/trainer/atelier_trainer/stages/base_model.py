"""base-model: the language model that fine-tuning starts from, made here from scratch or taken from elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import torch

from ..checkpoints import Checkpoints
from ..device import pick_device
from ..errors import BadSpec
from ..llm.base.loading import described_base_model
from ..llm.base.scratch import MAX_POSITIONS, build_falcon, item_table
from ..llm.base.sources import convert_gguf, from_folder, hub_folder, package_file
from ..llm.base.tokenizer import train_tokenizer
from ..llm.base.transfer import IdTokens, transfer
from ..llm.text.catalogue import read_products
from ..llm.text.form import read_form
from ..llm.text.prompts import encode_training, read_prompts
from ..llm.training.evaluation import mean_loss
from ..llm.training.pretraining import document_rows, pretrain

if TYPE_CHECKING:
    from ..events import EventWriter
    from ..params import BaseModelParams
    from ..spec import StageSpec
    from . import Result


def run(spec: StageSpec, events: EventWriter) -> Result:
    """Write the base model to `spec.output`; a model that has a folder of its own stays there and is linked."""
    params: BaseModelParams = spec.params
    match params.source:
        case "scratch":
            return _train(spec, events)
        case "transfer":
            return _transfer(spec, events)
        case "package":
            file = package_file(params.model, params.resolved)
            events.log(f"converting {file.name}")
            convert_gguf(file, spec.output)
        case "hub":
            folder = hub_folder(_model(params), params.resolved or params.revision)
            # The cache names a snapshot's folder by its commit.
            events.log(f"{params.model} at commit {folder.name}")
            from_folder(folder, spec.output, hub=(_model(params).split("@")[0], folder.name))
        case "path":
            from_folder(Path(_model(params)), spec.output, params.resolved)
    shape = described_base_model(spec.output)
    events.log(f"{shape.architecture}, weights in {shape.dtype}")
    return {"source": params.source, "parameters": shape.parameters, "vocabulary": shape.vocabulary}


def _model(params: BaseModelParams) -> str:
    if not params.model:
        raise BadSpec(f"params.model must name a {'folder' if params.source == 'path' else 'hub id'}")
    return params.model


def _transfer(spec: StageSpec, events: EventWriter) -> Result:
    model, tokenizer, ids = transfer(spec.input("source"), spec.input("dataset"))
    model.save_pretrained(spec.output, safe_serialization=True)
    tokenizer.save_pretrained(spec.output)
    ids.save(spec.output)
    items = len(tokenizer) - ids.first_id
    events.log(f"{items} ids in the place of the source's")
    return {"source": "transfer", "parameters": model.num_parameters(), "vocabulary": len(tokenizer), "items": items}


def _train(spec: StageSpec, events: EventWriter) -> Result:
    params: BaseModelParams = spec.params
    device = pick_device(spec.device)
    table = read_prompts(spec.input("prompts"), "train")
    # An ablation without attributes must not meet them here either.
    attributes = read_form(spec.input("prompts")).named_attributes
    products = read_products(spec.input("dataset"), attributes)
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
    items = item_table(model.get_input_embeddings().weight, tokenizer, products).to(device)
    read = document_rows(tokenizer, documents)
    trainer = pretrain(
        model, items, prompts, read, params, spec.seed, events, Checkpoints.of(spec, events), spec.rows_at_once
    )
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
    IdTokens(len(items.words), attributes).save(spec.output)
    return result
