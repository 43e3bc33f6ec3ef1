"""The language model from scratch to adapter: tokens, losses, overfitting, and what stock libraries read of it."""

import math
import re

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import torch
from prompt_log import BASE, FINE_TUNE, GENERATE, prompt, title, write_prompts

from atelier_trainer.errors import BadData, BadSpec
from atelier_trainer.llm.base.loading import load_adapted_model, load_base_model
from atelier_trainer.llm.base.scratch import ItemTable
from atelier_trainer.llm.base.tokenizer import train_tokenizer
from atelier_trainer.llm.text.batching import length_batches, shared_prefix
from atelier_trainer.llm.text.prompts import PromptTable, encode_training, fit, read_prompts
from atelier_trainer.llm.text.response import id_tokens
from atelier_trainer.llm.training.evaluation import response_losses
from atelier_trainer.llm.training.loss import Batch, token_losses, weighted_loss

CPU = torch.device("cpu")


@pytest.fixture
def trained(tmp_path, run_stage):
    """Inputs and folders of base-model and fine-tune on the tiny catalogue."""
    inputs = write_prompts(tmp_path)
    _, base = run_stage("base-model", BASE, inputs | {"split": inputs["prompts"]})
    result, tuned = run_stage("fine-tune", FINE_TUNE, {"baseModel": str(base), "prompts": inputs["prompts"]})
    return inputs, base, tuned, result


def test_an_id_is_one_token_where_ids_stand_and_a_number_in_a_title_is_not():
    tokenizer = train_tokenizer([prompt(12, [31, 12])] * 3, [*range(1, 41)], 400)
    tokens = tokenizer.tokenize(prompt(12, [31, 12]) + "{<id>12</id>,<title>Tote 12 inch</title>}")
    assert tokens.count("31") == 1  # the candidate
    assert tokens.count("12") == 3  # the clicked product, the candidate and the response, but not the title
    assert [token for token in tokens if re.fullmatch("</?(id|title)>", token)][-4:] == [
        "<id>",
        "</id>",
        "<title>",
        "</title>",
    ]


def test_any_text_survives_the_tokenizer_and_its_files(tmp_path):
    from transformers import AutoTokenizer

    train_tokenizer([prompt(12, [31, 12])], [12, 31], 300).save_pretrained(tmp_path)
    tokenizer = AutoTokenizer.from_pretrained(tmp_path, local_files_only=True)
    text = 'Crème 3½" <b> {"id": "12", "title": "ß 🙂 31,12"}  [31,12]'
    assert tokenizer.decode(tokenizer.encode(text)) == text


def test_batches_hold_every_row_once_and_neighbouring_lengths():
    lengths = [5, 1, 9, 3, 7, 2, 8]
    batches = length_batches(lengths, 3, np.random.default_rng(0))
    assert sorted(np.concatenate(batches)) == list(range(7))
    assert sorted(sorted(lengths[row] for row in batch) for batch in batches) == [[1], [2, 3, 5], [7, 8, 9]]


def test_the_shared_prefix_leaves_every_row_a_token():
    assert shared_prefix([[1, 2, 3], [1, 2, 4]]) == 2
    assert shared_prefix([[1, 2], [1, 2, 4]]) == 1
    assert shared_prefix([]) == 0


def test_a_long_prompt_keeps_its_instruction_and_its_end():
    assert fit(list(range(10)), head=2, room=5) == [0, 1, 7, 8, 9]
    with pytest.raises(BadSpec, match="maxTokens"):
        fit(list(range(10)), head=5, room=5)


def test_the_vector_of_an_unseen_item_is_made_of_its_words():
    words = torch.eye(4)
    table = ItemTable(words, 3, [[0, 1], [1, 1], [1, 2]])
    with torch.no_grad():
        table.own.zero_()
    vectors = table.table()[3:]
    assert torch.allclose(vectors.norm(dim=1), torch.ones(3), atol=1e-6)
    assert vectors[1].tolist() == [0, 1, 0, 0]
    assert vectors[0][0] > vectors[0][1] > 0  # word 0 is rarer than word 1
    vectors.sum().backward()
    assert table.words.grad[0].abs().sum() > 0


def test_what_can_be_copied_out_of_the_prompt_has_its_own_weight():
    prompt = "\n### Input: User bought 12-1: Cap; searched <hats>"
    cases = [("id", "12-1", 4), ("family", "12-3", 3), ("none", "12-1", 0), ("none", "12-3", 0)]
    tokenizer = train_tokenizer([prompt], [], 300)
    assert [len(tokens) for tokens in id_tokens(tokenizer, ["12-1", "12-3", "12-"])] == [4, 4, 3]
    shown = [part for part, _, _ in cases]
    answers = [f"{{<id>{item}</id>,<title>a</title>}}" for _, item, _ in cases]

    def id_weights(target_at: int, **weights: float) -> list[list[float]]:
        table = PromptTable(np.arange(4), [prompt] * 4, answers, np.full(4, target_at), shown)
        rows = encode_training(tokenizer, table, max_tokens=200, id_weight=4, id_weight_absent=0.5, **weights).rows
        return [[weight for weight in row.weights if weight not in (0, 1)] for row in rows]

    assert id_weights(0, id_weight_shown=3) == [[3] * copied + [0.5] * (4 - copied) for _, _, copied in cases]
    assert id_weights(1, id_weight_shown=3) == [[4] * 4] * 4
    assert id_weights(0) == [[0.5] * 4] * 4


def test_the_response_loss_equals_the_one_of_full_logits(trained):
    inputs, base, _, _ = trained
    model, tokenizer = load_base_model(base, CPU, training=True)
    table = read_prompts(inputs_folder(inputs), "train")
    rows = encode_training(tokenizer, table, max_tokens=512, id_weight=3, id_weight_absent=0.5)
    batch = Batch.of(rows, np.arange(5), CPU)
    with torch.no_grad(), torch.autocast("cpu", enabled=False):
        losses = plain_losses(model, batch)
    expected, weight_sum = 0.0, 0.0
    for number in range(5):
        text = table.prompts[number]
        answer = [*tokenizer.encode(table.responses[number]), tokenizer.eos_token_id]
        tokens = torch.tensor([tokenizer.encode(text) + answer])
        log_p = model(tokens).logits.log_softmax(-1)[0]
        weights = [1.0] * len(answer)
        weights[2] = 3.0 if table.target_at[number] else 0.5  # after `{` and `<id>`
        for place, (token, weight) in enumerate(zip(answer, weights, strict=True)):
            at = tokens.shape[1] - len(answer) + place - 1
            expected -= weight * log_p[at, token].item()
            weight_sum += weight
    assert weighted_loss(losses, batch).item() == pytest.approx(expected / weight_sum, rel=1e-5)


def test_fine_tuning_learns_the_answers_of_a_handful_of_prompts(tmp_path, run_stage):
    inputs = write_prompts(tmp_path, train=6, test=6)
    prompts = pq.read_table(tmp_path / "prompts" / "prompts.parquet").to_pylist()
    # The test prompts are the training prompts: the model is to say what it was taught.
    for row, source in zip(prompts[-6:], prompts[:6], strict=True):
        row.update({name: source[name] for name in ("prompt", "response", "target_item", "candidates", "target_at")})
    pq.write_table(pa.Table.from_pylist(prompts), tmp_path / "prompts" / "prompts.parquet")
    base = run_stage(
        "base-model", BASE | {"epochs": 60, "batchSize": 2, "learningRate": 0.01}, inputs | {"split": inputs["prompts"]}
    )[1]
    tuned = run_stage(
        "fine-tune",
        FINE_TUNE | {"epochs": 40, "hardEpochs": 40, "batchSize": 2, "learningRate": 0.01, "loraDropout": 0.0},
        {"baseModel": str(base), "prompts": inputs["prompts"]},
    )[1]
    stages = {"baseModel": str(base), "fineTune": str(tuned)}
    _, generated = run_stage("generate", GENERATE | {"decoding": "greedy"}, inputs | stages)
    rows = pq.read_table(generated / "generations.parquet").to_pylist()
    assert [row["text"] for row in rows] == [row["response"] for row in prompts[:6]]
    assert {row["finish"] for row in rows} == {"stop"}
    assert min(row["log_probability"] for row in rows) > -2
    # No pass over hard prompts follows, so none are looked for.
    assert not (tuned / "perplexity.parquet").exists()


def test_an_adapter_loads_in_stock_peft_and_gives_the_same_logits(trained):
    from peft import PeftModel
    from transformers import AutoModelForCausalLM

    _, base, tuned, _ = trained
    ours, tokenizer = load_adapted_model(base, tuned, CPU)
    stock = PeftModel.from_pretrained(AutoModelForCausalLM.from_pretrained(base), tuned / "adapter").eval()
    tokens = torch.tensor([tokenizer.encode(prompt(3, [4, 3, 9]))])
    with torch.no_grad():
        assert torch.allclose(ours(tokens).logits, stock(tokens).logits, atol=1e-5)
        plain = AutoModelForCausalLM.from_pretrained(base).eval()
        assert not torch.allclose(ours(tokens).logits, plain(tokens).logits, atol=1e-5)


def test_nothing_is_pickled(trained):
    _, base, tuned, _ = trained
    files = [file for folder in (base, tuned) for file in folder.rglob("*") if file.is_file()]
    assert {file.suffix for file in files} <= {".json", ".ndjson", ".safetensors", ".parquet", ".md", ".jinja"}


def test_perplexity_is_of_each_training_prompt_and_the_hard_share_is_trained_further(trained):
    inputs, _, tuned, result = trained
    rows = pq.read_table(tuned / "perplexity.parquet").to_pylist()
    assert [row["example_id"] for row in rows] == list(range(100, 124))
    assert all(row["perplexity"] > 1 for row in rows)
    assert result["hardPrompts"] == 6
    assert result["steps"] == 3 + 1
    model, tokenizer = load_adapted_model(trained[1], tuned, CPU)
    table = read_prompts(inputs_folder(inputs), "valid")
    losses = response_losses(model, encode_training(tokenizer, table, max_tokens=512), 4)
    assert result["validLoss"] == pytest.approx(losses.mean(), rel=0.02)


def test_a_base_model_given_by_path_is_linked_and_used(trained, tmp_path, run_stage):
    inputs, base, _, _ = trained
    model, tokenizer = load_base_model(base, CPU, training=False)
    source = tmp_path / "elsewhere"
    model.save_pretrained(source)
    tokenizer.save_pretrained(source)
    result, linked = run_stage("base-model", BASE | {"source": "path", "model": str(source)}, inputs)
    assert result["parameters"] == model.num_parameters()
    again, _ = load_base_model(linked, CPU, training=False)
    assert torch.equal(again.get_input_embeddings().weight, model.get_input_embeddings().weight)
    with pytest.raises(BadData, match="no model folder"):
        run_stage("base-model", BASE | {"source": "path", "model": str(tmp_path / "dataset")}, inputs)


def test_a_response_of_another_form_is_named(tmp_path):
    from atelier_trainer.llm.text.response import parse_response

    assert parse_response("{<id>7</id>,<title>" + title(7) + "</title>}") == ("7", title(7))
    with pytest.raises(BadData, match="not of the form"):
        parse_response("<id>7</id>")


def plain_losses(model, batch):
    """`token_losses` without bfloat16, to compare digits."""
    double = model.double()
    losses = token_losses(double, batch)
    assert math.isfinite(losses.sum().item())
    return losses


def inputs_folder(inputs):
    from pathlib import Path

    return Path(inputs["prompts"])
