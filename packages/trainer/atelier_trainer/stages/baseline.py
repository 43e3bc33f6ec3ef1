"""`baseline`: train one model on the training events and rank every item for the test examples."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import save_model

from ..checkpoints import Checkpoints
from ..cold import ColdToken
from ..data.catalogue import Catalogue, read_catalogue
from ..data.sequences import Events, Examples, read_events, read_examples, training_windows, validation_examples
from ..device import pick_device
from ..errors import BadData, BadSpec
from ..events import EventWriter
from ..models.build import build
from ..models.popularity import popularity
from ..models.sequence_model import SequenceModel
from ..params import BaselineParams, CoreParams, IdTrainingParams, PopularityParams, RecformerParams
from ..ranking import Ranked, Ranking, metrics_at, rank
from ..receipt import write_json
from ..spec import StageSpec
from ..tables import Ragged, write_table, write_vectors
from ..training import Held, rank_held, train
from ..validation import camel
from . import Result


def run(spec: StageSpec, events: EventWriter) -> Result:
    params: BaselineParams = spec.params
    catalogue = read_catalogue(spec.input("dataset"))
    log = read_events(spec.input("split"), catalogue)
    examples = read_examples(spec.input("split"), catalogue)
    test = examples["test"]
    if not len(test):
        raise BadData("examples.parquet holds no test example: no user has two purchases")
    warn_of_short_rankings(params, log, test, catalogue, events)
    ranked = _ranker(params)(spec, params, log, examples, catalogue, events)
    write_ranks(spec.output / "ranks.parquet", test, ranked.test, catalogue)
    write_ranks(spec.output / "valid_ranks.parquet", examples["valid"], ranked.valid, catalogue)
    empty = int((log.before(test.users, test.orders).lengths == 0).sum())
    summary: Result = {"model": params.model, "testExamples": len(test), "emptyHistories": empty}
    return summary | ranked.summary | metrics_at(ranked.test.ranks)


SHORT = 10
"""With at most so many items to rank, Recall@10 is 1 whatever the order."""


def warn_of_short_rankings(
    params: BaselineParams, log: Events, test: Examples, catalogue: Catalogue, events: EventWriter
) -> None:
    """Say so where seen items are left out and some shoppers have seen nearly all there is."""
    if not params.mask_seen or len(catalogue) <= SHORT:
        return
    windows = log.before(test.users, test.orders)
    spans = zip(windows.begins, windows.ends, test.targets, strict=True)
    left = [len(catalogue) - len(set(windows.items[begin:end].tolist()) - {target}) for begin, end, target in spans]
    short = sum(count <= SHORT for count in left)
    if short:
        events.warning(
            f"{short} of {len(test)} test shoppers have seen all but {SHORT} items or fewer: with seen items left out "
            f"Recall@{SHORT} says nothing of them",
            "short-rankings",
        )


Ranker = Callable[[StageSpec, Any, Events, dict[str, Examples], Catalogue, EventWriter], Ranked]
"""Fits a model, saves it in the stage's output and ranks the test and the validation examples."""


def _ranker(params: BaselineParams) -> Ranker:
    if isinstance(params, PopularityParams):
        return _rank_by_popularity
    if isinstance(params, IdTrainingParams):
        return _train_and_rank
    if isinstance(params, RecformerParams):
        from ..recformer.stage import rank_with_recformer

        return rank_with_recformer
    raise BadSpec(f"params.model {params.model} is not implemented")


def write_ranks(path: Path, examples: Examples, ranking: Ranking, catalogue: Catalogue) -> None:
    items = Ragged(ranking.items.offsets, catalogue.ids[ranking.items.values].astype(np.int32))
    ids, ranks = examples.ids.astype(np.int32), ranking.ranks.astype(np.int32)
    write_table(path, {"example_id": ids, "rank": ranks, "items": items, "scores": ranking.scores})


def _rank_by_popularity(
    spec: StageSpec,
    params: PopularityParams,
    log: Events,
    examples: dict[str, Examples],
    catalogue: Catalogue,
    events: EventWriter,
) -> Ranked:
    if not log.train.any():
        raise BadData("nothing to learn from: no event (click or purchase) is of the training part")
    counts = torch.from_numpy(popularity(log, len(catalogue)))

    def ranking(name: str) -> Ranking:
        held = examples[name]
        return rank(
            lambda block: counts.repeat(block.stop - block.start, 1),
            held.targets,
            len(catalogue),
            seen=log.before(held.users, held.orders) if params.mask_seen else None,
            list_length=params.list_length,
            on_block=lambda done: events.progress(f"ranking {name}", done, len(held), "examples"),
        )

    return Ranked(ranking("test"), ranking("valid"), {})


def _train_and_rank(
    spec: StageSpec,
    params: IdTrainingParams,
    log: Events,
    examples: dict[str, Examples],
    catalogue: Catalogue,
    events: EventWriter,
) -> Ranked:
    device = pick_device(spec.device)
    training, stopping, borrowed = validation_examples(log, examples, spec.seed)
    if borrowed:
        events.warning(
            f"no validation examples: stopping on {len(stopping)} purchases taken out of training",
            "borrowed-validation",
        )
    windows = training_windows(training, params.max_length)
    events.log(
        f"{len(windows)} training sequences, {int((windows.lengths - 1).sum())} targets, {len(stopping)} to stop on"
    )
    counts = popularity(training, len(catalogue))
    fallback = torch.from_numpy(counts).to(device)
    cold = ColdToken(counts) if params.cold_token else None
    model = build(params, len(catalogue) + (cold is not None))

    def held(chosen: Examples) -> Held:
        return Held.of(chosen, log.before(chosen.users, chosen.orders), params.max_length, params.mask_seen, cold)

    trained = train(
        model,
        windows,
        held(stopping),
        fallback,
        # BERT4Rec and CORE know the full softmax only.
        loss=getattr(params, "loss", "ce"),
        batch_size=params.batch_size,
        learning_rate=params.learning_rate,
        max_epochs=params.max_epochs,
        patience=params.patience,
        seed=spec.seed,
        device=device,
        events=events,
        cold=cold,
        checkpoints=Checkpoints.of(spec, events),
    )

    def ranking(name: str) -> Ranking:
        count = len(examples[name])
        return rank_held(
            model,
            held(examples[name]),
            fallback,
            device,
            params.list_length,
            lambda done: events.progress(f"ranking {name}", done, count, "examples"),
        )

    save(model, params, catalogue, spec.output)
    summary: Result = {"epochs": trained.epochs, "bestEpoch": trained.best_epoch}
    summary |= {"valid ndcg@10": trained.best_ndcg, "targetsPerSecond": round(trained.targets_per_second)}
    summary |= {"parameters": sum(weight.numel() for weight in model.parameters())}
    return Ranked(ranking("test"), ranking("valid"), summary)


def save(model: SequenceModel, params: IdTrainingParams, catalogue: Catalogue, folder: Path) -> None:
    """Weights and parameters; for CORE its unit item vectors too."""
    save_model(model, str(folder / "model.safetensors"))
    shape = {camel(name): value for name, value in asdict(params).items()}
    write_json(folder / "config.json", shape | {"itemCount": len(catalogue)})
    if isinstance(params, CoreParams):
        with torch.inference_mode():
            vectors = model.eval().table()[: len(catalogue)]
        write_vectors(folder / "item_vectors.parquet", catalogue.ids, vectors.cpu().numpy())
