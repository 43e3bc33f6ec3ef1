"""Peak memory of the full-softmax loss and its gradients at the paper's largest catalogue: tiles against dense logits.

Each measurement is a process of its own that makes the inputs, takes the loss and both gradients, and reads its peak
resident memory (`ru_maxrss`), less what PyTorch alone takes. The dense loss (`F.cross_entropy` on all logits) needs
more than a small machine has at a real batch, so it is measured at a few small batches, on which it is a straight line,
and read off that line at the batch where ours is measured in full. Gradients are compared at a smaller catalogue, in
this process. See bench/README.md for the command.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "packages" / "trainer"))

import numpy as np
import torch
from machine import write_results
from torch.nn import functional as F

from atelier_trainer.losses import full_softmax

ITEMS, HIDDEN = 1_386_910, 64
DENSE_POSITIONS = (16, 64, 128, 256)
POSITIONS = 2048
"""Of a batch: 128 windows of 16 items, or RecBole's 2,048 expanded prefixes."""


def peak_bytes() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def inputs(positions: int, items: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    generator = torch.Generator().manual_seed(1)
    states = torch.randn(positions, HIDDEN, generator=generator).requires_grad_()
    table = torch.randn(items, HIDDEN, generator=generator).mul_(0.3).requires_grad_()
    return states, table, torch.randint(items, (positions,), generator=generator)


def loss_of(way: str, states: torch.Tensor, table: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    if way == "dense":
        return F.cross_entropy(states @ table.T, targets)
    return full_softmax(states, table, targets, torch.bfloat16 if way == "tiles, bfloat16" else torch.float32)


def measure_here(way: str, positions: int) -> None:
    before = peak_bytes()
    states, table, targets = inputs(positions, ITEMS)
    started = time.process_time()
    loss = loss_of(way, states, table, targets)
    loss.backward()
    seconds = time.process_time() - started
    print(json.dumps({"peakBytes": peak_bytes() - before, "cpuSeconds": round(seconds, 2), "loss": loss.item()}))


def measure(way: str, positions: int) -> dict:
    command = [sys.executable, __file__, "--way", way, "--positions", str(positions)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return {"way": way, "positions": positions} | json.loads(done.stdout)


def gradient_differences(items: int = 50_000, positions: int = 256) -> dict:
    """Largest difference between tiles and dense, in parts of the largest value of each."""
    gradients = {}
    for way in ("dense", "tiles"):
        states, table, targets = inputs(positions, items)
        loss = loss_of(way, states, table, targets)
        loss.backward()
        gradients[way] = (loss.detach(), states.grad, table.grad)
    pairs = zip(("loss", "states", "table"), *gradients.values(), strict=True)
    return {name: float((mine - dense).abs().max() / dense.abs().max()) for name, dense, mine in pairs}


def main() -> None:
    runs = [measure("dense", positions) for positions in DENSE_POSITIONS]
    slope, start = np.polyfit([run["positions"] for run in runs], [run["peakBytes"] for run in runs], 1)
    runs += [measure(way, POSITIONS) for way in ("tiles", "tiles, bfloat16")]
    dense = start + slope * POSITIONS
    document = {
        "items": ITEMS,
        "hidden": HIDDEN,
        "positions": POSITIONS,
        "runs": runs,
        "densePeakBytes": {"value": round(dense), "from": f"a line through {len(DENSE_POSITIONS)} smaller batches"},
        "tableAndItsGradientBytes": 2 * ITEMS * HIDDEN * 4,
        "timesLess": {run["way"]: round(dense / run["peakBytes"], 1) for run in runs if run["way"] != "dense"},
        "largestRelativeDifferenceAt50000Items": gradient_differences(),
    }
    write_results("full-softmax-memory", 1, ["torch"], document)


if __name__ == "__main__":
    torch.set_num_threads(1)
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--way", choices=["dense", "tiles", "tiles, bfloat16"], help="measure this alone, here")
    parser.add_argument("--positions", type=int, default=POSITIONS)
    arguments = parser.parse_args()
    if arguments.way:
        measure_here(arguments.way, arguments.positions)
    else:
        main()
