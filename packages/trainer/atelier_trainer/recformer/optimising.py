"""The optimiser of pre-training and of both stages of fine-tuning."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import torch
from torch import Tensor, nn

WARM_UP_STEPS = 50
MAX_NORM = 5.0


class Optimiser:
    """AdamW that warms up over the first steps; gradients are clipped, for a post-norm transformer needs both."""

    def __init__(self, parameters: Iterable[nn.Parameter], learning_rate: float):
        self._parameters = list(parameters)
        self._adamw = torch.optim.AdamW(self._parameters, learning_rate, weight_decay=0.0, fused=True)
        self._warm_up = torch.optim.lr_scheduler.LambdaLR(self._adamw, lambda step: min(1, (step + 1) / WARM_UP_STEPS))
        self.steps = 0

    def step(self, loss: Tensor) -> None:
        self._adamw.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(self._parameters, MAX_NORM)
        self._adamw.step()
        self._warm_up.step()
        self.steps += 1

    def state_dict(self) -> dict[str, Any]:
        """With the parameters themselves."""
        parameters = [parameter.data for parameter in self._parameters]
        state = {"parameters": parameters, "adamw": self._adamw.state_dict(), "steps": self.steps}
        return state | {"warm_up": self._warm_up.state_dict()}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        for parameter, saved in zip(self._parameters, state["parameters"], strict=True):
            parameter.data.copy_(saved)
        self._adamw.load_state_dict(state["adamw"])
        self._warm_up.load_state_dict(state["warm_up"])
        self.steps = state["steps"]
