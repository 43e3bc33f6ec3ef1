"""Checkpoints: what a training loop must know to go on as if it had never stopped."""

from .checkpoints import NO_CHECKPOINTS, Checkpoints
from .training import Training

__all__ = ["NO_CHECKPOINTS", "Checkpoints", "Training"]
