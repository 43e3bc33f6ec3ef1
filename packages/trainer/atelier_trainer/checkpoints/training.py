"""One training loop that can be left and taken up: passes over the data, each of so many batches."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from .states import Part, load_random_state, load_state, random_state, state_of

if TYPE_CHECKING:
    from .checkpoints import Checkpoints

T = TypeVar("T")


class Training:
    """Keeps a loop's place. Between two batches the state of its parts is whole, so that is where checkpoints are.

    Args:
        phase: which of the stage's loops this is.
        steps: batches in all, at most; only told.
        rng: what the batches of a pass are drawn from.
        parts: all else that changes while the loop runs.
    """

    def __init__(
        self, checkpoints: Checkpoints, phase: str, *, steps: int, rng: np.random.Generator, parts: dict[str, Part]
    ):
        self.phase, self.steps, self.step = phase, steps, 0
        self._checkpoints, self._rng, self._parts = checkpoints, rng, parts
        self._pass = self._done = 0
        self._drawn_with: Any = None

    @property
    def is_within_pass(self) -> bool:
        """Whether it was taken up in the middle of the pass that comes next: what the pass began with is restored."""
        return self._drawn_with is not None

    def passes(self, first: int, last: int) -> Iterator[int]:
        """Numbers from `first` to `last` of the passes that are left."""
        for number in range(max(first, self._pass), last + 1):
            if number != self._pass:
                self._pass, self._done, self._drawn_with = number, 0, None
            yield number

    def draw(self, make: Callable[[], T]) -> T:
        """All batches of this pass. In a pass that is taken up they are drawn once more as they were at its start."""
        if self._drawn_with is None:
            self._drawn_with = state_of(self._rng)
            return make()
        now = state_of(self._rng)
        load_state(self._rng, self._drawn_with)
        batches = make()
        load_state(self._rng, now)
        return batches

    def rest(self, batches: Sequence[T]) -> Iterator[tuple[int, T]]:
        """The batches that are left, with their places from 1. Each is done when the next one is asked for."""
        with self._checkpoints.leaving.held():
            for batch in batches[self._done :]:
                self._done += 1
                self.step += 1
                yield self._done, batch
                self._checkpoints.between_steps(self, is_last=self._done == len(batches))

    def state(self) -> dict[str, Any]:
        place = {"step": self.step, "pass": self._pass, "done": self._done, "drawn_with": self._drawn_with}
        parts = {name: state_of(part) for name, part in self._parts.items()}
        return {"place": place, "parts": parts, "rng": state_of(self._rng), "random": random_state()}

    def restore(self, state: dict[str, Any]) -> None:
        place = state["place"]
        self.step, self._pass, self._done = place["step"], place["pass"], place["done"]
        self._drawn_with = place["drawn_with"]
        for name, part in self._parts.items():
            load_state(part, state["parts"][name])
        load_state(self._rng, state["rng"])
        load_random_state(state["random"])
