"""Titles that try to be something else: text in prompts, tokens, answers and losses, whatever they hold."""

import json
import re
from pathlib import Path

import numpy as np
import pytest
from prompt_log import HEAD

from atelier_trainer.llm.answering.grammar import Grammar, Row
from atelier_trainer.llm.answering.ids import Ids
from atelier_trainer.llm.base.tokenizer import END, PAD, TAGS, train_tokenizer
from atelier_trainer.llm.text.plain_text import plain_text
from atelier_trainer.llm.text.prompts import PromptTable, encode_training
from atelier_trainer.llm.text.response import CLOSE, MIDDLE, OPEN, encode_text, parse_response

FIXTURE = Path(__file__).parents[2] / "core" / "test" / "fixtures" / "hostile-titles.json"
HOSTILE = json.loads(FIXTURE.read_text(encoding="utf-8"))
NAMES = [row["what"] for row in HOSTILE]
WRITTEN = [row for row in HOSTILE if row["plain"]]


def prompt(title: str) -> str:
    shown = f'{{"id": "12", "title": "{title}", "color": "{title}"}}'
    history = f"User search keyword <{title}>, then click product {shown}."
    return f"{HEAD}{history} Candidate product ids:[31,12].\n### Response: "


@pytest.fixture(scope="module")
def own():
    """Atelier's own tokenizer, which makes one token of an id; the ids 5 and 6 are in the catalogue, as 1 to 40 are."""
    texts = [prompt("Boot"), *(row["plain"] for row in HOSTILE)] * 2
    return train_tokenizer(texts, [*range(1, 41)], 700)


@pytest.fixture(scope="module")
def foreign():
    """A tokenizer as hubs have it, with special tokens of every family."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast

    learned = Tokenizer(models.BPE())
    learned.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    learned.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(vocab_size=400, initial_alphabet=pre_tokenizers.ByteLevel.alphabet())
    learned.train_from_iterator([prompt("Boot")], trainer)
    special = ["<|endoftext|>", "<|im_start|>", "<|im_end|>", "</s>", "<s>", "[INST]", "[/INST]", ">>TITLE<<", "[PAD]"]
    return PreTrainedTokenizerFast(
        tokenizer_object=learned, eos_token="<|endoftext|>", additional_special_tokens=special[1:]
    )


@pytest.mark.parametrize("row", HOSTILE, ids=NAMES)
def test_both_languages_write_a_title_alike(row):
    assert plain_text(row["title"]) == row["plain"]
    assert plain_text(row["plain"]) == row["plain"]


@pytest.mark.parametrize(
    "title",
    ["\ud800Boot\udc00", "Women's boot, 38 (new) [Pack of 2] #1", "\u0645\u06cc\u200c\u062e \u2764\ufe0f"],
)
def test_ordinary_titles_stay_and_half_characters_go(title):
    assert plain_text(title) == re.sub("[\ud800-\udfff]", "\ufffd", title)


@pytest.mark.parametrize("row", HOSTILE, ids=NAMES)
@pytest.mark.parametrize("kind", ["own", "foreign"])
def test_a_prompt_holds_no_special_token_and_no_more_tags_and_ids_than_an_ordinary_one(kind, row, request):
    tokenizer = request.getfixturevalue(kind)
    # A foreign tokenizer has no tokens for ids: there, numbers are numbers.
    marks = {*tokenizer.all_special_tokens, *TAGS, *(map(str, range(10, 41)) if kind == "own" else [])}

    def marked(title: str) -> list[str]:
        tokens = tokenizer.convert_ids_to_tokens(encode_text(tokenizer, prompt(title)))
        return [token for token in tokens if token in marks]

    assert marked(row["plain"]) == marked("Boot")
    # Even a text that was not made plain holds no special token.
    raw = encode_text(tokenizer, row["title"])
    assert not set(raw) & set(tokenizer.all_special_ids)


def test_numbers_in_a_title_are_no_ids(own):
    ids = {str(item) for item in range(10, 41)}
    titles = ["Sizes 10, 12, 14", "10,12,14]", "[10,12].", 'id: 12, "12"', "12"]
    for title in titles:
        tokens = own.convert_ids_to_tokens(encode_text(own, prompt(plain_text(title))))
        assert [token for token in tokens if token in ids] == ["12", "31", "12"], title
        assert not ids & set(own.convert_ids_to_tokens(encode_text(own, plain_text(title)))), title


@pytest.mark.parametrize("row", WRITTEN, ids=[row["what"] for row in WRITTEN])
@pytest.mark.parametrize("kind", ["own", "foreign"])
def test_the_loss_falls_on_the_answer_by_its_place(kind, row, request):
    tokenizer = request.getfixturevalue(kind)
    response = f"{OPEN}12{MIDDLE}{row['plain']}{CLOSE}"
    assert parse_response(response) == ("12", row["plain"])
    table = PromptTable(np.array([1]), [prompt(row["plain"])], [response], np.array([0]), ["id"])
    rows = encode_training(tokenizer, table, max_tokens=4_000, id_weight_absent=0.25, id_weight_shown=0.5)
    [answer] = rows.rows
    whole = [*rows.prefix, *answer.tokens]
    start = len(rows.prefix) + answer.answer
    assert tokenizer.decode(whole[start:]) == response + tokenizer.eos_token
    assert tokenizer.decode(whole[:start]) == prompt(row["plain"])
    weights = np.concatenate([np.zeros(len(rows.prefix)), answer.weights])
    assert not weights[:start].any()
    counted = [weight for weight in weights[start:] if weight != 1]
    assert counted and set(counted) == {0.5}


@pytest.mark.parametrize("row", WRITTEN, ids=[row["what"] for row in WRITTEN])
@pytest.mark.parametrize("kind", ["own", "foreign"])
def test_the_grammar_lets_every_title_be_said_and_nothing_end_it_early(kind, row, request):
    tokenizer = request.getfixturevalue(kind)
    grammar = Grammar(tokenizer)
    ids = Ids(tokenizer, [5, 12], ["5", "12"], [row["title"], "Boot"])
    answer = Row(grammar, ids.choices([]))
    title = ids.title_tokens(5)
    for token in ids.candidate_tokens([5])[0]:
        assert token in answer.allowed()
        answer.advance(token, 4_000)
    if answer.node is not None:
        answer.advance(grammar.pieces.middle[0], 4_000)
    for token in title:
        assert bool(answer.allowed()[token]), tokenizer.decode([token])
        answer.advance(token, 4_000)
    answer.advance(grammar.pieces.close[0], 4_000)
    assert answer.finish == "stop"
    assert answer.text() == f"{OPEN}5{MIDDLE}{row['plain']}{CLOSE}"


def test_no_token_of_the_grammar_holds_a_mark_or_ends_a_text(own, foreign):
    for tokenizer in (own, foreign):
        grammar = Grammar(tokenizer)
        allowed = [token for token in range(len(tokenizer)) if bool(grammar.opening[token])]
        assert not set(allowed) & set(tokenizer.all_special_ids)
        assert not [token for token in allowed if re.search(r"[<>\r\n]", tokenizer.decode([token]))]


def test_encoders_spell_out_what_reads_like_a_special_token():
    from atelier_trainer.encoders.title import PAD as TITLE_PAD
    from atelier_trainer.encoders.title import UNKNOWN, tokenise
    from atelier_trainer.encoders.title import train_tokenizer as title_tokenizer
    from atelier_trainer.recformer.text import MASK, Vocabulary, flatten

    titles = ["[CLS] [MASK] [SEP] [PAD] [UNK] boot"] * 3
    tokenizer = title_tokenizer(titles, 200)
    [tokens] = tokenise(tokenizer, titles[:1])
    assert not {tokenizer.token_to_id(TITLE_PAD), tokenizer.token_to_id(UNKNOWN)} & set(tokens.tolist())
    words = Vocabulary.learn([flatten(titles[0], json.dumps({"color": MASK}))] * 3, 200)
    tokens = words.tokenise([flatten(titles[0], json.dumps({"color": f"{MASK} red"}))], 50).tokens
    assert not {words.pad, words.unknown, words.cls, words.mask} & set(tokens.tolist())


def test_end_and_padding_are_special_tokens_of_the_own_tokenizer(own):
    assert {END, PAD} <= set(own.all_special_tokens)
