"""Starts a stage's ranks and waits for them: torchrun's agent, inside the process that the executor knows."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from .leaving import EXIT_LEFT
from .spec import StageSpec

# Stages whose training takes shares of a batch; others run in one process whatever the host offers.
SHARED = {"fine-tune", "base-model"}
# What ranks may end with that says more than failure.
TELLING = (2, 3, EXIT_LEFT)


def needs_ranks(spec: StageSpec) -> bool:
    """Whether this process should start ranks rather than be one."""
    return spec.processes > 1 and spec.kind in SHARED and "TORCHELASTIC_RUN_ID" not in os.environ


def run_ranks(spec: StageSpec, path: Path) -> int:
    """The stage's exit code. SIGTERM reaches all ranks, which leave together; SIGKILL of this process ends them too."""
    from torch.distributed.elastic.multiprocessing.api import SignalException
    from torch.distributed.elastic.multiprocessing.errors import ChildFailedError
    from torch.distributed.launcher.api import LaunchConfig, elastic_launch

    config = LaunchConfig(
        min_nodes=1,
        max_nodes=1,
        nproc_per_node=spec.processes,
        run_id=spec.attempt,
        rdzv_backend="c10d",
        rdzv_endpoint="localhost:0",
        # The next attempt goes on from a checkpoint, and is counted.
        max_restarts=0,
        # The machine's own name may lead nowhere.
        local_addr="localhost",
        # Whoever asked to leave waits for a minute.
        shutdown_timeout=55,
    )
    os.environ |= {"ATELIER_RANK_DEVICE": spec.device, "ATELIER_RANK_PARENT": str(os.getpid())}
    try:
        elastic_launch(config, sys.executable)("-m", "atelier_trainer.ranks", str(path))
    except SignalException:
        return EXIT_LEFT
    except ChildFailedError as error:
        codes = {rank: failure.exitcode for rank, failure in error.failures.items()}
        ended = ", ".join(f"rank {rank} with {code}" for rank, code in sorted(codes.items()))
        print(f"ranks failed: {ended}", file=sys.stderr)
        return next((code for code in codes.values() if code in TELLING), 1)
    return 0
