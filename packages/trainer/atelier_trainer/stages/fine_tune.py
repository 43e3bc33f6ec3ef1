"""fine-tune: LoRA on prompts and responses; prompts of high perplexity are trained on further (paper, section 4.3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch

from ..checkpoints import Checkpoints
from ..device import keep_no_freed_memory, pick_device
from ..llm.base.forward import autocast
from ..llm.base.limits import refuse_longer
from ..llm.base.loading import TRAINED_WITH, load_base_model
from ..llm.text.batching import length_batches
from ..llm.text.prompts import TokenRows, encode_training, read_prompts
from ..llm.training.evaluation import mean_loss, response_losses
from ..llm.training.frozen import FrozenStates
from ..llm.training.lora import add_lora, frozen_layers
from ..llm.training.loss import Reading, read_batch, shared, token_losses, weight_of, weighted_loss
from ..llm.training.optimiser import Trainer
from ..llm.training.packing import Packing
from ..ranks import Ranks
from ..receipt import write_json
from ..tables import write_table

if TYPE_CHECKING:
    from torch import Tensor
    from transformers import PreTrainedModel

    from ..events import EventWriter
    from ..params import FineTuneParams
    from ..spec import StageSpec
    from . import Result

# Validation loss is watched on this many prompts: on all of them it would cost as much as an epoch.
VALID_PROMPTS = 400


def run(spec: StageSpec, events: EventWriter) -> Result:
    """Write `adapter/` (stock PEFT, safetensors), `training.json` (under which quantisation) and, where a pass over the
    hard prompts follows, `perplexity.parquet`.

    The last holds the training prompts' perplexities after `epochs`; nothing else needs them, and they cost a third
    of a pass.
    """
    params: FineTuneParams = spec.params
    device = pick_device(spec.device)
    keep_no_freed_memory()
    table = read_prompts(spec.input("prompts"), "train")
    valid = read_prompts(spec.input("prompts"), "valid")
    model, tokenizer = load_base_model(spec.input("baseModel"), device, training=True, quantization=params.quantization)
    refuse_longer(model.config, params.max_tokens)
    adapted = add_lora(
        model,
        rank=params.lora_rank,
        alpha=params.lora_alpha,
        dropout=params.lora_dropout,
        frozen_share=params.frozen_share,
    )
    packing = Packing(model) if params.packing else None
    how = Reading(packing)
    if params.gradient_checkpointing:
        model.gradient_checkpointing_enable({"use_reentrant": False})
    rows = encode_training(
        tokenizer,
        table,
        max_tokens=params.max_tokens,
        id_weight=params.id_weight,
        id_weight_absent=params.id_weight_absent,
        id_weight_shown=params.id_weight_shown,
    )
    if rows.truncated:
        events.warning(
            f"{rows.truncated} of {len(table)} prompts are longer than {params.max_tokens} tokens; "
            "their oldest part is left out"
        )
    valid = valid.take(_spread(len(valid), VALID_PROMPTS))
    valid_rows = encode_training(tokenizer, valid, max_tokens=params.max_tokens) if len(valid) else None
    if params.gradient_checkpointing and packing is None:
        # Checkpointed layers keep no keys and values that rows could share.
        rows = rows.whole()
    if packing is not None and max(params.epochs, params.hard_epochs) > 1:
        lowest = frozen_layers(model, params.frozen_share)
        if FrozenStates.fits(model, lowest, rows):
            how = Reading(packing, FrozenStates(model, lowest, rows))

    rng = np.random.default_rng(spec.seed)
    result: Result = {"quantization": params.quantization}
    if params.quantization == "nf4":
        result |= _four_bits(model, events)
    hard_count = round(len(table) * params.hard_share)
    hard_passes = max(0, params.hard_epochs - params.epochs) if hard_count else 0
    trainer = Trainer(
        adapted.parameters(),
        learning_rate=params.learning_rate,
        steps=params.epochs * _batches(len(table), params) + hard_passes * _batches(hard_count, params),
        events=events,
    )
    ranks = Ranks.of_process()
    lessons = _Lessons(model, rows, how, spec.rows_at_once)
    hard = HardPrompts()
    training = Checkpoints.of(spec, events).training(
        "training", steps=trainer.total, rng=rng, trainer=trainer, hard=hard
    )

    def drawn(chosen: np.ndarray, rng: np.random.Generator) -> list[np.ndarray]:
        return [
            chosen[batch] for batch in length_batches([rows.lengths[row] for row in chosen], params.batch_size, rng)
        ]

    if ranks.rank:
        # Adapters and masks start alike everywhere; which masks a process takes is its own.
        torch.manual_seed(spec.seed + (trainer.step + 1) * ranks.size + ranks.rank)
    if trainer.step and how.frozen is not None:
        # Kept as the first pass made them: other batches would round differently.
        first = drawn(np.arange(len(table)), np.random.default_rng(spec.seed))
        with torch.no_grad(), autocast(model):
            for done, numbers in enumerate(first[: trainer.step], 1):
                for part in shared(numbers, spec.rows_at_once):
                    read_batch(rows, part, device, how).keep_frozen()
                events.progress("frozen layers", done, min(trainer.step, len(first)), "batches")

    def one_pass(name: str, chosen: np.ndarray) -> None:
        adapted.train()
        trainer.run(name, training, training.draw(lambda: drawn(chosen, rng)), lessons)
        adapted.eval()
        if valid_rows is not None:
            result["validLoss"] = mean_loss(model, valid_rows, params.batch_size, how)
            events.metric("loss", result["validLoss"], trainer.step, "valid")

    for epoch in training.passes(1, params.epochs):
        one_pass(f"epoch {epoch}", np.arange(len(table)))
    if hard_passes:
        if hard.losses is None:
            hard.losses = response_losses(
                model,
                rows,
                params.batch_size,
                lambda done, total: events.progress("perplexity", done, total, "prompts"),
                how,
            )
        losses = hard.losses
        write_table(
            spec.output / "perplexity.parquet",
            {"example_id": table.example_ids.astype(np.int32), "perplexity": np.exp(losses)},
        )
        result["meanPerplexity"] = float(np.exp(losses).mean())
        chosen = np.argsort(-losses, kind="stable")[:hard_count]
        for epoch in training.passes(params.epochs + 1, params.epochs + hard_passes):
            one_pass(f"hard prompts, epoch {epoch}", chosen)

    adapted.save_pretrained(spec.output / "adapter", safe_serialization=True)
    write_json(spec.output / TRAINED_WITH, {"quantization": params.quantization})
    result |= {
        "prompts": len(table),
        "hardPrompts": hard_count if hard_passes else 0,
        "truncated": rows.truncated,
        "steps": trainer.step,
        "trainableParameters": sum(p.numel() for p in adapted.parameters() if p.requires_grad),
        "tokensPerSecond": round(trainer.tokens_per_second),
    }
    return result


@dataclass(frozen=True)
class _Lessons:
    model: PreTrainedModel
    rows: TokenRows
    how: Reading
    rows_at_once: int | None

    def tokens(self, numbers: np.ndarray) -> int:
        return sum(len(self.rows.rows[number].tokens) for number in numbers)

    def parts(self, numbers: np.ndarray) -> list[np.ndarray]:
        return shared(numbers, self.rows_at_once)

    def weight(self, numbers: np.ndarray) -> float:
        return weight_of(self.rows, numbers)

    def loss(self, numbers: np.ndarray) -> Tensor:
        batch = read_batch(self.rows, numbers, self.model.device, self.how)
        return weighted_loss(token_losses(self.model, batch), batch)


class HardPrompts:
    """The training prompts' losses once they are known; what an attempt that goes on later does not compute again."""

    def __init__(self) -> None:
        self.losses: np.ndarray | None = None

    def state_dict(self) -> dict[str, np.ndarray | None]:
        return {"losses": self.losses}

    def load_state_dict(self, state: dict[str, np.ndarray | None]) -> None:
        self.losses = state["losses"]


def _four_bits(model: PreTrainedModel, events: EventWriter) -> Result:
    from ..llm.base.nf4 import count_four_bits

    held = count_four_bits(model)
    events.log(f"{held.layers} linear layers in four bits, {held.bytes / 1e6:.1f} MB")
    if held.others:
        events.warning(f"{held.others} linear layers are not in four bits: bitsandbytes does not know their kind")
    return {"quantisedLayers": held.layers, "quantisedBytes": held.bytes}


def _spread(count: int, most: int) -> np.ndarray:
    """Row numbers, all or `most` of them at equal distances."""
    return np.unique(np.linspace(0, count - 1, min(count, most)).astype(int))


def _batches(count: int, params: FineTuneParams) -> int:
    return -(-count // params.batch_size)
