"""`title-encoder`: learn to place titles near the queries that they were bought from, then embed all titles."""

from __future__ import annotations

import shutil

import numpy as np
import torch

from ..checkpoints import Checkpoints
from ..checkpoints.states import Best, Totals
from ..data.catalogue import Catalogue, read_titles
from ..data.pairs import Pairs, positive_pairs, read_queries
from ..data.sequences import Examples, read_examples
from ..device import pick_device
from ..encoders import TextEncoder, load_pretrained
from ..encoders.title import (
    CONFIG,
    PRETRAINED,
    TOKENIZER,
    WEIGHTS,
    LstmTitleEncoder,
    load_title_encoder,
    padded,
    tokenise,
    train_tokenizer,
)
from ..errors import BadData, BadSpec
from ..events import EventWriter
from ..masks import rows_where
from ..models.title_lstm import TitleLstm, triplet_loss
from ..params import TitleEncoderParams
from ..ranking import ItemTable, metrics_at, rank
from ..receipt import write_json
from ..spec import StageSpec
from ..tables import write_vectors
from . import Result

WARM_UP_SHARE = 0.4
"""Share of the epochs that average over all negatives: from a random start the hardest ones collapse all vectors to one
point (Schroff et al., FaceNet, 2015, section 3.2)."""

COLLAPSED = 0.95
"""Share of twice the margin (the loss when all vectors are equal) above which hard negatives teach nothing."""


def run(spec: StageSpec, events: EventWriter) -> Result:
    params: TitleEncoderParams = spec.params
    catalogue, titles = read_titles(spec.input("dataset"))
    if params.encoder in PRETRAINED:
        return _pretrained(spec, catalogue, titles, events)
    if "source" in spec.inputs:
        return _applied(spec, catalogue, titles, events)
    query_ids, queries = read_queries(spec.input("split"))
    examples = read_examples(spec.input("split"), catalogue)
    distinct, title_of_row = np.unique(np.array(titles, dtype=object), return_inverse=True)
    pairs = positive_pairs(examples["train"], query_ids, title_of_row)
    if len(pairs) < 2:
        raise BadData(
            f"nothing to learn from: {len(pairs)} training purchases follow a search; "
            "use the title encoder minilm, or a log with queries"
        )
    if len(distinct) < 2:
        raise BadData(f"nothing to learn from: all {len(titles)} items have the same title, {distinct[0]!r}")
    asked = [queries[place] for place in np.unique(pairs.queries)]
    tokenizer = train_tokenizer([*distinct, *asked], params.vocabulary_size)
    encoder = LstmTitleEncoder(
        TitleLstm(tokenizer.get_vocab_size(), params.hidden_size), tokenizer, pick_device(spec.device)
    )
    trainer = Trainer(params, encoder, pairs, tokenise(tokenizer, queries), tokenise(tokenizer, list(distinct)), events)
    checkpoints = Checkpoints.of(spec, events)
    summary = trainer.train(examples["valid"], query_ids, title_of_row, spec.seed, checkpoints)
    encoder.save(spec.output)
    write_vectors(spec.output / "vectors.parquet", catalogue.ids, trainer.title_vectors()[title_of_row])
    return {"encoder": "lstm", "pairs": len(pairs), "vocabulary": tokenizer.get_vocab_size()} | summary


def _pretrained(spec: StageSpec, catalogue: Catalogue, titles: list[str], events: EventWriter) -> Result:
    """A generic encoder as it is."""
    params: TitleEncoderParams = spec.params
    encoder = load_pretrained(params.encoder, params.model, pick_device(spec.device), params.resolved)
    vectors = _embed(spec, encoder, catalogue, titles, events)
    known = {"encoder": params.encoder, "model": params.model, "hiddenSize": vectors.shape[1]}
    write_json(spec.output / CONFIG, known)
    return {"encoder": params.encoder, "titles": len(titles)}


def _applied(spec: StageSpec, catalogue: Catalogue, titles: list[str], events: EventWriter) -> Result:
    """An encoder trained on another dataset, without training (zero-shot; paper, section 5.4)."""
    source = spec.input("source")
    encoder = load_title_encoder(source, pick_device(spec.device))
    if not isinstance(encoder, LstmTitleEncoder):
        raise BadSpec("inputs.source must be a trained title encoder (lstm)")
    for name in (WEIGHTS, TOKENIZER, CONFIG):
        shutil.copyfile(source / name, spec.output / name)
    _embed(spec, encoder, catalogue, titles, events)
    return {"encoder": "lstm", "titles": len(titles), "vocabulary": encoder.tokenizer.get_vocab_size()}


def _embed(
    spec: StageSpec, encoder: TextEncoder, catalogue: Catalogue, titles: list[str], events: EventWriter
) -> np.ndarray:
    """Write the catalogue's vectors; equal titles are encoded once."""
    distinct, title_of_row = np.unique(np.array(titles, dtype=object), return_inverse=True)
    vectors = encoder.encode(
        list(distinct), progress=lambda done, total: events.progress("titles", done, total, "titles")
    )
    write_vectors(spec.output / "vectors.parquet", catalogue.ids, vectors[title_of_row])
    return vectors


class Trainer:
    """Trains the encoder on pairs and keeps the epoch that finds validation titles best from their queries."""

    def __init__(
        self,
        params: TitleEncoderParams,
        encoder: LstmTitleEncoder,
        pairs: Pairs,
        query_tokens: list[np.ndarray],
        title_tokens: list[np.ndarray],
        events: EventWriter,
    ):
        self.params, self.encoder, self.pairs, self.events = params, encoder, pairs, events
        self.query_tokens, self.title_tokens = query_tokens, title_tokens

    def title_vectors(self) -> np.ndarray:
        """`(distinct titles, hidden)`."""
        return self.encoder.encode_tokens(self.title_tokens)

    def train(
        self, valid: Examples, query_ids: np.ndarray, title_of_row: np.ndarray, seed: int, checkpoints: Checkpoints
    ) -> Result:
        model, size, epochs = self.encoder.model, self.params.batch_size, self.params.epochs
        optimizer = torch.optim.AdamW(model.parameters(), self.params.learning_rate, weight_decay=0.0, fused=True)
        rng = np.random.default_rng(seed)
        best, totals = Best(), Totals()
        warm_up = max(1, round(epochs * WARM_UP_SHARE))
        # A last pair on its own has no negative.
        starts = range(0, len(self.pairs) - 1, size)
        training = checkpoints.training(
            "training", steps=len(starts) * epochs, rng=rng, model=model, optimizer=optimizer, best=best, totals=totals
        )
        collapsed = False
        for epoch in training.passes(1, epochs):
            model.train()
            order = training.draw(lambda: rng.permutation(len(self.pairs)))
            for batch, start in training.rest(starts):
                loss = self.loss(order[start : start + size], epoch > warm_up)
                optimizer.zero_grad(set_to_none=True)
                loss.backward()
                optimizer.step()
                totals.add(loss)
                done = (epoch - 1) * len(order) + min(batch * size, len(order))
                self.events.progress("training", done, epochs * len(order), "pairs")
            mean_loss = float(totals.mean_loss())
            collapsed = epoch > warm_up and mean_loss > COLLAPSED * 2 * self.params.margin
            self.events.metric("loss", mean_loss, training.step, "train")
            measured = self.measure(valid, query_ids, title_of_row)
            for name in ("ndcg@10", "recall@10") if measured else ():
                self.events.metric(name, measured[name], training.step, "valid")
            better = measured["ndcg@10"] > best.ndcg if measured else not collapsed
            if better:
                best.take(epoch, measured, model)
        if collapsed:
            self.events.warning(
                f"hard negatives drew all vectors together; kept epoch {best.epoch}, try a smaller batch"
            )
        model.load_state_dict(best.weights)
        found = {f"valid {name}": best.measured[name] for name in ("ndcg@10", "recall@10") if best.measured}
        return {"bestEpoch": best.epoch} | found

    def loss(self, chosen: np.ndarray, hard: bool) -> torch.Tensor:
        """Loss of one batch of pairs; queries and titles go through the LSTM apart, for their lengths differ."""
        device = self.encoder.device
        queries = padded([self.query_tokens[query] for query in self.pairs.queries[chosen]]).to(device)
        titles = padded([self.title_tokens[title] for title in self.pairs.titles[chosen]]).to(device)
        match = torch.from_numpy(self.pairs.matches(chosen)).to(device)
        model = self.encoder.model
        return triplet_loss(model(queries), model(titles), match, self.params.margin, hard=hard)

    def measure(self, valid: Examples, query_ids: np.ndarray, title_of_row: np.ndarray) -> dict[str, float]:
        """Metrics of ranking all items by their titles' closeness to the validation queries; empty without queries."""
        asked = valid.take(rows_where(valid.queries >= 0))
        if not len(asked):
            return {}
        places, query_of = np.unique(np.searchsorted(query_ids, asked.queries), return_inverse=True)
        queries = torch.from_numpy(self.encoder.encode_tokens([self.query_tokens[place] for place in places]))
        titles = ItemTable(torch.from_numpy(self.title_vectors()[title_of_row]))
        asking = torch.from_numpy(query_of)
        ranking = rank(
            lambda block: titles.scores(queries[asking[block]]),
            asked.targets,
            len(title_of_row),
            seen=None,
            list_length=0,
        )
        return metrics_at(ranking.ranks)
