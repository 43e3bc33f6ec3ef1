"""The CLIP encoder through its real loading code, on a tiny untrained model written to disk."""

import json

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import torch
from conftest import write_log

from atelier_trainer.__main__ import names_hub_model
from atelier_trainer.encoders.clip import load_clip
from atelier_trainer.encoders.title import load_title_encoder
from atelier_trainer.errors import BadSpec
from atelier_trainer.params import EncodeQueriesParams
from atelier_trainer.tables import read_vectors

CPU = torch.device("cpu")
TEXTS = ["red tote", "blue leather travel suitcase for the summer", "red tote bag", ""]
TITLE = {"vocabularySize": 10, "hiddenSize": 4, "epochs": 1, "batchSize": 2, "learningRate": 0.1, "margin": 0.2}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A CLIP model of both towers, as they are published, with a vocabulary of letters."""
    from transformers import CLIPConfig, CLIPModel, CLIPTokenizer

    torch.manual_seed(0)
    folder = tmp_path_factory.mktemp("clip")
    letters = "abcdefghijklmnopqrstuvwxyz0123456789"
    tokens = [*letters, *(f"{letter}</w>" for letter in letters), "<|startoftext|>", "<|endoftext|>"]
    (folder / "vocab.json").write_text(json.dumps({token: place for place, token in enumerate(tokens)}))
    (folder / "merges.txt").write_text("#version: 0.2\n")
    CLIPTokenizer.from_pretrained(folder, model_max_length=77).save_pretrained(folder)
    shape = {"hidden_size": 16, "intermediate_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2}
    marks = {"bos_token_id": len(tokens) - 2, "eos_token_id": len(tokens) - 1, "pad_token_id": len(tokens) - 1}
    config = CLIPConfig(
        text_config=shape | marks | {"vocab_size": len(tokens), "max_position_embeddings": 77, "projection_dim": 8},
        vision_config=shape | {"image_size": 8, "patch_size": 4, "projection_dim": 8},
        projection_dim=8,
    )
    CLIPModel(config).save_pretrained(folder)
    return folder


def test_vectors_are_those_of_the_whole_models_text_features(folder):
    from transformers import AutoTokenizer, CLIPModel

    vectors = load_clip(str(folder), CPU).encode(TEXTS)
    assert vectors.shape == (4, 8)
    whole, tokenizer = CLIPModel.from_pretrained(folder).eval(), AutoTokenizer.from_pretrained(folder)
    for text, vector in zip(TEXTS, vectors, strict=True):
        with torch.no_grad():
            found = whole.get_text_features(**tokenizer([text], return_tensors="pt"))
        expected = torch.nn.functional.normalize(getattr(found, "pooler_output", found), dim=1)[0].numpy()
        assert vector @ expected == pytest.approx(1, abs=0.005)  # bfloat16 where the hardware has it


def test_a_long_text_is_cut_at_77_tokens_with_its_end_mark(folder):
    encoder = load_clip(str(folder), CPU)
    long = "ab" * 60
    kept = encoder.tokenizer(long, truncation=True, max_length=77)["input_ids"]
    assert (len(kept), kept[-1]) == (77, encoder.tokenizer.eos_token_id)
    same, other = encoder.encode([long, long + "c" * 40, "ab"])[[0, 1]], encoder.encode(["ab"])[0]
    assert same[0] @ same[1] == pytest.approx(1, abs=1e-3)
    assert same[0] @ other < 0.999


def test_queries_and_titles_are_encoded_by_it(folder, tmp_path, run_stage):
    inputs = write_log(tmp_path, [[("search", text), ("purchase", 1)] for text in TEXTS[:3]], TEXTS)
    result, queries = run_stage(
        "encode-queries", {"encoder": "clip", "model": str(folder), "neighbours": 2}, {"split": inputs["split"]}
    )
    assert result == {"queries": 3, "dimensions": 8, "neighbours": 2}
    result, titles = run_stage("title-encoder", TITLE | {"encoder": "clip", "model": str(folder)}, inputs)
    assert result == {"encoder": "clip", "titles": 4}
    ids, vectors = read_vectors(titles / "vectors.parquet")
    assert ids.tolist() == [1, 2, 3, 4]
    np.testing.assert_allclose(load_title_encoder(titles).encode(TEXTS), vectors, atol=0.02)
    np.testing.assert_allclose(read_vectors(queries / "vectors.parquet")[1], vectors[:3], atol=0.02)
    assert pq.read_table(titles / "vectors.parquet")["id"].type == pa.int32()


def test_a_model_that_cannot_be_had_is_named_with_a_way_out(tmp_path, monkeypatch):
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(
        BadSpec, match=r"nobody/no-such-clip is no folder here .* give the folder of a downloaded model"
    ):
        load_clip("nobody/no-such-clip", CPU)
    with pytest.raises(BadSpec, match="holds no CLIP model"):
        load_clip(str(tmp_path), CPU)
    with pytest.raises(BadSpec, match=r"params\.model"):
        load_clip(None, CPU)


@pytest.mark.parametrize(("encoder", "may"), [("clip", True), ("minilm", False), ("title", False)])
def test_only_an_encoder_that_a_hub_may_hold_lets_its_stage_reach_for_one(encoder, may):
    assert names_hub_model(EncodeQueriesParams(encoder=encoder, model="nobody/clip", neighbours=2)) is may
