"""Models of the families that bases come from go through every stage, and are served."""

import json
import re
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
import torch
from prompt_log import BASE, FINE_TUNE, GENERATE, prompt, title, write_prompts
from tiny_models import FAMILIES, prompt_texts, write_model

from atelier_trainer.encoders.title import LstmTitleEncoder, train_tokenizer
from atelier_trainer.errors import BadData, BadSpec
from atelier_trainer.llm.answering.grammar import Grammar, Row
from atelier_trainer.llm.answering.ids import read_ids
from atelier_trainer.llm.base.loading import load_base_model
from atelier_trainer.models.title_lstm import TitleLstm
from atelier_trainer.serve import Models
from atelier_trainer.spec import serve_spec
from atelier_trainer.tables import write_vectors

CPU = torch.device("cpu")
ANSWER = re.compile(r"\{<id>(\d+)</id>,<title>[^<>]+</title>\}")


@pytest.fixture
def take_up(tmp_path, run_stage):
    """`take_up(family, **changes)`: inputs and base-model folder of a tiny model from a folder."""

    def taken(family: str, **changes: object):
        inputs = write_prompts(tmp_path)
        folder = write_model(tmp_path / "model", family, prompt_texts(inputs), **changes)
        result, base = run_stage("base-model", BASE | {"source": "path", "model": str(folder)}, {})
        assert result["parameters"] == load_base_model(base, CPU, training=False)[0].num_parameters()
        return inputs, base

    return taken


@pytest.mark.parametrize("family", FAMILIES)
def test_a_model_of_the_family_is_taken_up_tuned_answers_and_is_served(family, take_up, tmp_path, run_stage):
    inputs, base = take_up(family)
    losses = {}
    for packing in (False, True):
        torch.manual_seed(1)
        params = FINE_TUNE | {"packing": packing, "frozenShare": 0.5, "loraDropout": 0.0}
        result, tuned = run_stage("fine-tune", params, {"baseModel": str(base), "prompts": inputs["prompts"]})
        losses[packing] = result["validLoss"]
    # bfloat16 products, where there are any, round differently where rows are padded.
    assert losses[True] == pytest.approx(losses[False], rel=0.02)
    stages = inputs | {"baseModel": str(base), "fineTune": str(tuned)}
    result, out = run_stage("generate", GENERATE | {"likelihood": True}, stages)
    assert result["prompts"] == 6
    table = pq.read_table(out / "generations.parquet").to_pydict()
    assert all(1 <= int(ANSWER.fullmatch(text)[1]) <= 40 for text in table["text"])
    likelihoods = np.concatenate(pq.read_table(out / "likelihoods.parquet").to_pydict()["log_probabilities"])
    assert np.isfinite(likelihoods).all() and (likelihoods < 0).all()

    models = Models(serve_spec(served(stages, tmp_path)))
    [answer] = models.generate({"prompts": [prompt(3, [3, 4])]})["generations"]
    assert ANSWER.fullmatch(answer["text"])


def served(stages: dict[str, str], root: Path) -> dict:
    """The spec of a server, with an untrained title encoder."""
    titles = [title(item) for item in range(1, 41)]
    encoder = LstmTitleEncoder(TitleLstm(120, 16), train_tokenizer(titles, 120), CPU)
    folder = root / "titleEncoder"
    folder.mkdir()
    encoder.save(folder)
    write_vectors(folder / "vectors.parquet", np.arange(1, 41), encoder.encode(titles))
    spec = {"contract": 1, "port": 0, "token": "t", "idleSeconds": 60, "threads": 1, "listLength": 3}
    spec |= {"generate": GENERATE, "encoder": {"encoder": "title", "model": None, "neighbours": 5}}
    return spec | {"inputs": stages | {"titleEncoder": str(folder)}, "ready": str(root / "ready.json")}


@pytest.mark.parametrize(
    ("family", "changes", "params", "says"),
    [
        ("falcon", {"alibi": True}, {"packing": True}, "packing needs rotary positions, .*ALiBi: set fineTune.packing"),
        ("mistral", {"sliding_window": 64}, {}, "reads at most 64 tokens at once .*set fineTune.maxTokens to 64"),
        ("llama", {"max_position_embeddings": 128}, {}, "reads at most 128 tokens at once"),
    ],
)
def test_what_a_model_cannot_do_is_said_with_what_to_set(family, changes, params, says, take_up, run_stage):
    inputs, base = take_up(family, **changes)
    with pytest.raises(BadSpec, match=says):
        run_stage("fine-tune", FINE_TUNE | params, {"baseModel": str(base), "prompts": inputs["prompts"]})


def test_prompts_longer_than_the_attention_window_are_cut_to_it(take_up, run_stage):
    inputs, base = take_up("mistral", sliding_window=128)
    tuning = FINE_TUNE | {"maxTokens": 128, "packing": True}
    _, tuned = run_stage("fine-tune", tuning, {"baseModel": str(base), "prompts": inputs["prompts"]})
    result, out = run_stage("generate", GENERATE, inputs | {"baseModel": str(base), "fineTune": str(tuned)})
    assert result["prompts"] == 6
    events = [json.loads(line) for line in (out / "events.ndjson").read_text().splitlines()]
    assert any("longer than the model allows" in event["payload"].get("message", "") for event in events)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"quantization_config": {"quant_method": "bitsandbytes", "load_in_4bit": True}}, "quantised already"),
        ({"model_type": "mamba", "architectures": ["MambaForCausalLM"]}, "keeps a running state"),
        ({"model_type": "nothing-known"}, "cannot read the base model"),
    ],
)
def test_a_model_that_cannot_be_a_base_is_refused_when_it_is_taken_up(changes, says, tmp_path, run_stage):
    folder = write_model(tmp_path / "model", "llama", ["Black tote"])
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps(config | changes))
    with pytest.raises((BadSpec, BadData), match=says):
        run_stage("base-model", BASE | {"source": "path", "model": str(folder)}, {})


def test_an_answer_of_blanks_and_lone_bytes_comes_to_an_end(take_up):
    inputs, base = take_up("qwen2")
    model, tokenizer = load_base_model(base, CPU, training=False)
    grammar = Grammar(tokenizer, model.config.vocab_size)
    unseen = torch.from_numpy(~grammar.visible)
    row = Row(grammar, read_ids(tokenizer, Path(inputs["dataset"]), None).choices([]))
    while row.finish is None and row.tokens < 100:
        allowed = row.allowed()
        if isinstance(allowed, torch.Tensor):
            liked = allowed[: len(unseen)] & unseen
            row.advance(int((liked if liked.any() else allowed).float().argmax()), 20)
        else:
            row.advance(int(allowed[0]), 20)
    assert (row.finish, row.tokens) == ("length", 21)
    assert ANSWER.fullmatch(row.text())
