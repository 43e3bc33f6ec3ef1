"""Peak memory of fine-tune and generate on a CPU against what the plan says of them, at four sizes.

Random models with rows as long as they may be, each stage in a process of its own whose peak the system tells. See
bench/README.md for the command.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
TRAINER = HERE.parent / "packages" / "trainer"
sys.path[:0] = [str(TRAINER), str(TRAINER / "tests")]

import torch
from machine import write_results
from prompt_log import BASE, FINE_TUNE, GENERATE, write_prompts
from tiny_models import prompt_texts, write_model
from transformers import AutoTokenizer

from atelier_trainer.device import has_fast_bfloat16

ALLOWED = 0.2
PROMPT_TOKENS = 952


def sizes(family: str, hidden: int, layers: int) -> dict:
    if family == "falcon":
        return {
            "hidden_size": hidden,
            "num_hidden_layers": layers,
            "num_attention_heads": hidden // 64,
        }
    shape = {
        "hidden_size": hidden,
        "intermediate_size": 3 * hidden,
        "num_hidden_layers": layers,
    }
    return shape | {
        "num_attention_heads": hidden // 64,
        "num_key_value_heads": hidden // 128,
    }


TUNING = FINE_TUNE | {
    "hardShare": 0,
    "maxTokens": 512,
    "packing": True,
    "loraDropout": 0.05,
}
# Family, hidden size, layers, what of fine-tuning is set otherwise.
CASES = [
    ("llama", 256, 4, {"batchSize": 4}),
    ("falcon", 512, 6, {"batchSize": 4, "quantization": "nf4"}),
    ("llama", 768, 12, {"batchSize": 2, "packing": False}),
    (
        "falcon",
        1024,
        16,
        {"batchSize": 4, "quantization": "nf4", "gradientCheckpointing": True},
    ),
]
RUN = """
import sys
from atelier_trainer.__main__ import main
sys.exit(main(["run", sys.argv[1]]))
"""


def peak(spec: dict, folder: Path) -> int:
    """Bytes that the process of a stage held at most."""
    folder.mkdir(parents=True)
    path = folder / "spec.json"
    path.write_text(json.dumps(spec))
    environment = os.environ | {"PYTHONPATH": str(TRAINER)}
    process = subprocess.Popen(
        [sys.executable, "-c", RUN, str(path)],
        env=environment,
        stdout=subprocess.DEVNULL,
    )
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"the stage {spec['kind']} failed with status {status}")
    return usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def lengthen(inputs: dict[str, str], tokenizer) -> None:
    """Give every prompt a history that fills PROMPT_TOKENS."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    path = Path(inputs["prompts"]) / "prompts.parquet"
    table = pq.read_table(path)
    rows = table.to_pylist()

    def tokens(text: str) -> int:
        return len(tokenizer(text, add_special_tokens=False)["input_ids"])

    each = tokens("click black tote, " * 11) - tokens("click black tote, ")
    for number, row in enumerate(rows):
        # They differ from the first event on: what all prompts begin with is taken for the instruction.
        start = f"User search {number} tote, "
        free = PROMPT_TOKENS - tokens(row["prompt"]) - tokens(start)
        history = "click black tote, " * max(0, free * 10 // each)
        row["prompt"] = row["prompt"].replace("User search", f"{start}{history}search")
    longest = max(tokens(row["prompt"]) for row in rows)
    if not 0.97 * PROMPT_TOKENS <= longest <= PROMPT_TOKENS:
        raise SystemExit(f"the longest prompt has {longest} tokens, not about {PROMPT_TOKENS}")
    pq.write_table(pa.Table.from_pylist(rows, schema=table.schema), path)


def measure(case: tuple[str, int, int, dict], root: Path, threads: int) -> list[dict]:
    family, hidden, layers, changes = case
    tuning = TUNING | changes
    inputs = write_prompts(root, train=3 * tuning["batchSize"], test=3 * tuning["batchSize"])
    folder = write_model(
        root / "model",
        family,
        prompt_texts(inputs),
        **sizes(family, hidden, layers),
        spare=8000,
    )
    lengthen(inputs, AutoTokenizer.from_pretrained(folder))
    common = {
        "contract": 1,
        "revision": 1,
        "key": "0" * 32,
        "seed": 1,
        "device": "cpu",
        "threads": threads,
    }
    stages = {
        "base-model": (BASE | {"source": "path", "model": str(folder)}, {}),
        "fine-tune": (
            tuning,
            {"baseModel": str(root / "base-model"), "prompts": inputs["prompts"]},
        ),
        "generate": (
            GENERATE
            | {
                "batchSize": 8,
                "decoding": "greedy",
                "weights": "nf4" if "quantization" in changes else "full",
            },
            inputs
            | {
                "baseModel": str(root / "base-model"),
                "fineTune": str(root / "fine-tune"),
            },
        ),
    }
    rows = []
    for kind, (params, given) in stages.items():
        spec = common | {
            "attempt": "bench",
            "kind": kind,
            "params": params,
            "inputs": given,
            "output": str(root / kind),
        }
        measured = peak(spec, root / kind)
        if kind != "base-model":
            question = {"kind": kind, "params": params, "promptTokens": PROMPT_TOKENS}
            config = json.loads((folder / "config.json").read_text())
            question |= {"config": config, "hasBfloat16": has_fast_bfloat16(torch.device("cpu"))}
            shape = {"model": family, "hidden": hidden, "layers": layers} | changes
            rows.append(
                {
                    "kind": kind,
                    "of": shape,
                    "measuredBytes": measured,
                    "question": question,
                }
            )
            print(kind, shape, f"{measured / 1e9:.2f} GB", flush=True)
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--only", type=int, help="number of one case, from 0; nothing is recorded")
    arguments = parser.parse_args()
    cases = CASES if arguments.only is None else [CASES[arguments.only]]
    rows = []
    for case in cases:
        with tempfile.TemporaryDirectory() as folder:
            rows += measure(case, Path(folder), arguments.threads)
    command = ["node", "--import", "tsx", str(HERE / "memory-estimates.ts")]
    questions = json.dumps([row.pop("question") for row in rows])
    answered = subprocess.run(
        command,
        input=questions,
        capture_output=True,
        text=True,
        check=True,
        cwd=HERE.parent,
    )
    for row, estimate in zip(rows, json.loads(answered.stdout), strict=True):
        row["estimate"] = {name: round(value) for name, value in estimate.items()}
        row["ratio"] = round(estimate["total"] / row["measuredBytes"], 3)
        print(row, flush=True)
    worst = max(abs(row["ratio"] - 1) for row in rows)
    if arguments.only is None:
        write_results(
            "memory",
            arguments.threads,
            ["torch", "transformers", "peft"],
            {"stages": rows, "worst": worst},
        )
    if worst > ALLOWED:
        raise SystemExit(f"an estimate is {worst:.0%} from what was measured")


if __name__ == "__main__":
    main()
