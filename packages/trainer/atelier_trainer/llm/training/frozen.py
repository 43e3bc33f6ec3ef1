"""The states under the lowest adapter: no training changes them, so each prompt needs them once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor, nn

from ..base.forward import decoder
from ..base.limits import is_stacked
from ..text.prompts import TokenRows
from .lora import stack

if TYPE_CHECKING:
    from transformers import PreTrainedModel

# States of all prompts are kept where they take no more than this.
MOST_BYTES = 2_000_000_000


class FrozenStates:
    """What the layers under the lowest adapter make of packed rows, kept from one epoch to the next.

    Args:
        lowest: number of layers without an adapter.
        rows: the prompts whose states are kept.
    """

    def __init__(self, model: PreTrainedModel, lowest: int, rows: TokenRows):
        self.model = model
        self.rows = rows
        self._name, layers = stack(model)
        self._lower, self._upper = layers[:lowest], layers[lowest:]
        # The norm over the last layer is the only other module that runs after the stack.
        self._norm = next(name for name in ("norm", "ln_f") if hasattr(decoder(model), name))
        self._prefix: Tensor | None = None
        self._states: dict[int, Tensor] = {}

    @staticmethod
    def fits(model: PreTrainedModel, lowest: int, rows: TokenRows) -> bool:
        """Whether there are such layers, they draw nothing at random, and their states can be kept."""
        config = model.config
        random = any(getattr(config, name, 0) for name in ("attention_dropout", "hidden_dropout"))
        known = any(hasattr(decoder(model), name) for name in ("norm", "ln_f"))
        size = sum(rows.lengths) * config.hidden_size * torch.finfo(model.dtype).bits // 8
        return lowest > 0 and known and is_stacked(config) and not random and size <= MOST_BYTES

    def upper(self, numbers: np.ndarray, tokens: Tensor, positions: Tensor) -> Tensor:
        """Last states `(1, tokens, hidden)` of a packed row of the prompts `numbers`."""
        self.keep(numbers, tokens, positions)
        parts = [self._states[int(number)].to(tokens.device) for number in numbers]
        with self._only(self._upper, getattr(decoder(self.model), self._norm)):
            return self._run(states=torch.cat([self._prefix, *parts])[None], positions=positions)

    def keep(self, numbers: np.ndarray, tokens: Tensor, positions: Tensor) -> None:
        """Compute the lower layers' states of a packed row, unless all of its prompts' are there."""
        if all(int(number) in self._states for number in numbers):
            return
        with torch.no_grad(), self._only(self._lower, nn.Identity()):
            states = self._run(inputs=tokens[None], positions=positions)[0]
        lengths = [len(self.rows.prefix), *(len(self.rows.rows[number].tokens) for number in numbers)]
        prefix, *parts = states.to(self.model.dtype).split(lengths)
        self._prefix = prefix.clone()
        self._states |= {int(number): part.cpu().clone() for number, part in zip(numbers, parts, strict=True)}

    def _run(self, *, positions: Tensor, inputs: Tensor | None = None, states: Tensor | None = None) -> Tensor:
        read = decoder(self.model)(input_ids=inputs, inputs_embeds=states, position_ids=positions, use_cache=False)
        return read.last_hidden_state

    @contextmanager
    def _only(self, layers: nn.ModuleList, norm: nn.Module) -> Iterator[None]:
        """The decoder with a part of its layers; embeddings, positions and masks stay the library's."""
        modules = decoder(self.model)._modules
        before = modules[self._name], modules[self._norm]
        modules[self._name], modules[self._norm] = layers, norm
        try:
            yield
        finally:
            modules[self._name], modules[self._norm] = before
