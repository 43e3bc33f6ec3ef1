"""The `baseline` stage of Recformer: it learns by heart, reads the query, and carries over to another catalogue."""

import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import torch
from conftest import cycles, write_log
from safetensors.torch import load_file

from atelier_trainer.errors import BadData, BadSpec
from atelier_trainer.recformer.encoding import Encoder
from atelier_trainer.tables import read_vectors

PARAMS = {"model": "recformer", "hiddenSize": 32, "dropout": 0.0, "maxLength": 4, "batchSize": 16}
PARAMS |= {"learningRate": 0.005, "maxEpochs": 12, "patience": 12, "maskSeen": False, "listLength": 5, "query": False}
PARAMS |= {"textEncoder": "scratch", "vocabularySize": 300, "layers": 2, "heads": 2, "maxAttributeTokens": 8}
PARAMS |= {"maxTokens": 64, "pretrainEpochs": 2, "maskShare": 0.15, "maskWeight": 0.1, "temperature": 0.1}
PARAMS |= {"refineEpochs": 1}
COLOURS = ["red", "blue", "green", "black", "white", "pink"]
TITLES = [f"{colour} leather tote" for colour in COLOURS]


def write(root: Path, users: list, titles: list[str], attributes: list[dict] | None = None, first_id: int = 1):
    """`write_log` with the column of attributes that real datasets have."""
    inputs = write_log(root, users, titles, first_id)
    documents = [json.dumps(one) for one in attributes or [{}] * len(titles)]
    path = root / "dataset" / "items.parquet"
    pq.write_table(pq.read_table(path).append_column("attributes", pa.array(documents)), path)
    return inputs


def ranks(folder: Path, name: str = "ranks") -> np.ndarray:
    return pq.read_table(folder / f"{name}.parquet")["rank"].to_numpy()


def test_it_learns_a_handful_of_sequences_by_heart(tmp_path, run_stage):
    params = PARAMS | {"batchSize": 8, "maxEpochs": 4, "refineEpochs": 20, "learningRate": 0.003}
    result, output = run_stage("baseline", params, write(tmp_path, cycles(30), TITLES))
    assert (ranks(output) == 1).mean() > 0.9
    assert (ranks(output, "valid_ranks") == 1).mean() > 0.9
    assert result["recall@10"] == 1 and result["testExamples"] == 30
    assert {path.name for path in output.iterdir()} >= {"model.safetensors", "config.json", "tokenizer.json"}


def test_the_second_stage_ranks_by_the_items_of_the_best_epoch(tmp_path, run_stage, monkeypatch):
    encoded: list[torch.Tensor] = []
    encode = Encoder.encode_items

    def counting(self, *arguments):
        encoded.append(encode(self, *arguments))
        return encoded[-1]

    monkeypatch.setattr(Encoder, "encode_items", counting)
    result, output = run_stage(
        "baseline", PARAMS | {"maxEpochs": 3, "refineEpochs": 4}, write(tmp_path, cycles(), TITLES)
    )
    assert len(encoded) == 3, "once before each epoch of the first stage, never in the second"
    assert result["epochs"] == 7
    stored = read_vectors(output / "item_vectors.parquet")[1]
    assert any(np.array_equal(stored, vectors.numpy()) for vectors in encoded)


def test_the_same_seed_gives_the_same_lists(tmp_path, run_stage):
    inputs = write(tmp_path, cycles(), TITLES)
    tables = []
    for _ in range(2):
        torch.manual_seed(1)
        _, output = run_stage("baseline", PARAMS | {"maxEpochs": 2, "dropout": 0.2}, inputs)
        tables.append(pq.read_table(output / "ranks.parquet"))
    assert tables[0].equals(tables[1])


def searching_shoppers() -> list[list]:
    """Every purchase is what the search before it names, and nothing else tells it."""
    rng = np.random.default_rng(0)
    users = []
    for _ in range(40):
        bought = rng.integers(1, 7, 5)
        users.append([event for item in bought for event in (("search", COLOURS[item - 1]), ("purchase", int(item)))])
    return users


def test_the_query_tells_what_the_items_do_not(tmp_path, run_stage):
    inputs = write(tmp_path, searching_shoppers(), TITLES)
    _, output = run_stage("baseline", PARAMS | {"query": True}, inputs)
    informed = (ranks(output) == 1).mean()
    _, output = run_stage("baseline", PARAMS, inputs)
    assert informed > 0.8 and (ranks(output) == 1).mean() < 0.5


def loyal_shoppers(count: int, brands: int, first_id: int) -> list[list]:
    """Shoppers who buy of one brand: four items that stand together."""
    rng = np.random.default_rng(0)
    chosen = rng.integers(0, brands, count)
    return [[("purchase", int(first_id + 4 * brand + item)) for item in rng.integers(0, 4, 5)] for brand in chosen]


def test_another_catalogue_is_ranked_without_training(tmp_path, run_stage):
    def shop(category: str, *brands: str) -> tuple[list[str], list[dict]]:
        kinds = ["tall", "small", "light", "plain"]
        attributes = [{"brand": brand, "category": category} for brand in brands for _ in kinds]
        return [f"{brand} {kind} {category}" for brand in brands for kind in kinds], attributes

    bags = write(tmp_path / "bags", loyal_shoppers(40, 3, 1), *shop("bag", "acme", "nord", "ozan"))
    _, source = run_stage("baseline", PARAMS, bags)
    source = source.rename(tmp_path / "source")
    shoes = write(tmp_path / "shoes", loyal_shoppers(30, 2, 50), *shop("shoe", "acme", "ozan"), first_id=50)
    result, output = run_stage("baseline", PARAMS, shoes | {"source": str(source)})
    items = pq.read_table(output / "ranks.parquet")["items"].combine_chunks().flatten().to_pylist()
    assert set(items) <= set(range(50, 58))
    # Half of the eight shoes are of the shopper's brand: by chance half of the ranks would be up to four.
    assert (ranks(output) <= 4).mean() > 0.8
    assert result["zeroShot"] is True and "epochs" not in result
    before, after = (load_file(folder / "model.safetensors") for folder in (source, output))
    assert all(torch.equal(before[name], after[name]) for name in before)


def test_a_source_of_another_model_is_refused(tmp_path, run_stage):
    inputs = write(tmp_path, cycles(), TITLES)
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "config.json").write_text('{"model": "core"}')
    with pytest.raises(BadData, match="of core, not of a Recformer"):
        run_stage("baseline", PARAMS, inputs | {"source": str(tmp_path / "other")})


def test_items_with_the_same_text_or_none_rank_by_id(tmp_path, run_stage):
    inputs = write(tmp_path, cycles(24, items=5), ["bag", "bag", "bag", "", ""], [{"brand": None}] * 5)
    _, output = run_stage("baseline", PARAMS | {"maxEpochs": 1}, inputs)
    for items in pq.read_table(output / "ranks.parquet")["items"].to_pylist():
        assert items in ([1, 2, 3, 4, 5], [4, 5, 1, 2, 3])


def test_a_shopper_without_history_is_ranked_by_popularity(tmp_path, run_stage):
    users = [[("search", "tote"), ("purchase", 2), ("purchase", 3)], *cycles()]
    inputs = write(tmp_path, users, TITLES)
    examples = Path(inputs["split"]) / "examples.parquet"
    table = pq.read_table(examples)
    asked = [order if split != "test" or user > 1 else 1 for user, split, order in columns(table)]
    place = table.column_names.index("target_ord")
    pq.write_table(table.set_column(place, "target_ord", pa.array(asked, pa.int32())), examples)
    result, output = run_stage("baseline", PARAMS | {"maxEpochs": 1}, inputs)
    events = pq.read_table(Path(inputs["split"]) / "events.parquet").to_pylist()
    counts = np.bincount([event["item_id"] for event in events if event["train"] and event["item_id"]], minlength=7)
    scores = pq.read_table(output / "ranks.parquet")["scores"].to_pylist()[0]
    assert result["emptyHistories"] == 1
    assert scores == sorted(counts[1:].tolist(), reverse=True)[:5]


def columns(table: pa.Table):
    return zip(*(table[name].to_pylist() for name in ("user_id", "split", "target_ord")), strict=True)


@pytest.mark.models
def test_the_pretrained_start_is_minilm():
    from transformers import AutoModel

    from atelier_trainer.encoders.minilm import minilm_folder
    from atelier_trainer.recformer.inputs import Inputs
    from atelier_trainer.recformer.storage import start_from_minilm

    model, vocabulary = start_from_minilm(max_items=5, max_tokens=64, dropout=0.0)
    reference = AutoModel.from_pretrained(minilm_folder(), local_files_only=True, dtype=torch.float32).eval()
    with torch.no_grad():
        model.item_positions.weight.zero_()
        model.types.weight.copy_(reference.embeddings.token_type_embeddings.weight[:1].expand(3, -1))
    tokens = torch.tensor([vocabulary.tokenizer.encode("a red leather tote").ids])
    nothing = torch.zeros_like(tokens)
    ours = model.eval().states(Inputs(tokens, nothing, nothing, torch.ones_like(tokens, dtype=torch.bool)))
    torch.testing.assert_close(ours, reference(tokens).last_hidden_state, atol=1e-4, rtol=1e-4)


def longformer(folder: Path, texts: list[str]) -> Path:
    """A tiny Longformer, as a hub has it: RoBERTa's tokenizer, weights under a head for masked words."""
    from tokenizers import Tokenizer, models, pre_tokenizers, trainers
    from transformers import LongformerConfig, LongformerForMaskedLM

    tokenizer = Tokenizer(models.BPE(unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    special = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(
        vocab_size=300, special_tokens=special, initial_alphabet=alphabet, show_progress=False
    )
    tokenizer.train_from_iterator(texts, trainer)
    folder.mkdir()
    tokenizer.save(str(folder / "tokenizer.json"))
    names = {
        "bos_token": "<s>",
        "eos_token": "</s>",
        "pad_token": "<pad>",
        "unk_token": "<unk>",
        "mask_token": "<mask>",
    }
    (folder / "tokenizer_config.json").write_text(json.dumps(names | {"tokenizer_class": "PreTrainedTokenizerFast"}))
    sizes = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 64}
    sizes |= {"max_position_embeddings": 130, "attention_window": 16, "pad_token_id": 1, "vocab_size": 300}
    torch.manual_seed(0)
    LongformerForMaskedLM(LongformerConfig(**sizes)).save_pretrained(folder, safe_serialization=True)
    return folder


def test_a_longformer_from_a_folder_is_trained_kept_and_carried_over(tmp_path, run_stage):
    folder = longformer(tmp_path / "longformer", TITLES)
    params = PARAMS | {"textEncoder": "longformer", "textModel": str(folder), "maxEpochs": 4, "refineEpochs": 1}
    inputs = write(tmp_path / "bags", cycles(), TITLES)
    result, source = run_stage("baseline", params, inputs)
    before = load_file(folder / "model.safetensors")["longformer.embeddings.word_embeddings.weight"].numel()
    assert result["parameters"] > before
    source = source.rename(tmp_path / "source")
    assert "longformer" in json.loads((source / "config.json").read_text())
    carried, _ = run_stage("baseline", params, inputs | {"source": str(source)})
    assert carried["zeroShot"]
    # The same weights rank the same catalogue by the same cosines, whoever has a history.
    ours, theirs = read_vectors(source / "item_vectors.parquet")[1], ranks(tmp_path / "baseline")
    assert np.linalg.norm(ours, axis=1) == pytest.approx(np.ones(len(TITLES)), abs=1e-5)
    assert len(theirs) == len(ranks(source))
    with pytest.raises(BadSpec, match="other files than when this was launched"):
        run_stage("baseline", params | {"resolved": "sha256:0"}, inputs)
    with pytest.raises(BadSpec, match="needs textModel"):
        run_stage("baseline", params | {"textModel": None}, inputs)


def test_longformers_states_are_the_librarys_and_cls_sees_beyond_the_window(tmp_path):
    from transformers import LongformerModel

    from atelier_trainer.recformer.inputs import Inputs
    from atelier_trainer.recformer.longformer import WINDOW, start_from_longformer

    folder = longformer(tmp_path / "longformer", TITLES)
    model, vocabulary = start_from_longformer(folder, max_items=4, max_tokens=1000, dropout=0.0)
    assert (model.shape.max_tokens, vocabulary.pad, vocabulary.cls) == (128, 1, 0)
    tokens = torch.randint(5, 300, (2, 2 * WINDOW))
    tokens[:, 0], zeros = vocabulary.cls, torch.zeros_like(tokens)
    with torch.no_grad():
        model.item_positions.weight.zero_()
        kinds = model.longformer.embeddings.token_type_embeddings.weight
        kinds.copy_(kinds[:1].expand_as(kinds))
        stock = LongformerModel.from_pretrained(folder, attention_window=[WINDOW] * 2, add_pooling_layer=False).eval()
        stock.embeddings.token_type_embeddings.weight.copy_(kinds[:1])
        inputs = Inputs(tokens, zeros, zeros, torch.ones_like(tokens, dtype=torch.bool))
        everywhere = zeros.clone()
        everywhere[:, 0] = 1
        expected = stock(tokens, global_attention_mask=everywhere).last_hidden_state
        states = model.eval().states(inputs)
        torch.testing.assert_close(states, expected, rtol=1e-4, atol=1e-5)
        tokens[:, -1] = (tokens[:, -1] + 1) % 290 + 5
        assert not torch.equal(model.states(inputs)[:, 0], states[:, 0])
