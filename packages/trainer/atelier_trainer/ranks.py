"""Several processes that train one model: each reads a share of every batch, and gradients are summed over all.

The batch stays that of the stage's parameters, so how many processes there are changes the order of sums and which
dropout masks are drawn: a matter of the host, outside the stage's key.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from collections.abc import Sequence
from functools import cache

import numpy as np
import torch
from torch import Tensor, distributed, nn

PR_SET_PDEATHSIG = 1


class Ranks:
    """This process among those that train together; `rank` 0 alone writes."""

    def __init__(self, rank: int = 0, size: int = 1, device: torch.device | None = None):
        self.rank, self.size = rank, size
        self._device = device or torch.device("cpu")

    @staticmethod
    @cache
    def of_process() -> Ranks:
        """As torchrun says by the environment; a process that it did not start is alone."""
        if "TORCHELASTIC_RUN_ID" not in os.environ:
            return Ranks()
        on_gpu = torch.cuda.is_available() and os.environ.get("ATELIER_RANK_DEVICE") != "cpu"
        device = torch.device("cuda", int(os.environ["LOCAL_RANK"])) if on_gpu else torch.device("cpu")
        if on_gpu:
            torch.cuda.set_device(device)
        distributed.init_process_group("nccl" if on_gpu else "gloo")
        return Ranks(distributed.get_rank(), distributed.get_world_size(), device)

    @property
    def is_alone(self) -> bool:
        return self.size == 1

    @property
    def is_first(self) -> bool:
        return self.rank == 0

    def share(self, rows: np.ndarray) -> np.ndarray:
        """Every `size`-th row: batches hold rows of falling length, so that shares are about equally long."""
        return rows[self.rank :: self.size]

    def total(self, values: np.ndarray) -> np.ndarray:
        """Sums over all processes, in float64."""
        if self.is_alone:
            return values
        tensor = torch.from_numpy(values.astype(np.float64)).to(self._device)
        distributed.all_reduce(tensor)
        return tensor.cpu().numpy()

    def any(self, value: bool) -> bool:
        return bool(self.total(np.array([value]))[0])

    def of_first(self, value: float) -> float:
        """What the first process says."""
        return float(self.total(np.array([value if self.is_first else 0.0]))[0])

    def sum_gradients(self, parameters: Sequence[nn.Parameter], loss: float) -> float:
        """Gradients of all processes, summed in place; the loss likewise. A process without a row adds nothing."""
        if self.is_alone:
            return loss
        gradients = [torch.zeros_like(p) if p.grad is None else p.grad for p in parameters]
        losses = torch.tensor([loss], device=self._device)
        flat = torch.cat([*(gradient.flatten().float() for gradient in gradients), losses])
        distributed.all_reduce(flat)
        *parts, total = flat.split([*(gradient.numel() for gradient in gradients), 1])
        for parameter, part in zip(parameters, parts, strict=True):
            parameter.grad = part.view_as(parameter).to(parameter.dtype)
        return float(total)

    def check_alike(self, parameters: Sequence[Tensor]) -> None:
        """Raises RuntimeError where the processes do not start from the same weights."""
        mine = float(sum(parameter.detach().double().sum() for parameter in parameters))
        if self.any(mine != self.of_first(mine)):
            raise RuntimeError(f"process {self.rank} of {self.size} started from other weights than process 0")


def die_with_parent() -> None:
    """Ranks have sessions of their own, which a signal to the parent's group misses: the kernel ends them with it."""
    if sys.platform != "linux":
        return
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != int(os.environ["ATELIER_RANK_PARENT"]):
        sys.exit("the process that started this rank is gone")


def main() -> int:
    """`python -m atelier_trainer.ranks SPEC`: one rank of a stage. A name of its own, so that no one who looks for the
    stage's process finds a rank of it."""
    from .__main__ import main as trainer

    die_with_parent()
    code = trainer(["run", sys.argv[1]])
    if distributed.is_initialized():
        distributed.destroy_process_group()
    return code


if __name__ == "__main__":
    sys.exit(main())
