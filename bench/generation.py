"""Answers a second: the trainer's generation against a plain batched `generate()` of transformers.

SmolLM2-135M, fine-tuned here for a few minutes so that it answers in the format (kept under `.atelier/bench` for the
next time), then the same prompts through both, with as many threads and the same weights. Greedy answers are compared,
once more in float32 throughout, where rounding decides nothing. See bench/README.md for the command.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from unittest.mock import patch

HERE = Path(__file__).resolve().parent
HOME = Path(os.environ.get("ATELIER_HOME", HERE.parent / ".atelier"))
sys.path[:0] = [str(HERE.parent / "packages" / "trainer")]

import numpy as np
import torch
from generation_log import write_log

from atelier_trainer.device import seed_everything
from atelier_trainer.events import EventWriter
from atelier_trainer.llm.answering.decoding import TransformersGenerator
from atelier_trainer.llm.answering.ids import read_ids
from atelier_trainer.llm.answering.requests import Request, read_requests
from atelier_trainer.llm.base import forward
from atelier_trainer.llm.base.loading import load_adapted_model
from atelier_trainer.llm.text.response import CLOSE
from atelier_trainer.params import GenerateParams
from atelier_trainer.spec import stage_spec
from atelier_trainer.stages import load_stage
from atelier_trainer.validation import from_json

BASE = {"source": "package", "model": "smollm2", "vocabularySize": 1, "hiddenSize": 1, "layers": 1, "heads": 1}
BASE |= {"epochs": 1, "batchSize": 1, "learningRate": 1}
FINE_TUNE = {"loraRank": 16, "loraAlpha": 16, "loraDropout": 0.05, "epochs": 1, "hardEpochs": 1, "hardShare": 0}
FINE_TUNE |= {"batchSize": 8, "learningRate": 0.002, "maxTokens": 512, "idWeight": 3, "idWeightAbsent": 1}
FINE_TUNE |= {"frozenShare": 0.5, "quantization": "none", "gradientCheckpointing": False, "packing": False}
GENERATE = {"maxNewTokens": 64, "temperature": 0.05, "topP": 0.95, "validPrompts": 0}
DONE = "done"


def stage(kind: str, params: dict, inputs: dict[str, str], root: Path) -> Path:
    """The folder of a stage, run unless it has been."""
    output = root / kind
    if not (output / DONE).exists():
        output.mkdir(parents=True, exist_ok=True)
        common = {"contract": 1, "revision": 1, "key": "0" * 32, "seed": 1, "device": "cpu", "threads": 1}
        document = common | {"attempt": "bench", "kind": kind, "params": params, "inputs": inputs}
        spec = stage_spec(document | {"output": str(output)})
        print(f"{kind}: {load_stage(kind)(spec, EventWriter(output / 'events.ndjson'))}", flush=True)
        (output / DONE).touch()
    return output


def plain(model, tokenizer, requests: list[Request], batch_size: int) -> list[str]:
    """Greedy answers as transformers gives them: batches in the given order, padded on the left."""
    tokenizer.padding_side = "left"
    answers = []
    for start in range(0, len(requests), batch_size):
        prompts = [request.prompt for request in requests[start : start + batch_size]]
        batch = tokenizer(prompts, return_tensors="pt", padding=True, add_special_tokens=False)
        with torch.no_grad():
            said = model.generate(
                **batch,
                max_new_tokens=GENERATE["maxNewTokens"],
                do_sample=False,
                pad_token_id=tokenizer.eos_token_id,
            )
        answers += tokenizer.batch_decode(said[:, batch["input_ids"].shape[1] :], skip_special_tokens=True)
    return answers


def answer(text: str) -> str:
    """What is said up to the closing brace, where the trainer stops."""
    return text[: text.index(CLOSE) + len(CLOSE)] if CLOSE in text else text


def timed(work) -> tuple[float, float, object]:
    """Seconds on the clock and of the processor, and the result."""
    started, started_cpu = time.perf_counter(), time.process_time()
    result = work()
    return time.perf_counter() - started, time.process_time() - started_cpu, result


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--users", type=int, default=96)
    options.add_argument("--train", type=int, default=240, help="prompts that the model is fine-tuned on, once")
    options.add_argument("--batch", type=int, default=16)
    options.add_argument("--rounds", type=int, default=2, help="each way is timed so often; the fastest round counts")
    options.add_argument("--threads", type=int, default=1, help="of both; other than 1 has a results file of its own")
    chosen = options.parse_args()
    torch.set_num_threads(chosen.threads)
    seed_everything(1)
    root = HOME / "bench" / f"generation-{chosen.train}-{chosen.users}"
    inputs = write_log(root, items=2000, train=chosen.train, test=chosen.users, seed=1)
    base = stage("base-model", BASE, inputs, root)
    tuned = stage("fine-tune", FINE_TUNE, inputs | {"baseModel": str(base)}, root)
    model, tokenizer = load_adapted_model(base, tuned, torch.device("cpu"))
    _, requests = read_requests(root / "prompts", "test")
    ids = read_ids(tokenizer, root / "dataset", root / "prompts")

    def ours(decoding: str, *, draft: bool = True, likelihood: bool = False):
        document = GENERATE | {"decoding": decoding, "batchSize": chosen.batch, "likelihood": likelihood}
        params = from_json(GenerateParams, document, "generate")
        generator = TransformersGenerator(model, tokenizer, ids, params, seed=1, draft=draft)
        return generator.generate(requests), generator.passes

    ways = {
        "transformers": lambda: plain(model, tokenizer, requests, chosen.batch),
        "greedy": lambda: ours("greedy"),
        "greedy, no drafts": lambda: ours("greedy", draft=False),
        "constrained": lambda: ours("constrained"),
        "constrained, no drafts": lambda: ours("constrained", draft=False),
        "constrained with likelihoods": lambda: ours("constrained", likelihood=True),
        "sampled": lambda: ours("sampled"),
    }
    seconds: dict[str, float] = {}
    cpu_seconds: dict[str, float] = {}
    results: dict[str, object] = {}
    for _ in range(chosen.rounds):
        for name, work in ways.items():
            took, cpu, results[name] = timed(work)
            seconds[name] = min(took, seconds.get(name, took))
            cpu_seconds[name] = min(cpu, cpu_seconds.get(name, cpu))
            print(f"{name}: {took:.1f} s, {cpu:.1f} s of the processor", flush=True)
    stock = [answer(text) for text in results["transformers"]]
    greedy = [one.text for one in results["greedy"][0]]
    model.float()
    exact = [answer(text) for text in plain(model, tokenizer, requests, chosen.batch)]
    with patch.object(forward, "has_fast_bfloat16", return_value=False):  # no bfloat16 products either
        exact_ours = [one.text for one in ours("greedy")[0]]
    batches = -(-chosen.users // chosen.batch)
    lengths = [len(tokenizer.encode(request.prompt)) for request in requests]
    rows = {
        name: {
            "usersPerSecond": round(chosen.users / took, 2),
            "timesTransformers": round(seconds["transformers"] / took, 2),
            "usersPerCpuSecond": round(chosen.users / cpu_seconds[name], 2),
            "timesTransformersCpu": round(cpu_seconds["transformers"] / cpu_seconds[name], 2),
        }
        | ({} if name == "transformers" else {"passesPerBatch": round(results[name][1] / batches, 1)})
        for name, took in seconds.items()
    }
    report = {
        "benchmark": "generation",
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": {"cpu": cpu_model(), "cores": os.cpu_count(), "threads": chosen.threads}
        | {"system": platform.platform()},
        "versions": {"torch": torch.__version__, "transformers": __import__("transformers").__version__},
        "model": "SmolLM2-135M-Instruct (bfloat16), LoRA merged",
        "users": chosen.users,
        "batch": chosen.batch,
        "meanPromptTokens": round(float(np.mean(lengths)), 1),
        "rounds": chosen.rounds,
        "ways": rows,
        "greedyEqualInBfloat16": share(stock, greedy),
        "greedyEqualInFloat32": share(exact, exact_ours),
        "wellFormed": round(float(np.mean([text.endswith(CLOSE) for text in exact])), 3),
    }
    ending = "" if chosen.threads == 1 else f"-{chosen.threads}-threads"
    output = HERE / "results" / f"generation{ending}.json"
    output.write_text(json.dumps(report, indent=1) + "\n")
    print(json.dumps(report, indent=1))


def share(one: list[str], other: list[str]) -> float:
    return round(float(np.mean([a == b for a, b in zip(one, other, strict=True)])), 3)


def cpu_model() -> str:
    """The processor's name as the system gives it."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), platform.machine())


if __name__ == "__main__":
    main()
