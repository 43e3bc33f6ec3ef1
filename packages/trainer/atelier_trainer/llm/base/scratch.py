"""A small Falcon whose item ids are made of their products' words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from ...masks import inverse
from ..text.catalogue import Product
from ..text.response import encode_all
from ..training.loss import Batch
from .forward import autocast, decoder

if TYPE_CHECKING:
    from transformers import FalconForCausalLM, PreTrainedTokenizerBase

MAX_POSITIONS = 2048
ID_NEGATIVES = 256
COMPETING_IDS = 2048


def build_falcon(tokenizer: PreTrainedTokenizerBase, *, hidden_size: int, layers: int, heads: int) -> FalconForCausalLM:
    """An untrained Falcon (Almazrouei et al., 2023: parallel attention and MLP, rotary positions), embeddings tied."""
    from transformers import FalconConfig, FalconForCausalLM

    config = FalconConfig(
        vocab_size=len(tokenizer),
        hidden_size=hidden_size,
        num_hidden_layers=layers,
        num_attention_heads=heads,
        multi_query=False,
        parallel_attn=True,
        new_decoder_architecture=False,
        bias=False,
        alibi=False,
        hidden_dropout=0.0,
        attention_dropout=0.0,
        max_position_embeddings=MAX_POSITIONS,
        tie_word_embeddings=True,
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
    )
    # The plain attention: on CPUs it trains twice as fast as torch's fused one (its backward pass is slow there).
    config._attn_implementation = "eager"
    model = FalconForCausalLM(config)
    align_values(model)
    return model


@torch.no_grad()
def align_values(model: FalconForCausalLM, identity: float = 0.5, noise: float = 0.3) -> None:
    """Start every attention so that it copies what it looks at: values · output projection ≈ `identity` · I + noise.

    Choosing a candidate and writing a title are copying. From the usual start a model of this size had not begun to
    copy after two passes over the prompts; from this one it had after half a pass (the idea: Trockman
    and Kolter, 2023, "Mimetic Initialization of Self-Attention Layers").
    """
    config = model.config
    hidden, heads = config.hidden_size, config.num_attention_heads
    for layer in decoder(model).h:
        target = identity * torch.eye(hidden) + noise * torch.randn(hidden, hidden) / hidden**0.5
        left, size, right = torch.linalg.svd(target)
        turn = torch.linalg.qr(torch.randn(hidden, hidden))[0]
        values = turn @ torch.diag(size.sqrt()) @ right
        # Rows of the fused projection: head by head its queries, keys and values.
        fused = layer.self_attention.query_key_value.weight.view(heads, 3, hidden // heads, hidden)
        fused[:, 2] = values.view(heads, hidden // heads, hidden)
        layer.self_attention.dense.weight.copy_(left @ torch.diag(size.sqrt()) @ turn.T)


class ItemTable(nn.Module):
    """Input and output vectors of all tokens, with those of whole-token ids composed from the catalogue.

    The vector of an id is the sum of its product's word vectors, weighted by how rare each word is, plus a vector of
    its own. So an id that no sequence holds starts where its product belongs, and each word learned in one product
    moves all others. `table` is what remains: after training it is an embedding like any other.

    Args:
        words: the model's embedding `(vocabulary, hidden)`; its first rows, up to the ids', are the word vectors.
        first_id: token of the first item that has a token of its own.
        contents: tokens of the text of each such item, in the order of their tokens.
    """

    def __init__(self, words: Tensor, first_id: int, contents: Sequence[Sequence[int]]):
        super().__init__()
        self.words = nn.Parameter(words[:first_id].detach().clone())
        self.own = nn.Parameter(torch.randn(len(contents), words.shape[1]) * words.std().item() * 0.2)
        self._bags = _bags(contents)

    def table(self) -> Tensor:
        """Vectors of all tokens `(vocabulary, hidden)`."""
        return self.part(torch.arange(len(self.own)))

    def part(self, items: Tensor) -> Tensor:
        """Vectors of all words and of the ids `items (n,)`, counted from the first id: `(words + n, hidden)`."""
        if not len(items):
            return self.words
        tokens, weights, offsets = self._bags.rows(items.cpu().numpy())
        device = self.words.device
        bags = F.embedding_bag(
            tokens.to(device), self.words, offsets.to(device), mode="sum", per_sample_weights=weights.to(device)
        )
        return torch.cat([self.words, bags + self.own[items.to(device)]])


def item_table(words: Tensor, tokenizer: PreTrainedTokenizerBase, products: Sequence[Product]) -> ItemTable:
    """The table of a catalogue whose ids are the last tokens of `tokenizer`; `words`: vectors of the tokens before."""
    tokens = tokenizer.convert_tokens_to_ids([str(product.item_id) for product in products])
    # Ids 1 to 9 share the tokens of digits, which are words; all others come after the words, in this order.
    first_id = len(tokenizer) - sum(product.item_id > 9 for product in products)
    contents = encode_all(tokenizer, [product.content() for product in products])
    own = sorted((token, content) for token, content in zip(tokens, contents, strict=True) if token >= first_id)
    return ItemTable(words, first_id, [[token for token in content if token < first_id] for _, content in own])


@dataclass(frozen=True)
class Bags:
    """Weighted words of each item: item i's stand at `offsets[i]` to `offsets[i + 1]`."""

    tokens: np.ndarray
    weights: np.ndarray
    offsets: np.ndarray

    def rows(self, items: np.ndarray) -> tuple[Tensor, Tensor, Tensor]:
        """Tokens and weights of some items, one after the other, and where each begins."""
        lengths = np.diff(self.offsets)[items]
        starts = np.concatenate([[0], np.cumsum(lengths)[:-1]])
        places = np.repeat(self.offsets[items] - starts, lengths) + np.arange(lengths.sum())
        return torch.from_numpy(self.tokens[places]), torch.from_numpy(self.weights[places]), torch.from_numpy(starts)


def _bags(contents: Sequence[Sequence[int]]) -> Bags:
    """Bags of unit length, inverse-document-frequency weighted."""
    counts = [Counter(tokens) for tokens in contents]
    spread = Counter(token for count in counts for token in count)
    weights = []
    for count in counts:
        rarity = np.array([np.log(1 + len(counts) / spread[token]) for token in count], dtype=np.float32)
        weights.append(rarity / np.linalg.norm(rarity) if len(rarity) else rarity)
    return Bags(
        np.array([token for count in counts for token in count], dtype=np.int64),
        np.concatenate([*weights, np.zeros(0, np.float32)]).astype(np.float32),
        np.concatenate([[0], np.cumsum([len(count) for count in counts])]).astype(np.int64),
    )


@dataclass(frozen=True)
class Rivals:
    """Ids that compete in one step: `ids`, ascending and counted from the first id, where an id follows; where a word
    follows, those at the places `drawn` among words and `ids`."""

    ids: Tensor
    drawn: Tensor

    @staticmethod
    def draw(batch: Batch, items: ItemTable) -> Rivals:
        first_id = len(items.words)
        ids = _competing(batch, first_id, len(items.own))
        return Rivals(ids, torch.randint(first_id, first_id + max(len(ids), 1), (min(ID_NEGATIVES, len(ids)),)))


def pretraining_loss(model: FalconForCausalLM, items: ItemTable, batch: Batch, rivals: Rivals) -> Tensor:
    """Weighted next-token loss. Where an id follows, all words and about `COMPETING_IDS` ids compete, the step's own
    among them; elsewhere the words and a few random ids: more would be most of the work and teach little.
    """
    first_id = len(items.words)
    ids = rivals.ids
    table = items.part(ids)
    local = Batch(_localise(batch.prefix, ids, first_id), _localise(batch.tokens, ids, first_id), batch.weights)
    targets = local.tokens[:, 1:][batch.counted]
    weights = batch.weights[:, 1:][batch.counted]
    is_id = targets >= first_id
    with autocast(model):
        hidden = _hidden(model, table, local)[:, :-1][batch.counted]
        some = torch.cat([table[:first_id], table[rivals.drawn.to(table.device)]])
        words = F.linear(hidden[inverse(is_id)], some).float()
        among_ids = F.linear(hidden[is_id], table).float()
    word_losses = F.cross_entropy(words, targets[inverse(is_id)], reduction="none") * weights[inverse(is_id)]
    id_losses = F.cross_entropy(among_ids, targets[is_id], reduction="none") * weights[is_id]
    return (word_losses.sum() + id_losses.sum()) / weights.sum()


def _competing(batch: Batch, first_id: int, items: int) -> Tensor:
    """Ids of this step, ascending, counted from the first: all of a small catalogue; of a large one those of the batch
    and a random rest, so that the cost of a step does not grow with the catalogue."""
    if items <= COMPETING_IDS:
        return torch.arange(items, device=batch.tokens.device)
    tokens = torch.cat([batch.prefix, batch.tokens.flatten()])
    drawn = torch.randint(items, (COMPETING_IDS,)).to(tokens.device)
    return torch.cat([tokens[tokens >= first_id] - first_id, drawn]).unique()


def _localise(tokens: Tensor, ids: Tensor, first_id: int) -> Tensor:
    """Tokens as rows of `ItemTable.part(ids)`."""
    return torch.where(tokens < first_id, tokens, torch.searchsorted(ids, tokens - first_id) + first_id)


def _hidden(model: FalconForCausalLM, table: Tensor, batch: Batch) -> Tensor:
    """As `hidden_states`, with the vectors of `table` in the place of the model's own."""
    layers = decoder(model)
    rows = F.embedding(batch.tokens, table)
    if not len(batch.prefix):
        return layers(inputs_embeds=rows, use_cache=False).last_hidden_state
    cache = layers(inputs_embeds=F.embedding(batch.prefix, table)[None], use_cache=True).past_key_values
    cache.batch_repeat_interleave(len(rows))
    positions = torch.arange(len(batch.prefix), len(batch.prefix) + rows.shape[1], device=rows.device)
    return layers(
        inputs_embeds=rows, past_key_values=cache, position_ids=positions.expand(len(rows), -1), use_cache=True
    ).last_hidden_state
