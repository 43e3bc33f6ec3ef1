"""A small Falcon whose item ids are made of their products' words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from .forward import autocast, decoder
from .loss import Batch

if TYPE_CHECKING:
    from transformers import FalconForCausalLM, PreTrainedTokenizerBase

MAX_POSITIONS = 2048
ID_NEGATIVES = 256


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
        self.register_buffer("bags", _bags(contents, first_id), persistent=False)

    def table(self) -> Tensor:
        """Vectors of all tokens `(vocabulary, hidden)`."""
        if not len(self.own):
            return self.words
        return torch.cat([self.words, torch.sparse.mm(self.bags, self.words) + self.own])


def _bags(contents: Sequence[Sequence[int]], width: int) -> Tensor:
    """Rows of unit length `(items, width)`, inverse-document-frequency weighted, sparse."""
    counts = [Counter(tokens) for tokens in contents]
    spread = Counter(token for count in counts for token in count)
    rows, columns, values = [], [], []
    for row, count in enumerate(counts):
        weights = np.array([np.log(1 + len(counts) / spread[token]) for token in count])
        rows += [row] * len(count)
        columns += list(count)
        values += list(weights / np.linalg.norm(weights))
    return torch.sparse_coo_tensor(
        np.array([rows, columns], dtype=np.int64).reshape(2, -1),
        np.array(values, dtype=np.float32),
        (len(contents), width),
        check_invariants=False,
    ).coalesce()


def pretraining_loss(model: FalconForCausalLM, items: ItemTable, batch: Batch) -> Tensor:
    """Weighted next-token loss. Where an id follows, all tokens compete; elsewhere the words and a few random ids.

    A full softmax over thousands of ids at every word would be most of the work and teach little.
    """
    table = items.table()
    targets = batch.tokens[:, 1:][batch.counted]
    weights = batch.weights[:, 1:][batch.counted]
    first_id = len(items.words)
    is_id = targets >= first_id
    with autocast(model):
        hidden = _hidden(model, table, batch)[:, :-1][batch.counted]
        drawn = torch.randint(first_id, max(len(table), first_id + 1), (min(ID_NEGATIVES, len(items.own)),))
        some = torch.cat([items.words, table[drawn.to(table.device)]])
        words = F.linear(hidden[~is_id], some).float()
        ids = F.linear(hidden[is_id], table).float()
    word_losses = F.cross_entropy(words, targets[~is_id], reduction="none") * weights[~is_id]
    id_losses = F.cross_entropy(ids, targets[is_id], reduction="none") * weights[is_id]
    return (word_losses.sum() + id_losses.sum()) / weights.sum()


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
