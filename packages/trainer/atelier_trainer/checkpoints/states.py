"""State of what takes part in training: modules, optimisers, schedules, and all that draws at random."""

from __future__ import annotations

import random
from typing import Any, Protocol

import numpy as np
import torch
from torch import Tensor


class Stateful(Protocol):
    """What torch's modules, optimisers and schedules have in common, and what trainers give their own counters."""

    def state_dict(self) -> dict[str, Any]: ...

    def load_state_dict(self, state: dict[str, Any], /) -> Any: ...


Part = Stateful | torch.Generator | np.random.Generator


def state_of(part: Part) -> Any:
    if isinstance(part, torch.Generator):
        return part.get_state()
    if isinstance(part, np.random.Generator):
        return part.bit_generator.state
    return part.state_dict()


def load_state(part: Part, state: Any) -> None:
    if isinstance(part, torch.Generator):
        part.set_state(state)
    elif isinstance(part, np.random.Generator):
        part.bit_generator.state = state
    else:
        part.load_state_dict(state)


def random_state() -> dict[str, Any]:
    """What the process draws from: torch (all devices), NumPy's legacy state and `random`."""
    state = {"torch": torch.get_rng_state(), "numpy": np.random.get_state(), "python": random.getstate()}  # noqa: NPY002
    return state | {"cuda": torch.cuda.get_rng_state_all() if torch.cuda.is_available() else []}


def load_random_state(state: dict[str, Any]) -> None:
    """Devices that are not here any more keep what they have."""
    torch.set_rng_state(state["torch"])
    np.random.set_state(state["numpy"])  # noqa: NPY002
    random.setstate(state["python"])
    here = torch.cuda.device_count() if torch.cuda.is_available() else 0
    for device, one in enumerate(state["cuda"][:here]):
        torch.cuda.set_rng_state(one, device)


class Best:
    """The epoch that did best on validation, and its weights: what early stopping has to remember."""

    def __init__(self) -> None:
        self.epoch = 0
        self.measured: dict[str, float] = {}
        self.weights: dict[str, Tensor] = {}

    @property
    def ndcg(self) -> float:
        """NDCG@10 on validation; below any before the first epoch, and where there is nothing to measure on."""
        return self.measured.get("ndcg@10", -1.0)

    def take(self, epoch: int, measured: dict[str, float], model: torch.nn.Module) -> None:
        self.epoch, self.measured = epoch, measured
        self.weights = {name: value.detach().clone() for name, value in model.state_dict().items()}

    def state_dict(self) -> dict[str, Any]:
        return {"epoch": self.epoch, "measured": self.measured, "weights": self.weights}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        self.epoch, self.measured, self.weights = state["epoch"], state["measured"], state["weights"]


class Totals:
    """Counts of a loop, and the losses of the pass that is under way."""

    def __init__(self, **counts: float):
        self.counts = counts
        self.losses: list[Tensor] = []

    def __getitem__(self, name: str) -> float:
        return self.counts[name]

    def add(self, loss: Tensor, **counts: float) -> None:
        self.losses.append(loss.detach())
        for name, value in counts.items():
            self.counts[name] += value

    def mean_loss(self) -> Tensor:
        """Mean of the losses since the last call."""
        mean = torch.stack(self.losses).mean(0)
        self.losses = []
        return mean

    def state_dict(self) -> dict[str, Any]:
        return {"counts": self.counts, "losses": torch.stack(self.losses) if self.losses else None}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        self.counts = state["counts"]
        self.losses = [] if state["losses"] is None else list(state["losses"])
