"""Training tokens a second: the trainer's packed fine-tuning against the plain padded transformers + PEFT loop.

SmolLM2-135M with LoRA r 16 on all linear layers, the same prompts, the same batch size, one thread, bfloat16 where the
processor has it. Tokens are those of the prompts as a person would count them: the whole prompt with its instruction
and response, no padding. See bench/README.md for the command.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

HERE = Path(__file__).resolve().parent
HOME = Path(os.environ.get("ATELIER_HOME", HERE.parent / ".atelier"))
os.environ.setdefault("HF_HUB_OFFLINE", "1")
sys.path[:0] = [str(HERE.parent / "packages" / "trainer")]

import numpy as np
import torch
from machine import write_results

from atelier_trainer.device import has_fast_bfloat16
from atelier_trainer.llm.base.loading import load_base_model
from atelier_trainer.llm.base.sources import convert_gguf, package_file
from atelier_trainer.llm.text.prompts import PromptTable, TokenRows, encode_training
from atelier_trainer.llm.training.frozen import FrozenStates
from atelier_trainer.llm.training.lora import add_lora, frozen_layers
from atelier_trainer.llm.training.loss import PADDED, Reading, read_batch, token_losses, weighted_loss
from atelier_trainer.llm.training.packing import Packing

CPU = torch.device("cpu")
LORA = {"rank": 16, "alpha": 16, "dropout": 0.05}
TITLE_WORDS = """
    women men summer winter tote bag leather black red casual running shoes canvas sneakers floral dress medium large
    small backpack travel luggage scarf wool silk sandals boots navy olive striped cropped oversized vintage
"""
WORDS = TITLE_WORDS.split()
INSTRUCTION = (
    "Below is an instruction that describes a task, paired with an input that provides further context. Write a "
    "response that appropriately completes the request.\n### Instruction: Given the sequence of user "
    "interactions and product attributes, recommend a product that the user is most likely to purchase. Take "
    "into account the sequential order of the actions, as they reflect the user's shopping mission. Focus "
    "particularly on product attributes such as color and size, season, occasion, and holiday, as these "
    "significantly influence user decisions. Prioritize recommendations from the candidate product ids provided "
    "in the input. Directly predict the product id and product title as output. The output must strictly follow "
    "{<id>id</id>,<title>title</title>} format.\n### Input: User "
)


def make_prompts(count: int) -> PromptTable:
    """Prompts of the form of the paper's Figure 3, with one to eight products in their history."""
    rng = np.random.default_rng(0)

    def title() -> str:
        return " ".join(rng.choice(WORDS, 7))

    def event() -> str:
        color, season = rng.choice(WORDS, 2)
        item = rng.integers(9999)
        return f'click product {{"id": "{item}", "title": "{title()}", "color": "{color}", "season": "{season}"}}'

    prompts, responses = [], []
    for _ in range(count):
        history = ", then ".join(event() for _ in range(rng.integers(1, 9)))
        candidates = rng.integers(9999, size=8)
        listed = ",".join(map(str, candidates))
        prompts.append(f"{INSTRUCTION}{history}. Candidate product ids:[{listed}].\n### Response: ")
        responses.append(f"{{<id>{candidates[0]}</id>,<title>{title()}</title>}}")
    return PromptTable(np.arange(count), prompts, responses, np.ones(count, dtype=int), ["id"] * count)


class Side:
    """One way of training: a fresh model with fresh adapters; `loss(numbers)` is of those prompts."""

    def __init__(self, base: Path, frozen_share: float = 0.0):
        torch.manual_seed(1)
        self.model, self.tokenizer = load_base_model(base, CPU, training=True)
        self.adapted = add_lora(self.model, **LORA, frozen_share=frozen_share)
        self.loss: Callable[[np.ndarray], torch.Tensor]
        self.optimiser = torch.optim.AdamW([p for p in self.adapted.parameters() if p.requires_grad], lr=1e-4)

    def step(self, numbers: np.ndarray) -> float:
        """Processor seconds of one optimiser step."""
        started = time.process_time()
        self.loss(numbers).backward()
        self.optimiser.step()
        self.optimiser.zero_grad(set_to_none=True)
        return time.process_time() - started


def plain(base: Path, rows: TokenRows) -> Side:
    """As tutorials write it: whole prompts padded to the longest, attention mask, labels, `model(**batch).loss`."""
    from peft import LoraConfig, get_peft_model
    from transformers import AutoModelForCausalLM

    side = Side.__new__(Side)
    torch.manual_seed(1)
    dtype = torch.bfloat16 if has_fast_bfloat16(CPU) else torch.float32
    model = AutoModelForCausalLM.from_pretrained(base, dtype=dtype, local_files_only=True)
    side.model = model
    config = LoraConfig(r=16, lora_alpha=16, lora_dropout=0.05, target_modules="all-linear", task_type="CAUSAL_LM")
    side.adapted = get_peft_model(model, config)
    whole = rows.whole().rows

    def loss(numbers: np.ndarray) -> torch.Tensor:
        longest = max(len(whole[number].tokens) for number in numbers)
        tokens = torch.zeros(len(numbers), longest, dtype=torch.long)
        labels = torch.full_like(tokens, -100)
        mask = torch.zeros_like(tokens)
        for place, number in enumerate(numbers):
            row = torch.tensor(whole[number].tokens)
            counts = torch.from_numpy(whole[number].weights) > 0
            tokens[place, : len(row)], mask[place, : len(row)] = row, 1
            labels[place, : len(row)] = torch.where(counts, row, -100)
        return side.adapted(input_ids=tokens, attention_mask=mask, labels=labels).loss

    side.loss = loss
    side.optimiser = torch.optim.AdamW([p for p in side.adapted.parameters() if p.requires_grad], lr=1e-4)
    return side


def ours(base: Path, rows: TokenRows, *, packed: bool, frozen_share: float = 0.0, keep: bool = False) -> Side:
    side = Side(base, frozen_share)
    how = Reading(Packing(side.model)) if packed else PADDED
    if keep:
        how = Reading(how.packing, FrozenStates(side.model, frozen_layers(side.model, frozen_share), rows))

    def loss(numbers: np.ndarray) -> torch.Tensor:
        batch = read_batch(rows, numbers, CPU, how)
        return weighted_loss(token_losses(side.model, batch), batch)

    side.loss = loss
    return side


def equal_loss(base: Path, rows: TokenRows, numbers: np.ndarray) -> dict[str, float]:
    """Loss of one batch before training, in double precision: rounding decides nothing, and neither does dropout."""
    losses = {}
    for name, side in (("plain", plain(base, rows)), ("packed", ours(base, rows, packed=True))):
        side.adapted.double().eval()
        with torch.no_grad():
            losses[name] = side.loss(numbers).item()
    return losses | {"difference": abs(losses["plain"] - losses["packed"])}


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--batches", type=int, default=4)
    options.add_argument("--batch-size", type=int, default=12)
    chosen = options.parse_args()
    torch.set_num_threads(1)
    base = HOME / "bench" / "smollm2"
    if not (base / "config.json").exists():
        base.mkdir(parents=True, exist_ok=True)
        convert_gguf(package_file("smollm2"), base)
    tokenizer = load_base_model(base, CPU, training=False)[1]
    rows = encode_training(tokenizer, make_prompts(chosen.batches * chosen.batch_size), max_tokens=1024)
    lengths = np.array(rows.lengths) + len(rows.prefix)
    # The plain loop shuffles, as loaders do; the trainer's padded batches hold neighbouring lengths.
    shuffled = np.random.default_rng(1).permutation(len(lengths)).reshape(chosen.batches, -1)
    sorted_ = np.argsort(lengths, kind="stable").reshape(chosen.batches, -1)
    losses = equal_loss(base, rows, shuffled[0])
    print("loss", losses, flush=True)

    sides = {
        "plain padded transformers + PEFT loop": (lambda: plain(base, rows), shuffled),
        "ours, padded, shared instruction": (lambda: ours(base, rows, packed=False), sorted_),
        "ours, packed": (lambda: ours(base, rows, packed=True), shuffled),
        "ours, packed, lower half frozen": (lambda: ours(base, rows, packed=True, frozen_share=0.5), shuffled),
        "ours, packed, lower half frozen, its states kept": (
            lambda: ours(base, rows, packed=True, frozen_share=0.5, keep=True),
            shuffled,
        ),
    }
    speeds = {}
    for name, (make, batches) in sides.items():
        side = make()
        side.adapted.train()
        for numbers in batches if name.endswith("kept") else batches[:1]:
            side.step(numbers)  # warm-up; for kept states the first epoch
        seconds = sum(side.step(numbers) for numbers in batches)
        speeds[name] = round(float(lengths.sum() / seconds), 1)
        print(f"{name}: {speeds[name]} tokens per processor second", flush=True)
    plain_speed = speeds["plain padded transformers + PEFT loop"]
    document = {
        "bfloat16": has_fast_bfloat16(CPU),
        "workload": {
            "model": "SmolLM2-135M",
            "lora": LORA,
            "prompts": len(lengths),
            "batchSize": chosen.batch_size,
            "meanTokens": round(float(lengths.mean()), 1),
            "longest": int(lengths.max()),
            "sharedInstruction": len(rows.prefix),
        },
        "baseline": "plain padded transformers + PEFT loop",
        "loss": losses,
        "tokensPerSecond": speeds,
        "ratio": {name: round(speed / plain_speed, 2) for name, speed in speeds.items()},
    }
    write_results("packing", 1, ["torch", "transformers", "peft"], document)


if __name__ == "__main__":
    main()
