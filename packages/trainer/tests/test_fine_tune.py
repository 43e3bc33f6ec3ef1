"""Fine-tuning: packed rows equal padded ones, frozen layers, what stock PEFT reads, and what is refused."""

import json
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
import torch
from prompt_log import BASE, FINE_TUNE, prompt, write_prompts
from safetensors import safe_open

from atelier_trainer.errors import BadSpec
from atelier_trainer.llm.base.loading import load_base_model
from atelier_trainer.llm.text.prompts import TokenRow, TokenRows, encode_training, read_prompts
from atelier_trainer.llm.training.evaluation import response_losses
from atelier_trainer.llm.training.frozen import FrozenStates
from atelier_trainer.llm.training.lora import add_lora
from atelier_trainer.llm.training.loss import PADDED, Reading, read_batch, token_losses, weighted_loss
from atelier_trainer.llm.training.packing import Packing

CPU = torch.device("cpu")


def falcon(**changes):
    from transformers import FalconConfig, FalconForCausalLM

    shape = {"vocab_size": 90, "hidden_size": 32, "num_hidden_layers": 4, "num_attention_heads": 4, "alibi": False}
    return FalconForCausalLM(FalconConfig(**shape | {"multi_query": False, "bias": False} | changes))


def llama():
    from transformers import LlamaConfig, LlamaForCausalLM

    shape = {"hidden_size": 32, "intermediate_size": 48, "num_hidden_layers": 4, "num_attention_heads": 4}
    return LlamaForCausalLM(LlamaConfig(vocab_size=90, num_key_value_heads=2, **shape))


MODELS = {
    "falcon": falcon,
    "falcon with one key for all heads": lambda: falcon(multi_query=True),
    "falcon of the new architecture": lambda: falcon(new_decoder_architecture=True, num_kv_heads=2),
    "llama": llama,
}


def token_rows(prefix: int, lengths: list[int]) -> TokenRows:
    rng = np.random.default_rng(0)
    weights = [np.where(np.arange(length) < length // 2, 0, rng.uniform(0.3, 3, length)) for length in lengths]
    rows = [TokenRow(rng.integers(90, size=len(w)).tolist(), w.astype(np.float32)) for w in weights]
    return TokenRows(rng.integers(90, size=prefix).tolist(), rows, 0)


def loss_and_gradients(model, rows, how):
    """Twice over the same batch: the second time frozen states come from memory."""
    for _ in range(2):
        model.zero_grad()
        batch = read_batch(rows, np.arange(len(rows.rows)), CPU, how)
        loss = weighted_loss(token_losses(model, batch), batch)
        loss.backward()
    return loss.item(), torch.cat([p.grad.flatten() for p in model.parameters() if p.grad is not None])


@pytest.mark.parametrize("prefix", [0, 7])
@pytest.mark.parametrize("frozen_share", [0, 0.5])
@pytest.mark.parametrize("name", MODELS)
def test_packed_rows_give_the_loss_and_the_gradients_of_padded_ones(name, frozen_share, prefix):
    model = MODELS[name]().double()
    adapted = add_lora(model, rank=4, alpha=4, dropout=0, frozen_share=frozen_share)
    for parameter in adapted.parameters():
        if parameter.requires_grad:
            torch.nn.init.normal_(parameter, std=0.2)
    rows = token_rows(prefix, [9, 4, 12, 5])
    expected, gradients = loss_and_gradients(model, rows, PADDED)
    reading = [Reading(Packing(model))]
    if frozen_share:
        reading.append(Reading(reading[0].packing, FrozenStates(model, 2, rows)))
    for how in reading:
        loss, packed = loss_and_gradients(model, rows, how)
        assert loss == pytest.approx(expected, abs=1e-9)
        assert torch.allclose(packed, gradients, atol=1e-9)
        assert response_losses(model, rows, 2, how=how) == pytest.approx(
            response_losses(model, rows, 4, how=reading[0])
        )


@pytest.mark.parametrize("name", MODELS)
def test_a_packed_prompt_sees_the_instruction_and_no_other_prompt(name):
    model = MODELS[name]().double()
    how = Reading(Packing(model))
    rows = token_rows(3, [6, 8, 5])
    with torch.no_grad():
        before = response_losses(model, rows, 3, how=how)
        for place, changed in ((1, [False, True, False]), (None, [True, True, True])):
            tokens = rows.prefix if place is None else rows.rows[place].tokens
            tokens[0] = (tokens[0] + 1) % 90
            after = response_losses(model, rows, 3, how=how)
            assert (after != before).tolist() == changed
            before = after


def test_checkpointed_layers_give_the_same_gradients():
    rows = token_rows(5, [9, 4, 12])
    gradients = []
    for packed, checkpointing in ((False, False), (False, True), (True, True)):
        torch.manual_seed(3)
        model = llama().double()
        add_lora(model, rank=4, alpha=4, dropout=0).train()
        if checkpointing:
            model.gradient_checkpointing_enable({"use_reentrant": False})
        whole = rows.whole() if checkpointing and not packed else rows
        gradients.append(loss_and_gradients(model, whole, Reading(Packing(model)) if packed else PADDED)[1])
    assert torch.allclose(gradients[0], gradients[1], atol=1e-9)
    assert torch.allclose(gradients[0], gradients[2], atol=1e-9)


def test_alibi_cannot_be_packed():
    with pytest.raises(BadSpec, match="packing"):
        Packing(falcon(alibi=True))


def test_pooled_dropout_drops_its_share_and_keeps_the_mean():
    from atelier_trainer.llm.training.lora import DropoutPool, PooledDropout

    dropout = PooledDropout(DropoutPool(0.05))
    ones = torch.ones(2000, 100)
    dropped = dropout(ones)
    assert (dropped == 0).float().mean().item() == pytest.approx(0.05, abs=0.003)
    assert dropped.mean().item() == pytest.approx(1, abs=0.003)
    assert not torch.equal(dropped, dropout(ones))
    assert torch.equal(dropout.eval()(ones), ones)


@pytest.fixture
def stages(tmp_path, run_stage):
    """`tune(changes)`: the inputs, the base model and the folder of a fine-tune stage."""
    inputs = write_prompts(tmp_path)
    _, base = run_stage("base-model", BASE | {"layers": 4}, inputs | {"split": inputs["prompts"]})

    def tune(**changes):
        torch.manual_seed(1)
        _, tuned = run_stage("fine-tune", FINE_TUNE | changes, {"baseModel": str(base), "prompts": inputs["prompts"]})
        return tuned

    return inputs, base, tune


def test_frozen_layers_get_no_adapter_and_packing_learns_what_padding_learns(stages):
    _, _, tune = stages
    perplexities = []
    for packing in (False, True):
        tuned = tune(frozenShare=0.5, packing=packing, loraDropout=0.0)
        with safe_open(tuned / "adapter" / "adapter_model.safetensors", "pt") as file:
            assert {name.split(".h.")[1].split(".")[0] for name in file.keys()} == {"2", "3"}  # noqa: SIM118
        perplexities.append(pq.read_table(tuned / "perplexity.parquet").to_pydict()["perplexity"])
    assert len(set(perplexities[0])) == 24
    # bfloat16 products round differently where rows are padded.
    assert perplexities[1] == pytest.approx(perplexities[0], rel=0.02)


@pytest.mark.parametrize("packing", [False, True])
def test_an_adapter_of_some_layers_gives_the_same_logits_in_stock_peft_unmerged(stages, packing):
    from peft import PeftModel
    from transformers import AutoModelForCausalLM

    inputs, base, tune = stages
    tuned = tune(frozenShare=0.5, packing=packing, gradientCheckpointing=packing)
    stock = PeftModel.from_pretrained(AutoModelForCausalLM.from_pretrained(base), tuned / "adapter").eval()
    ours, tokenizer = load_base_model(base, CPU, training=False)
    ours = PeftModel.from_pretrained(ours, tuned / "adapter").eval()
    tokens = torch.tensor([tokenizer.encode(prompt(3, [4, 3, 9]))])
    rows = encode_training(tokenizer, read_prompts(Path(inputs["prompts"]), "valid"), max_tokens=512)
    with torch.no_grad():
        assert torch.allclose(ours(tokens).logits, stock(tokens).logits, atol=1e-5)
        # What the stage trained is what stock PEFT reads: the loss that it reported.
        reported = [e for e in events_of(tuned) if e["type"] == "metric" and e["payload"].get("split") == "valid"]
        losses = response_losses(stock.get_base_model(), rows, 4)
    assert losses.mean() == pytest.approx(reported[-1]["payload"]["value"], rel=0.02)


def events_of(folder: Path) -> list[dict]:
    return [json.loads(line) for line in (folder / "events.ndjson").read_text().splitlines()]


def test_no_layer_left_to_train_is_refused(stages):
    with pytest.raises(BadSpec, match="frozenShare"):
        stages[2](frozenShare=1)
