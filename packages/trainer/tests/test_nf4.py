"""Four-bit weights (QLoRA) are really four bits in every family, train as their dequantised model does, and answer."""

import json

import numpy as np
import pytest
import torch
from prompt_log import BASE, FINE_TUNE, GENERATE, write_prompts
from test_fine_tune import loss_and_gradients, token_rows
from tiny_models import prompt_texts, write_model
from torch import nn

from atelier_trainer.errors import BadSpec
from atelier_trainer.llm.answering.packed_reader import reader_of
from atelier_trainer.llm.answering.reader import Reader
from atelier_trainer.llm.base.forward import decoder
from atelier_trainer.llm.base.loading import load_adapted_model, load_base_model
from atelier_trainer.llm.base.nf4 import count_four_bits
from atelier_trainer.llm.training.lora import add_lora
from atelier_trainer.llm.training.loss import PADDED, Reading
from atelier_trainer.llm.training.packing import Packing

CPU = torch.device("cpu")
# Of the adapter's gradients, relative to their norm, when both are computed in float32.
TOLERANCE = 1e-4
SHAPES = {"falcon": (4, "query_key_value"), "llama": (7, "q_proj"), "qwen2": (7, "q_proj"), "qwen3": (7, "q_proj")}


@pytest.fixture(params=SHAPES)
def family(request):
    return request.param


@pytest.fixture
def folder(tmp_path, family):
    return write_model(tmp_path / "model", family, ["Black tote for 12 days", "{<id>12</id>,<title>Tote</title>}"] * 3)


@pytest.fixture
def in_float32(monkeypatch):
    """Products in float32 on every processor, so that rounding decides nothing."""
    for module in ("base.nf4", "base.loading", "base.forward"):
        monkeypatch.setattr(f"atelier_trainer.llm.{module}.has_fast_bfloat16", lambda device: False)


def in_four_bits(folder):
    return load_base_model(folder, CPU, training=True, quantization="nf4")[0]


def dequantised(folder):
    """The same model with the weights that four bits stand for, as plain numbers."""
    from bitsandbytes.functional import dequantize_4bit

    held, plain = in_four_bits(folder), load_base_model(folder, CPU, training=True)[0]
    with torch.no_grad():
        for name, layer in held.named_modules():
            if getattr(layer, "quant_state", None) is not None:
                state = layer.weight.quant_state
                plain.get_submodule(name).weight.copy_(dequantize_4bit(layer.weight.data, state))
    return plain


def test_every_linear_layer_under_the_head_is_in_four_bits(folder, family):
    model = in_four_bits(folder)
    of_a_layer, name = SHAPES[family]
    held = count_four_bits(model)
    assert (held.layers, held.others) == (2 * of_a_layer, 0)
    plain = load_base_model(folder, CPU, training=True)[0]
    weights = sum(m.weight.numel() for m in decoder(plain).modules() if isinstance(m, nn.Linear))
    layer = next(module for path, module in model.named_modules() if path.endswith(name))
    assert (layer.weight.dtype, layer.weight.numel()) == (torch.uint8, layer.in_features * layer.out_features // 2)
    # Half a byte each, an eighth of a bit and some for scales; so small a layer has its table of 256 scales too.
    assert weights / 2 < held.bytes < weights * 0.52 + held.layers * 1200
    assert type(model.get_output_embeddings()) is nn.Linear


@pytest.mark.parametrize("how", ["padded", "packed", "padded, checkpointed", "packed, checkpointed"])
def test_gradients_of_the_adapter_are_those_of_the_dequantised_model(folder, how, in_float32):
    rows = token_rows(5, [9, 4, 12])
    found = []
    for model in (in_four_bits(folder), dequantised(folder)):
        torch.manual_seed(3)
        adapted = add_lora(model, rank=4, alpha=4, dropout=0).train()
        for parameter in adapted.parameters():
            if parameter.requires_grad:
                nn.init.normal_(parameter, std=0.2)
        if how.endswith("checkpointed"):
            model.gradient_checkpointing_enable({"use_reentrant": False})
        if how.startswith("packed"):
            found.append(loss_and_gradients(model, rows, Reading(Packing(model))))
        else:
            found.append(loss_and_gradients(model, rows.whole() if how.endswith("checkpointed") else rows, PADDED))
    (loss, gradients), (expected, exact) = found
    assert loss == pytest.approx(expected, rel=TOLERANCE)
    assert len(gradients) == len(exact) > 0
    assert (gradients - exact).norm() < TOLERANCE * exact.norm()


def test_an_evaluation_between_steps_leaves_gradients_as_they_were(folder, monkeypatch, in_float32):
    # bitsandbytes on a processor that it has kernels for: after an evaluation its layers would have no gradients.
    monkeypatch.setattr("bitsandbytes.nn.modules.has_avx512bf16", lambda: True)
    model, rows = in_four_bits(folder), token_rows(0, [9, 4, 12])
    adapted = add_lora(model, rank=4, alpha=4, dropout=0).train()
    _, before = loss_and_gradients(model, rows, PADDED)
    adapted.eval()
    with torch.no_grad():
        model(torch.tensor([[1, 2, 3]]))
    adapted.train()
    _, after = loss_and_gradients(model, rows, PADDED)
    assert torch.equal(before, after)


def test_lean_layers_leave_four_bits_to_the_library(tmp_path):
    folder = write_model(tmp_path / "model", "llama", ["Black tote"])
    assert type(reader_of(in_four_bits(folder).eval())) is Reader


def test_a_model_in_which_nothing_can_be_quantised_is_refused(tmp_path, monkeypatch):
    folder = write_model(tmp_path / "model", "falcon", ["Black tote"])
    monkeypatch.setattr("atelier_trainer.llm.base.nf4.PLAIN", ())
    with pytest.raises(BadSpec, match=r"nothing to quantise in FalconForCausalLM: its 8 linear layers"):
        in_four_bits(folder)


@pytest.fixture
def take_up(tmp_path, run_stage):
    """`take_up(family)`: inputs and base-model folder of a tiny model."""

    def taken(family: str):
        inputs = write_prompts(tmp_path)
        folder = write_model(tmp_path / "model", family, prompt_texts(inputs))
        _, base = run_stage("base-model", BASE | {"source": "path", "model": str(folder)}, {})
        return inputs, base

    return taken


@pytest.mark.parametrize(
    ("family", "packing"), [("falcon", False), ("falcon", True), ("llama", True), ("qwen2", False)]
)
def test_training_lowers_the_loss_and_stock_peft_reads_the_adapter(family, packing, take_up, run_stage):
    from peft import PeftModel
    from transformers import AutoModelForCausalLM, AutoTokenizer

    inputs, base = take_up(family)
    params = FINE_TUNE | {"quantization": "nf4", "packing": packing, "gradientCheckpointing": packing, "epochs": 2}
    result, tuned = run_stage("fine-tune", params, {"baseModel": str(base), "prompts": inputs["prompts"]})
    assert (result["quantization"], result["quantisedLayers"]) == ("nf4", 2 * SHAPES[family][0])
    events = [json.loads(line) for line in (tuned / "events.ndjson").read_text().splitlines()]
    losses = [e["payload"]["value"] for e in events if e["type"] == "metric" and e["payload"]["name"] == "loss"]
    assert losses[-1] < losses[0] - 0.05
    source = json.loads((base / "base.json").read_text())["path"]
    stock = PeftModel.from_pretrained(AutoModelForCausalLM.from_pretrained(source), tuned / "adapter").eval()
    tokens = AutoTokenizer.from_pretrained(source)("Black tote", return_tensors="pt").input_ids
    ours, _ = load_adapted_model(base, tuned, CPU, "nf4")
    merged, _ = load_adapted_model(base, tuned, CPU)
    with torch.no_grad():
        expected = stock(tokens).logits
        torch.testing.assert_close(merged(tokens).logits, expected, rtol=1e-4, atol=1e-4)
        error = (ours(tokens).logits - expected).norm() / expected.norm()
    # Four bits are near the weights that they stand for, and are not them.
    assert 1e-4 < error < 0.3


def test_answers_say_what_they_are_made_with(take_up, run_stage):
    inputs, base = take_up("falcon")
    params = FINE_TUNE | {"quantization": "nf4", "packing": True}
    _, tuned = run_stage("fine-tune", params, {"baseModel": str(base), "prompts": inputs["prompts"]})
    stages = {"baseModel": str(base), "fineTune": str(tuned)}
    likelihoods = {}
    for weights in ({}, {"weights": "nf4"}):
        result, out = run_stage("generate", GENERATE | {"likelihood": True} | weights, inputs | stages)
        assert (result["weights"], result["trainedWith"]) == (weights.get("weights", "full"), "nf4")
        import pyarrow.parquet as pq

        table = pq.read_table(out / "likelihoods.parquet").to_pydict()["log_probabilities"]
        likelihoods[result["weights"]] = np.concatenate(table)
    difference = np.abs(likelihoods["nf4"] - likelihoods["full"]).max()
    assert 1e-4 < difference < 3
