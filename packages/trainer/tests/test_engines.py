"""Answers by vLLM: up to its own call, on a stand-in (stand_in_vllm.py says why)."""

import re

import pytest
import stand_in_vllm
import torch
from prompt_log import GENERATE, untrained_llama
from test_decoding import CATALOGUE, FORM, title
from test_decoding import REQUESTS as MANY

from atelier_trainer import environment
from atelier_trainer.errors import BadData, BadSpec
from atelier_trainer.llm.answering import engines
from atelier_trainer.llm.answering.decoding import TransformersGenerator
from atelier_trainer.llm.answering.ids import Ids
from atelier_trainer.llm.answering.vllm_generator import VllmGenerator
from atelier_trainer.llm.base.tokenizer import train_tokenizer
from atelier_trainer.params import read_params

# Candidates: two, three, four and none.
REQUESTS = MANY[1:5]


def params(**changes):
    return read_params("generate", GENERATE | changes)


@pytest.fixture(scope="module")
def tokenizer():
    return train_tokenizer([*(request.prompt for request in REQUESTS), *map(title, range(60))], [], 380)


@pytest.fixture(scope="module")
def model(tokenizer):
    return untrained_llama(len(tokenizer)).double()


@pytest.fixture(params=["ids", "letters"])
def ids(request, tokenizer):
    texts = list(map(str, CATALOGUE)) if request.param == "ids" else None
    return Ids(tokenizer, CATALOGUE, texts, list(map(title, CATALOGUE)))


@pytest.fixture
def by_vllm(tmp_path, monkeypatch, model, tokenizer, ids):
    stand_in_vllm.install(monkeypatch)
    model.save_pretrained(tmp_path / "merged")

    def made(chosen):
        known = {"config": model.config, "vocabulary": len(tokenizer), "dtype": "float32", "device": "cpu"}
        return VllmGenerator(tmp_path / "merged", tokenizer=tokenizer, ids=ids, params=chosen, seed=1, **known)

    return made


@pytest.mark.parametrize("decoding", ["constrained", "greedy"])
def test_vllm_answers_what_transformers_answers(by_vllm, model, tokenizer, ids, decoding):
    chosen = params(decoding=decoding, likelihood=True, maxNewTokens=8)
    told = []
    found = by_vllm(chosen).generate(REQUESTS, lambda done, total: told.append((done, total)))
    expected = TransformersGenerator(model, tokenizer, ids, chosen, seed=1).generate(REQUESTS)
    for one, other in zip(found, expected, strict=True):
        assert (one.text, one.tokens, one.finish) == (other.text, other.tokens, other.finish)
        assert one.log_probability == pytest.approx(other.log_probability, abs=1e-5)
        assert one.likelihoods == pytest.approx(other.likelihoods, abs=1e-5)
    assert told == [(len(REQUESTS), len(REQUESTS))]
    assert stand_in_vllm.LLM.made[0].options["logprobs_mode"] == "raw_logprobs"


def test_what_vllm_draws_hangs_on_the_answer_and_not_on_its_batch(by_vllm):
    chosen = params(decoding="sampled", temperature=1.5, topP=1.0, maxNewTokens=8)
    together = by_vllm(chosen).generate(REQUESTS[:4])
    assert together[:2] == by_vllm(chosen).generate(REQUESTS[:2])
    assert len({answer.text for answer in together}) > 1


def test_an_answer_that_vllm_breaks_off_is_an_error_that_names_the_setting(by_vllm, monkeypatch):
    generator = by_vllm(params())
    generator._started(max(len(request.prompt) for request in REQUESTS)).room = 1
    with pytest.raises(BadData, match=re.escape("lower generate.maxNewTokens")):
        generator.generate(REQUESTS[:1])


@pytest.mark.parametrize(
    ("installed", "cuda", "changes", "engine"),
    [
        (None, True, {}, "transformers"),
        (engines.VLLM, False, {}, "transformers"),
        ("0.33.0", True, {}, "transformers"),
        (engines.VLLM, True, {"weights": "nf4"}, "transformers"),
        (engines.VLLM, True, {"engine": "transformers"}, "transformers"),
        (engines.VLLM, True, {}, "vllm"),
        (engines.VLLM, True, {"engine": "vllm"}, "vllm"),
    ],
)
def test_vllm_is_taken_where_it_can_answer_and_the_environment_says_what_did(
    monkeypatch, installed, cuda, changes, engine
):
    monkeypatch.setattr(engines, "version_of", lambda package: installed)
    monkeypatch.setattr(engines, "pick_device", lambda name: torch.device("cuda" if cuda else "cpu"))
    assert environment.environment("auto", 1, params(**changes))["engine"] == engine


def test_vllm_asked_for_where_it_cannot_answer_is_refused_with_the_reason():
    with pytest.raises(BadSpec, match=r"generate\.engine is vllm, but it needs a CUDA device; set generate\.engine"):
        engines.chosen_engine(params(engine="vllm"), "cpu")


def test_answers_of_an_untrained_model_by_vllm_are_of_the_form(by_vllm):
    assert all(FORM.fullmatch(answer.text) for answer in by_vllm(params()).generate(REQUESTS[:3]))


def test_the_version_that_is_pinned_is_the_one_that_the_code_is_written_for():
    pinned = (environment.PACKAGE.parent / "requirements-vllm.txt").read_text(encoding="utf-8")
    assert f"\nvllm=={engines.VLLM}\n" in pinned
