"""Constrained decoding, the shared prefix and early stop, with untrained models: nothing is owed to luck."""

import re
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from prompt_log import GENERATE, HEAD, prompt, title

from atelier_trainer.llm.decoding import Generator, sample
from atelier_trainer.llm.grammar import Grammar
from atelier_trainer.llm.scratch import build_falcon
from atelier_trainer.llm.tokenizer import train_tokenizer
from atelier_trainer.params import GenerateParams
from atelier_trainer.validation import from_json

FORM = re.compile(r"\{<id>(\d+)</id>,<title>([^<>{}]*\S[^<>{}]*)</title>\}")
CATALOGUE = [3, 25, 258, 2589, 41, 7001]
PROMPTS = [
    prompt(item, [item, *range(12, 12 + extra)]) for item, extra in zip(range(12, 22), range(1, 11), strict=True)
]


def params(**changes) -> GenerateParams:
    return from_json(GenerateParams, GENERATE | changes, "generate")


@pytest.fixture(params=["whole ids", "ids of several tokens"])
def tokenizer(request):
    ids = [*range(1, 60), *CATALOGUE] if request.param == "whole ids" else []
    return train_tokenizer([*PROMPTS, *map(title, range(60))], sorted(set(ids)), 380)


@pytest.fixture
def model(tokenizer):
    torch.manual_seed(3)
    model = build_falcon(tokenizer, hidden_size=32, layers=2, heads=2).eval()
    for parameter in model.parameters():
        parameter.data += 0.3 * torch.randn_like(parameter)
    return model


@pytest.mark.parametrize("decoding", ["greedy", "sampled"])
def test_no_answer_of_an_untrained_model_is_malformed(model, tokenizer, decoding):
    generator = Generator(model, tokenizer, CATALOGUE, params(temperature=2.0, topP=1.0), seed=5)
    if decoding == "sampled":
        generator.params = SimpleNamespace(**vars(generator.params) | {"decoding": "sampled"})
    for answer in generator.generate(PROMPTS):
        item, _ = FORM.fullmatch(answer.text).groups()
        assert int(item) in CATALOGUE
        assert answer.finish in ("stop", "length")
        assert answer.log_probability < 0


def test_every_id_of_the_catalogue_can_be_said_and_no_other(tokenizer):
    grammar = Grammar(tokenizer, CATALOGUE)
    said = set()

    def walk(tokens):
        row = grammar.start()
        for token in tokens:
            row.advance(token, 40)
        if row.node is None:
            said.add(row.item)
            return
        for token in row.allowed():
            walk([*tokens, int(token)])

    walk([])
    assert said == set(CATALOGUE)


def test_a_title_ends_only_after_a_visible_character(tokenizer):
    grammar = Grammar(tokenizer, [3])
    row = grammar.start()
    while row.node is not None:
        row.advance(int(row.allowed()[0]), 40)
    assert grammar.pieces.close[0] not in row.allowed()
    row.advance(tokenizer.encode("Tote")[0], 40)
    assert grammar.pieces.close[0] in row.allowed()
    row.advance(grammar.pieces.close[0], 40)
    assert (row.finish, row.text()[:15]) == ("stop", "{<id>3</id>,<ti")


@pytest.mark.parametrize("decoding", ["constrained", "greedy"])
def test_the_prefix_cache_and_the_batch_change_nothing(model, tokenizer, decoding):
    model = model.double()  # beyond doubt about rounding
    assert all(text.startswith(HEAD) for text in PROMPTS)
    said = []
    for share, batch_size in ((True, 4), (False, 4), (False, 1)):
        chosen = params(decoding=decoding, batchSize=batch_size)
        generator = Generator(model, tokenizer, CATALOGUE, chosen, seed=1, share_prefix=share)
        said.append(generator.generate(PROMPTS))
        assert bool(generator._prefix) == share
    for answers in zip(*said, strict=True):
        assert len({(answer.text, answer.tokens, answer.finish) for answer in answers}) == 1
        assert np.ptp([answer.log_probability for answer in answers]) < 1e-6


def test_greedy_answers_equal_those_of_transformers(model, tokenizer):
    model = model.double()
    answers = Generator(model, tokenizer, CATALOGUE, params(decoding="greedy", maxNewTokens=12), seed=1).generate(
        PROMPTS
    )
    for text, answer in zip(PROMPTS, answers, strict=True):
        tokens = torch.tensor([tokenizer.encode(text)])
        stock = model.generate(tokens, max_new_tokens=12, do_sample=False)[0, tokens.shape[1] :].tolist()
        end = stock.index(tokenizer.eos_token_id) if tokenizer.eos_token_id in stock else len(stock)
        assert answer.text == tokenizer.decode(stock[:end])


def test_nucleus_sampling_keeps_the_smallest_set_that_reaches_top_p():
    logits = torch.log(torch.tensor([[0.5, 0.3, 0.15, 0.05]])).repeat(4000, 1)
    drawn = sample(logits, params(temperature=1.0, topP=0.7), torch.Generator().manual_seed(0))
    shares = torch.bincount(drawn, minlength=4) / 4000
    assert shares[:2].tolist() == pytest.approx([0.625, 0.375], abs=0.03)
    assert shares[2:].sum() == 0
    assert sample(logits, params(temperature=0.05, topP=0.0), torch.Generator().manual_seed(0)).sum() == 0
