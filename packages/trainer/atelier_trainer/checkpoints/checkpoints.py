"""Checkpoints of one stage attempt: when they are written, and which one of an earlier attempt is gone on from."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np

from ..environment import PACKAGE, code_hash
from ..events import EventWriter
from ..leaving import Leaving
from ..ranks import Ranks
from ..spec import StageSpec
from . import files
from .states import Part
from .training import Training

PASS_END_SHARE = 0.2
"""The end of a pass is a good place for a checkpoint, since validation follows: after this share of the interval."""


class Checkpoints:
    """Hands out a stage's training loops, in order, and writes where they stand every few minutes.

    Args:
        spec: None where nothing is kept, as in tests of a loop alone.
    """

    def __init__(self, spec: StageSpec | None, events: EventWriter | None, leaving: Leaving):
        self.leaving = leaving
        self._spec, self._events = spec, events
        self._ranks = Ranks() if spec is None else Ranks.of_process()
        self._last = time.monotonic()
        # Steps of the loops before the current one: numbers of checkpoints rise through the whole stage.
        self._steps_before = 0
        self._current: Training | None = None
        self._found: files.Found | None = None
        if spec is not None and events is not None:
            self._identity = files.Identity(spec.key, spec.revision, code_hash(PACKAGE))
            self._found = files.newest_whole([Path(folder) for folder in spec.resume], self._identity, events.log)
            self._agree()

    def _agree(self) -> None:
        """All processes go on from the same step. An attempt that was given up may still have been writing."""
        mine = self._found.step if self._found else 0
        if self._ranks.any(mine != self._ranks.of_first(mine)):
            raise RuntimeError("the processes of this stage did not find the same checkpoint; trying again helps")

    @staticmethod
    def of(spec: StageSpec, events: EventWriter) -> Checkpoints:
        return Checkpoints(spec, events, Leaving.of_process())

    def is_past(self, phase: str) -> bool:
        """Whether the checkpoint that the stage goes on from was written after this phase: it needs not be run."""
        return self._found is not None and self._found.phase != phase

    def training(self, phase: str, *, steps: int, rng: np.random.Generator, **parts: Part) -> Training:
        """A loop with everything that changes in it; all of that is as in the checkpoint on return, if there is one."""
        training = Training(self, phase, steps=steps, rng=rng, parts=parts)
        self._steps_before += self._current.step if self._current else 0
        self._current = training
        found, self._found = self._found, None
        if found is not None and self._events is not None:
            training.restore(found.state["training"])
            self._steps_before = found.step - training.step
            self._events.replay(found.state["curves"])
            self._events.log(
                f"resumed at step {training.step} of {steps} ({phase}), from attempt {found.folder.parents[1].name}"
            )
        self._last = time.monotonic()
        return training

    def between_steps(self, training: Training, *, is_last: bool) -> None:
        """Write a checkpoint if it is time to; leave after it where that was asked for."""
        if self._spec is None or self._events is None:
            return
        # One that hears of it earlier would leave the others waiting for its share.
        leaves = self._ranks.any(self.leaving.is_asked)
        since = time.monotonic() - self._last
        share = PASS_END_SHARE if is_last else 1.0
        if self._ranks.is_first and (leaves or since >= share * self._spec.checkpoint_seconds):
            state = {"training": training.state(), "curves": self._events.curves}
            step = self._steps_before + training.step
            files.write(
                self._spec.output, self._identity, self._spec.attempt, phase=training.phase, step=step, state=state
            )
            self._last = time.monotonic()
        if leaves:
            self.leaving.now(f"left after step {training.step} of {training.steps} ({training.phase})")


NO_CHECKPOINTS = Checkpoints(None, None, Leaving())
