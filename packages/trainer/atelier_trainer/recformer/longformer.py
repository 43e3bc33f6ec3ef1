"""Recformer on a pretrained Longformer (Beltagy et al., 2020), as its authors train it (section 3.1.4): every word sees
its neighbours in a window, and [CLS] sees all and is seen by all."""

from __future__ import annotations

from pathlib import Path

import torch
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn import functional as F
from transformers import AutoTokenizer, LongformerConfig, LongformerModel
from transformers.utils import logging

from ..errors import BadData, BadSpec
from ..llm.base.identity import identity, model_files
from ..llm.base.sources import hub_folder
from .inputs import Inputs
from .model import TOKEN_TYPES, Shape
from .text import Vocabulary

WINDOW = 64
"""Words that attention spans in each layer; the repository of Recformer sets the same."""


class LongformerRecformer(nn.Module):
    """A `Recformer` whose layers are Longformer's: the same inputs, states and vectors."""

    def __init__(self, config: LongformerConfig, shape: Shape):
        super().__init__()
        self.shape = shape
        self.longformer = LongformerModel(config, add_pooling_layer=False)
        self.item_positions = nn.Embedding(shape.max_items + 1, shape.hidden)
        nn.init.normal_(self.item_positions.weight, std=0.1 * config.initializer_range)

    @property
    def tokens(self) -> nn.Embedding:
        return self.longformer.get_input_embeddings()

    def states(self, inputs: Inputs) -> Tensor:
        """`(batch, length, hidden)`: the last layer's states of all places."""
        # The library adds token positions and types to what it is given, then normalises: equation 1's sum of four.
        embedded = self.tokens(inputs.tokens) + self.item_positions(inputs.positions)
        everywhere = torch.zeros_like(inputs.tokens)
        everywhere[:, 0] = 1
        return self.longformer(
            inputs_embeds=embedded,
            attention_mask=inputs.real.long(),
            global_attention_mask=everywhere,
            token_type_ids=inputs.types,
        ).last_hidden_state

    def forward(self, inputs: Inputs) -> Tensor:
        """`(batch, hidden)` unit vectors of what `inputs` hold."""
        return F.normalize(self.states(inputs)[:, 0].float(), dim=-1)


def longformer_folder(model: str | None, resolved: str | None) -> Path:
    """The folder of a Longformer: itself, or that of a hub model.

    Raises:
        BadSpec: none is named, it is not to be had, or it holds other files than at the launch.
    """
    if not model:
        raise BadSpec("textEncoder longformer needs textModel: a hub id or the folder of a Longformer")
    folder = Path(model)
    if not folder.is_absolute():
        return hub_folder(model, resolved, what="the Longformer", instead="give its folder as textModel")
    if not folder.is_dir():
        raise BadSpec(f"textModel: there is no folder {model}")
    if resolved is not None and identity(model_files(folder)) != resolved:
        raise BadSpec(f"the model folder {model} holds other files than when this was launched; launch again")
    return folder


def start_from_longformer(
    folder: Path, *, max_items: int, max_tokens: int, dropout: float
) -> tuple[LongformerRecformer, Vocabulary]:
    """Longformer's words, positions and layers; token types begin as its one type, item positions near nothing.

    Raises:
        BadData: the folder holds no Longformer with safetensors and a tokenizer.
    """
    logging.disable_progress_bar()
    try:
        config = LongformerConfig.from_pretrained(folder, local_files_only=True)
        if config.model_type != "longformer" or not any(folder.glob("*.safetensors")):
            raise ValueError("it needs config.json with model_type longformer, and safetensors")
        config.attention_window = [WINDOW] * config.num_hidden_layers
        config.hidden_dropout_prob = config.attention_probs_dropout_prob = dropout
        pretrained = LongformerModel.from_pretrained(
            folder, config=config, add_pooling_layer=False, use_safetensors=True, local_files_only=True
        )
        tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True).backend_tokenizer
    except (OSError, ValueError, KeyError) as error:
        raise BadData(f"{folder} holds no Longformer that can be read: {error}") from error
    shape = Shape(
        vocabulary=config.vocab_size,
        hidden=config.hidden_size,
        layers=config.num_hidden_layers,
        heads=config.num_attention_heads,
        inner=config.intermediate_size,
        # Positions are counted from behind the number of the padding.
        max_tokens=min(max_tokens, config.max_position_embeddings - config.pad_token_id - 1),
        max_items=max_items,
        dropout=dropout,
    )
    one_type = pretrained.embeddings.token_type_embeddings.weight.detach()[0]
    config.type_vocab_size = TOKEN_TYPES
    model = LongformerRecformer(config, shape)
    weights = pretrained.state_dict()
    new = model.longformer.embeddings.token_type_embeddings.weight.detach()
    weights["embeddings.token_type_embeddings.weight"] = one_type + 0.1 * new
    model.longformer.load_state_dict(weights)
    return model, Vocabulary(Tokenizer.from_str(tokenizer.to_str()))
