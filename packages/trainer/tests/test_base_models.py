"""Base models from elsewhere: a pip package, a GGUF file, the hub's cache, another dataset's scratch model."""

import shutil
from pathlib import Path

import pytest
import torch
from prompt_log import BASE, FINE_TUNE, GENERATE, write_prompts

from atelier_trainer.errors import BadData, BadSpec
from atelier_trainer.llm.base.loading import load_adapted_model, load_base_model
from atelier_trainer.llm.base.scratch import item_table
from atelier_trainer.llm.base.sources import package_file

CPU = torch.device("cpu")
COMMIT = "0123456789abcdef0123456789abcdef01234567"


@pytest.mark.models
def test_a_gguf_file_of_a_package_becomes_a_plain_model_that_speaks(run_stage):
    folder = str(package_file("smollm2").parent)
    result, base = run_stage("base-model", BASE | {"source": "path", "model": folder}, {})
    assert (result["parameters"], result["vocabulary"]) == (134_515_008, 49_152)
    model, tokenizer = load_base_model(base, CPU, training=False)
    tokens = tokenizer("The capital of France is", return_tensors="pt").input_ids
    with torch.no_grad():
        assert tokenizer.decode(model(tokens).logits[0, -1].argmax()) == " Paris"
    assert not hasattr(model.config, "quantization_config")
    assert {file.suffix for file in base.iterdir()} <= {".json", ".jinja", ".safetensors", ".ndjson"}


def test_an_unknown_package_is_answered_with_the_known_ones(run_stage):
    with pytest.raises(BadSpec, match="smollm2"):
        run_stage("base-model", BASE | {"source": "package", "model": "gpt-5"}, {})


def test_a_folder_without_weights_is_no_model(tmp_path, run_stage):
    (tmp_path / "empty").mkdir()
    with pytest.raises(BadData, match="no model folder"):
        run_stage("base-model", BASE | {"source": "path", "model": str(tmp_path / "empty")}, {})


@pytest.fixture
def scratch(tmp_path, run_stage):
    """Inputs and base model of the source catalogue."""
    inputs = write_prompts(tmp_path / "source")
    base = run_stage("base-model", BASE, inputs | {"split": inputs["prompts"]})[1]
    return inputs, base.rename(tmp_path / "base-of-source")


def test_a_hub_model_is_taken_from_the_cache_without_a_network(scratch, tmp_path, run_stage, monkeypatch):
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    hub = BASE | {"source": "hub", "model": "someone/tiny"}
    with pytest.raises(BadSpec, match=r"someone/tiny is not in the cache and HF_HUB_OFFLINE is set: .*hf download"):
        run_stage("base-model", hub, {})
    repository = tmp_path / "cache" / "models--someone--tiny"
    shutil.copytree(scratch[1], repository / "snapshots" / COMMIT)
    (repository / "refs").mkdir()
    (repository / "refs" / "main").write_text(COMMIT)
    result, base = run_stage("base-model", hub, {})
    assert result["source"] == "hub"
    model, _ = load_base_model(base, CPU, training=False)
    assert model.num_parameters() == result["parameters"]


def test_a_scratch_model_moves_to_another_catalogue_with_its_words_and_its_adapter(scratch, tmp_path, run_stage):
    inputs, base = scratch
    target = write_prompts(tmp_path / "target", items=70, seed=5)
    result, moved = run_stage(
        "base-model", BASE | {"source": "transfer"}, {"source": str(base), "dataset": target["dataset"]}
    )
    assert result["items"] == 70 - 9
    before, old = load_base_model(base, CPU, training=False)
    after, new = load_base_model(moved, CPU, training=False)
    first = len(old) - (40 - 9)
    assert len(new) == first + 61
    assert new.tokenize('{"id": "66", "title": "Red Tote"}').count("66") == 1
    vectors = after.get_input_embeddings().weight
    assert torch.equal(vectors[:first], before.get_input_embeddings().weight[:first])
    assert torch.equal(after.get_output_embeddings().weight, vectors)
    layers = [name for name, _ in before.named_parameters() if ".h." in name or "ln_f" in name]
    assert layers and all(torch.equal(before.get_parameter(n), after.get_parameter(n)) for n in layers)

    # Item 66 is what its words make it: the vector that a fresh table without parts of its own would give.
    from atelier_trainer.llm.text.catalogue import read_products

    products = read_products(Path(target["dataset"]), ["color"])
    table = item_table(vectors[:first], new, products)
    with torch.no_grad():
        table.own.zero_()
        assert torch.allclose(table.table(), vectors, atol=1e-6)

    _, tuned = run_stage("fine-tune", FINE_TUNE, {"baseModel": str(base), "prompts": inputs["prompts"]})
    load_adapted_model(moved, tuned, CPU)
    stages = {"baseModel": str(moved), "fineTune": str(tuned)}
    result, _ = run_stage("generate", GENERATE, target | stages)
    assert result["prompts"] == 6


def test_only_a_scratch_model_can_be_transferred(tmp_path, run_stage):
    target = write_prompts(tmp_path / "target")
    with pytest.raises(BadData, match="made from scratch"):
        inputs = {"source": target["prompts"], "dataset": target["dataset"]}
        run_stage("base-model", BASE | {"source": "transfer"}, inputs)


def test_a_step_on_a_large_catalogue_reads_the_vectors_that_the_whole_table_holds():
    from atelier_trainer.llm.base.scratch import ItemTable

    table = ItemTable(torch.randn(30, 8), 30, [[row % 7, row % 11, 29] for row in range(50)])
    some = torch.tensor([3, 17, 42])
    assert torch.allclose(table.part(some)[30:], table.table()[30 + some])


def test_of_many_words_a_share_counts_at_equal_weight_and_every_id_and_answer_does(monkeypatch):
    import numpy as np

    from atelier_trainer.llm.text.prompts import TokenRow, TokenRows
    from atelier_trainer.llm.training import pretraining

    tokens = [1] * 1000 + [60] * 10 + [1] * 30
    rows = TokenRows([], [TokenRow(tokens, np.ones(1040, dtype=np.float32), 1010)], 0)
    rng = np.random.default_rng(0)
    assert pretraining._thinned(rows, 50, rng) is rows
    monkeypatch.setattr(pretraining, "MOST_WORDS", 250)
    weights = pretraining._thinned(rows, 50, rng).rows[0].weights
    assert (weights[1000:] == 1).all()
    assert set(weights[:1000]) == {0, 4}
    assert weights[:1000].sum() == pytest.approx(1000, rel=0.1)


def test_a_models_parameters_are_counted_without_reading_its_weights(scratch, tmp_path, run_stage, monkeypatch):
    expected = load_base_model(scratch[1], CPU, training=False)[0].num_parameters()

    def refuse(*_, **__):
        raise AssertionError("the weights were loaded")

    monkeypatch.setattr("transformers.AutoModelForCausalLM.from_pretrained", refuse)
    monkeypatch.setattr("safetensors.torch.load_file", refuse)
    result, _ = run_stage("base-model", BASE | {"source": "path", "model": str(scratch[1])}, {})
    assert result["parameters"] == expected


def test_weights_that_are_cut_off_are_refused_when_the_model_is_taken_up(scratch, tmp_path, run_stage):
    folder = tmp_path / "cut"
    shutil.copytree(scratch[1], folder)
    weights = folder / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-100])
    with pytest.raises(BadData, match=r"cannot read the base model at .*cut"):
        run_stage("base-model", BASE | {"source": "path", "model": str(folder)}, {})
