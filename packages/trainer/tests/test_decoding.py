"""Constrained decoding, drafts, the shared prefix and early stop, with untrained models: nothing is owed to luck."""

import re
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from prompt_log import GENERATE, HEAD, prompt, title, untrained_llama

from atelier_trainer.llm.answering.decoding import TransformersGenerator
from atelier_trainer.llm.answering.grammar import Grammar, Row
from atelier_trainer.llm.answering.ids import Ids, letter
from atelier_trainer.llm.answering.reader import best_width
from atelier_trainer.llm.answering.requests import Request
from atelier_trainer.llm.answering.sampling import sample
from atelier_trainer.llm.base.scratch import build_falcon
from atelier_trainer.llm.base.tokenizer import train_tokenizer
from atelier_trainer.params import GenerateParams, read_params

FORM = re.compile(r"\{<id>([^<]*)</id>,<title>([^<>]*\S[^<>]*)</title>\}")
CATALOGUE = [3, 25, 41, 258, 2589, 7001]
REQUESTS = [
    Request(prompt(item, [item, *range(12, 12 + extra)]), tuple(CATALOGUE[: extra % 5]))
    for item, extra in zip(range(12, 22), range(1, 11), strict=True)
]
FAMILY = {3: "12-1", 25: "12-2", 41: "12-20", 258: "7-1", 2589: "71-1", 7001: "8-3"}


def params(**changes) -> GenerateParams:
    return read_params("generate", GENERATE | changes)


@pytest.fixture(params=["whole ids", "ids of several tokens"])
def tokenizer(request):
    ids = [*range(1, 60), *CATALOGUE] if request.param == "whole ids" else []
    return train_tokenizer([*(request.prompt for request in REQUESTS), *map(title, range(60))], sorted(set(ids)), 380)


@pytest.fixture(params=["falcon", "llama"])
def model(request, tokenizer):
    return untrained(tokenizer) if request.param == "falcon" else untrained_llama(len(tokenizer))


@pytest.fixture
def ids(tokenizer):
    return Ids(tokenizer, CATALOGUE, list(map(str, CATALOGUE)), list(map(title, CATALOGUE)))


def untrained(tokenizer):
    torch.manual_seed(3)
    model = build_falcon(tokenizer, hidden_size=32, layers=2, heads=2).eval()
    for parameter in model.parameters():
        parameter.data += 0.3 * torch.randn_like(parameter)
    return model


@pytest.mark.parametrize("decoding", ["greedy", "sampled"])
def test_no_answer_of_an_untrained_model_is_malformed(model, tokenizer, ids, decoding):
    generator = TransformersGenerator(model, tokenizer, ids, params(temperature=2.0, topP=1.0), seed=5)
    if decoding == "sampled":
        generator.params = SimpleNamespace(**vars(generator.params) | {"decoding": "sampled"})
    for answer in generator.generate(REQUESTS):
        item, _ = FORM.fullmatch(answer.text).groups()
        assert int(item) in CATALOGUE
        assert answer.finish in ("stop", "length")
        assert answer.log_probability < 0


def said_ids(grammar, choices):
    """Every id that the grammar lets an answer name."""
    said = set()

    def walk(tokens):
        row = Row(grammar, choices)
        for token in tokens:
            row.advance(token, 40)
        if row.node is None:
            said.add(choices.texts[row.place])
            return
        for token in row.allowed():
            walk([*tokens, int(token)])

    walk([])
    return said


def test_every_id_of_the_catalogue_can_be_said_and_no_other(tokenizer, ids):
    assert said_ids(Grammar(tokenizer), ids.choices([])) == set(map(str, CATALOGUE))
    families = Ids(tokenizer, CATALOGUE, list(FAMILY.values()))
    assert said_ids(Grammar(tokenizer), families.choices([3])) == set(FAMILY.values())


def test_letters_name_the_candidates_of_their_own_prompt_or_none(tokenizer):
    letters = Ids(tokenizer, CATALOGUE, None)
    assert said_ids(Grammar(tokenizer), letters.choices([25, 3])) == {"A", "B", ""}
    assert said_ids(Grammar(tokenizer), letters.choices([])) == {""}
    assert letters.choices([25, 3]).items == [25, 3, None]
    assert [letter(place) for place in (0, 25, 26, 27, 51, 52)] == ["A", "Z", "AA", "AB", "AZ", "BA"]


def test_a_title_ends_only_after_a_visible_character(tokenizer):
    grammar = Grammar(tokenizer)
    row = Row(grammar, Ids(tokenizer, [3], ["3"]).choices([]))
    while row.node is not None:
        row.advance(int(row.allowed()[0]), 40)
    assert not row.allowed()[grammar.pieces.close[0]]
    row.advance(tokenizer.encode("Tote")[0], 40)
    assert row.allowed()[grammar.pieces.close[0]]
    row.advance(grammar.pieces.close[0], 40)
    assert (row.finish, row.text()[:15]) == ("stop", "{<id>3</id>,<ti")


@pytest.mark.parametrize("decoding", ["constrained", "greedy", "sampled"])
def test_drafts_the_prefix_cache_the_tree_and_the_batch_change_nothing(model, tokenizer, ids, decoding):
    model = model.double()  # beyond doubt about rounding
    assert all(request.prompt.startswith(HEAD) for request in REQUESTS)
    said = []
    for share, draft, likelihood, batch_size in (
        (True, True, True, 4),
        (True, True, False, 4),
        (False, True, True, 3),
        (False, False, False, 4),
        (False, False, False, 1),
    ):
        chosen = params(decoding=decoding, batchSize=batch_size, likelihood=likelihood, temperature=0.7)
        generator = TransformersGenerator(model, tokenizer, ids, chosen, seed=1, share_prefix=share, draft=draft)
        said.append(generator.generate(REQUESTS))
        assert bool(generator._prefix) == share
    for answers in zip(*said, strict=True):
        assert len({(answer.text, answer.tokens, answer.finish) for answer in answers}) == 1
        assert np.ptp([answer.log_probability for answer in answers]) < 1e-5


@pytest.mark.parametrize("form", ["plain", "family", "letter"])
@pytest.mark.parametrize("decoding", ["constrained", "greedy"])
def test_the_likelihood_of_a_candidate_is_that_of_its_tokens_one_by_one(model, tokenizer, form, decoding):
    model = model.double()
    texts = {"plain": list(map(str, CATALOGUE)), "family": list(FAMILY.values()), "letter": None}[form]
    ids = Ids(tokenizer, CATALOGUE, texts, list(map(title, CATALOGUE)))
    answers = TransformersGenerator(model, tokenizer, ids, params(decoding=decoding, likelihood=True), seed=1).generate(
        REQUESTS
    )
    grammar = Grammar(tokenizer)
    for request, answer in zip(REQUESTS, answers, strict=True):
        assert len(answer.likelihoods) == len(request.candidates)
        trie = ids.choices(request.candidates).trie
        for tokens, found in zip(ids.candidate_tokens(request.candidates), answer.likelihoods, strict=True):
            # Where a longer id begins with this one, it counts too that this one ends.
            ending = grammar.pieces.middle[:1] if len(trie.children(trie.find(tokens))) else []
            before = tokenizer.encode(request.prompt) + grammar.pieces.open
            whole = [*before, *tokens, *ending]
            log_p = model(torch.tensor([whole])).logits[0].log_softmax(-1)
            expected = sum(log_p[at - 1, whole[at]].item() for at in range(len(before), len(whole)))
            assert found == pytest.approx(expected, abs=1e-5)


def test_a_model_that_says_what_was_guessed_needs_few_passes(tokenizer, ids):
    model = untrained(tokenizer).double()
    undrafted = TransformersGenerator(model, tokenizer, ids, params(batchSize=10), seed=1, draft=False)
    answers = undrafted.generate(REQUESTS)
    items = [int(FORM.fullmatch(answer.text).group(1)) for answer in answers]
    titles = {item: FORM.fullmatch(answer.text).group(2) for item, answer in zip(items, answers, strict=True)}
    # A catalogue whose titles are what this model says of some item: guesses are then right for that one.
    told = Ids(tokenizer, CATALOGUE, list(map(str, CATALOGUE)), [titles.get(item, "x") for item in CATALOGUE])
    drafted = TransformersGenerator(model, tokenizer, told, params(batchSize=10), seed=1)
    assert [answer.text for answer in drafted.generate(REQUESTS)] == [answer.text for answer in answers]
    assert drafted.passes < undrafted.passes


@pytest.mark.parametrize("draft", [True, False])
def test_greedy_answers_equal_those_of_transformers(model, tokenizer, ids, draft):
    model = model.double()
    chosen = params(decoding="greedy", maxNewTokens=12)
    answers = TransformersGenerator(model, tokenizer, ids, chosen, seed=1, draft=draft).generate(REQUESTS)
    for request, answer in zip(REQUESTS, answers, strict=True):
        tokens = torch.tensor([tokenizer.encode(request.prompt)])
        stock = model.generate(tokens, max_new_tokens=12, do_sample=False)[0, tokens.shape[1] :].tolist()
        end = stock.index(tokenizer.eos_token_id) if tokenizer.eos_token_id in stock else len(stock)
        assert answer.text == tokenizer.decode(stock[:end])


def test_nucleus_sampling_keeps_the_smallest_set_that_reaches_top_p():
    logits = torch.log(torch.tensor([[0.5, 0.3, 0.15, 0.05]])).repeat(4000, 1)
    drawn = torch.rand(4000, generator=torch.Generator().manual_seed(0))
    shares = torch.bincount(sample(logits, 1.0, 0.7, drawn), minlength=4) / 4000
    assert shares[:2].tolist() == pytest.approx([0.625, 0.375], abs=0.03)
    assert shares[2:].sum() == 0
    assert sample(logits, 0.05, 0.0, drawn).sum() == 0
    assert sample(logits, 1.0, 0.7, torch.ones(4000)).tolist() == [1] * 4000, "the nucleus has no room beyond its last"


def test_a_nucleus_wider_than_its_usual_head_is_still_exact():
    logits = torch.zeros(2000, 1000)
    drawn = (torch.arange(2000) + 0.5) / 2000
    assert torch.bincount(sample(logits, 1.0, 1.0, drawn), minlength=1000).unique().tolist() == [2]


def test_a_pass_reads_as_much_as_pays():
    assert best_width([30] * 8) == 30
    assert best_width([30, *[1] * 31]) == 1, "one guess does not make all others wait"
    assert best_width([0, 4]) == 4
