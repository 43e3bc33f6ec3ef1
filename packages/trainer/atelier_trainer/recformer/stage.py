"""The `baseline` stage of the model `recformer`: train or, from a source, only rank."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import nn

from ..checkpoints import Checkpoints
from ..data.catalogue import Catalogue
from ..data.pairs import read_queries
from ..data.sequences import Events, Examples, Windows, validation_examples
from ..device import pick_device
from ..events import EventWriter
from ..models.popularity import popularity
from ..params import RecformerParams
from ..ranking import Ranked, Ranking
from ..spec import StageSpec
from ..tables import write_vectors
from .encoding import Encoder
from .fine_tuning import FineTuner, Stopping
from .inputs import InputBuilder
from .model import Recformer, Shape
from .positions import Searches, Targets, example_histories, training_targets
from .pretraining import pretrain
from .storage import load, save, start_from_minilm
from .text import Attributes, Vocabulary, read_attributes

if TYPE_CHECKING:
    from .longformer import LongformerRecformer


def rank_with_recformer(
    spec: StageSpec,
    params: RecformerParams,
    log: Events,
    examples: dict[str, Examples],
    catalogue: Catalogue,
    events: EventWriter,
) -> Ranked:
    """Train on this dataset or, where the inputs name a `source`, take that model as it is (zero-shot)."""
    stage = _Stage(spec, params, log, examples, catalogue, events)
    return stage.transfer() if "source" in spec.inputs else stage.train()


class _Stage:
    def __init__(
        self,
        spec: StageSpec,
        params: RecformerParams,
        log: Events,
        examples: dict[str, Examples],
        catalogue: Catalogue,
        events: EventWriter,
    ):
        self.spec, self.params, self.log, self.catalogue, self.events = spec, params, log, catalogue, events
        self.items = read_attributes(spec.input("dataset"), catalogue.ids)
        self.queries: list[Attributes] = []
        self.examples = examples
        self.searches: Searches | None = None
        if params.query:
            _, texts = read_queries(spec.input("split"))
            self.queries = [[("query", text)] for text in texts]
            self.searches = Searches.read(spec.input("split"))

    def transfer(self) -> Ranked:
        """Zero-shot: nothing of this dataset's log is learned from, popularity for empty histories included."""
        model, vocabulary = load(self.spec.input("source"))
        encoder = self.encoder(model, vocabulary)
        items = encoder.encode_items(lambda done, total: self.events.progress("items", done, total, "items"))
        save(self.spec.output, model, vocabulary, self.params.query)
        return self.ranked(encoder, items, None, {"zeroShot": True, "parameters": _count(model)})

    def train(self) -> Ranked:
        params, seed = self.params, self.spec.seed
        training, stopping, borrowed = validation_examples(self.log, self.examples, seed)
        if borrowed:
            self.events.warning(
                f"no validation examples: stopping on {len(stopping)} purchases taken out of training",
                "borrowed-validation",
            )
        targets = training_targets(training, params.max_length, self.searches)
        self.events.log(f"{targets.users.max() + 1} training sequences, {len(targets)} targets")
        model, vocabulary = self.untrained(targets)
        encoder = self.encoder(model, vocabulary)
        lengths = encoder.builder.lengths(targets.histories)
        self.events.log(f"{len(vocabulary)} words; a sequence has {lengths.mean():.0f} tokens, at most {lengths.max()}")
        shared = {"batch_size": params.batch_size, "learning_rate": params.learning_rate}
        shared |= {"temperature": params.temperature, "seed": seed, "events": self.events}
        shared |= {"checkpoints": Checkpoints.of(self.spec, self.events)}
        pretrain(
            encoder,
            targets,
            vocabulary,
            epochs=params.pretrain_epochs,
            mask_share=params.mask_share,
            mask_weight=params.mask_weight,
            **shared,
        )
        fallback = torch.from_numpy(popularity(training, len(self.catalogue))).to(encoder.device)
        histories = example_histories(self.log, stopping, params.max_length, params.query)
        held = Stopping(histories, stopping.targets, self.seen(stopping), fallback)
        tuned = FineTuner(encoder, targets, held, **shared).run(
            params.max_epochs, params.patience, params.refine_epochs
        )
        save(self.spec.output, model, vocabulary, params.query)
        write_vectors(self.spec.output / "item_vectors.parquet", self.catalogue.ids, tuned.items.cpu().numpy())
        summary = {"epochs": tuned.epochs, "bestEpoch": tuned.best_epoch, "refined": tuned.refined}
        summary |= {"valid ndcg@10": tuned.best_ndcg, "targetsPerSecond": round(tuned.targets_per_second)}
        return self.ranked(encoder, tuned.items, fallback, summary | {"parameters": _count(model)})

    def untrained(self, targets: Targets) -> tuple[Recformer | LongformerRecformer, Vocabulary]:
        params = self.params
        if params.text_encoder == "minilm":
            return start_from_minilm(params.max_length, params.max_tokens, params.dropout)
        if params.text_encoder == "longformer":
            from .longformer import longformer_folder, start_from_longformer

            folder = longformer_folder(params.text_model, params.resolved)
            self.events.log(f"starting from the Longformer at {folder}")
            return start_from_longformer(
                folder, max_items=params.max_length, max_tokens=params.max_tokens, dropout=params.dropout
            )
        asked = np.unique(targets.histories.queries[targets.histories.queries >= 0])
        vocabulary = Vocabulary.learn([*self.items, *(self.queries[row] for row in asked)], params.vocabulary_size)
        shape = Shape(
            vocabulary=len(vocabulary),
            hidden=params.hidden_size,
            layers=params.layers,
            heads=params.heads,
            inner=4 * params.hidden_size,
            max_tokens=params.max_tokens,
            max_items=params.max_length,
            dropout=params.dropout,
        )
        return Recformer(shape), vocabulary

    def encoder(self, model: Recformer | LongformerRecformer, vocabulary: Vocabulary) -> Encoder:
        items, queries = (
            vocabulary.tokenise(texts, self.params.max_attribute_tokens) for texts in (self.items, self.queries)
        )
        builder = InputBuilder(vocabulary.control(), queries, items, model.shape.max_tokens, vocabulary.pad)
        return Encoder(model, builder, pick_device(self.spec.device))

    def ranked(self, encoder: Encoder, items: torch.Tensor, fallback: torch.Tensor | None, summary: dict) -> Ranked:
        def ranking(name: str) -> Ranking:
            examples = self.examples[name]
            return encoder.rank(
                example_histories(self.log, examples, encoder.model.shape.max_items, self.params.query),
                examples.targets,
                items,
                temperature=self.params.temperature,
                fallback=fallback,
                seen=self.seen(examples),
                list_length=self.params.list_length,
                progress=lambda done, total: self.events.progress(f"ranking {name}", done, total, "examples"),
            )

        return Ranked(ranking("test"), ranking("valid"), summary)

    def seen(self, examples: Examples) -> Windows | None:
        return self.log.before(examples.users, examples.orders) if self.params.mask_seen else None


def _count(model: nn.Module) -> int:
    return sum(weight.numel() for weight in model.parameters())
