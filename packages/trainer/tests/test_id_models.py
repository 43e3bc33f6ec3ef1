"""GRU4Rec, BERT4Rec, NextItNet and CORE-ave: what each may see, what each learns from, against references by hand."""

import json

import numpy as np
import pyarrow.parquet as pq
import pytest
import torch
from conftest import cycles, unit, write_log
from torch.nn import functional as F

from atelier_trainer.models.bert4rec import Bert4Rec
from atelier_trainer.models.core import Core
from atelier_trainer.models.gru4rec import Gru4Rec
from atelier_trainer.models.nextitnet import CausalConvolution, NextItNet

TRAINING = {"hiddenSize": 16, "dropout": 0.0, "maxLength": 8, "batchSize": 8, "learningRate": 0.02, "maxEpochs": 40}
TRAINING |= {"patience": 40, "maskSeen": False, "listLength": 3, "coldToken": False}
GRU4REC = TRAINING | {"model": "gru4rec", "embeddingSize": 12, "layers": 1, "loss": "ce"}
BERT4REC = TRAINING | {"model": "bert4rec", "layers": 1, "heads": 2, "maskShare": 0.3, "learningRate": 0.01}
NEXTITNET = TRAINING | {"model": "nextitnet", "blocks": 1, "kernelSize": 2, "dilations": [1, 2], "loss": "ce"}
MODELS = {"gru4rec": GRU4REC, "bert4rec": BERT4REC | {"maxEpochs": 150, "patience": 150}, "nextitnet": NEXTITNET}
MODELS |= {"gru4rec bce": GRU4REC | {"loss": "bce", "maxEpochs": 80}}
MODELS |= {"nextitnet bce": NEXTITNET | {"loss": "bce", "maxEpochs": 80}}

SHAPE = {"hidden": 16, "layers": 2, "heads": 2, "dropout": 0.0, "max_length": 8}


def bert(mask_share: float = 0.3) -> Bert4Rec:
    return Bert4Rec(9, **SHAPE, mask_share=mask_share).eval()


@pytest.mark.parametrize("params", MODELS.values(), ids=MODELS)
def test_a_model_learns_a_handful_of_sequences_by_heart(tmp_path, run_stage, params):
    inputs = write_log(tmp_path, cycles(40, items=11), ["bag"] * 11)
    _, output = run_stage("baseline", params, inputs)
    ranks = pq.read_table(output / "ranks.parquet")["rank"].to_numpy()
    # One sampled negative a position does not teach to tell all items apart by the epoch that validation chooses.
    assert (ranks == 1).mean() > (0.8 if params.get("loss") == "bce" else 0.9)
    config = json.loads((output / "config.json").read_text())
    assert config == params | {"itemCount": 11}


def test_validation_examples_are_ranked_beside_the_test_examples(tmp_path, run_stage):
    inputs = write_log(tmp_path, cycles(), ["bag"] * 6)
    examples = pq.read_table(tmp_path / "split" / "examples.parquet").to_pylist()
    for params in ({"model": "popularity", "maskSeen": False, "listLength": 3}, GRU4REC | {"maxEpochs": 1}):
        _, output = run_stage("baseline", params, inputs)
        for file, split in (("ranks", "test"), ("valid_ranks", "valid")):
            table = pq.read_table(output / f"{file}.parquet")
            assert table.column_names == ["example_id", "rank", "items", "scores"]
            targets = {row["example_id"]: row["target_item"] for row in examples if row["split"] == split}
            assert table["example_id"].to_pylist() == list(targets)
            for row in table.to_pylist():
                assert row["items"][row["rank"] - 1 : row["rank"]] in ([], [targets[row["example_id"]]])


@pytest.mark.parametrize(
    "model",
    [
        Gru4Rec(9, embedding=8, hidden=16, layers=2, dropout=0.0),
        NextItNet(9, hidden=16, blocks=2, kernel=3, dilations=[1, 2], dropout=0.0),
        Core(9, **SHAPE, temperature=0.1, item_dropout=0.0, attend=False),
    ],
    ids=lambda model: type(model).__name__,
)
def test_a_later_item_changes_no_earlier_state_and_every_position_is_learned(model):
    model.eval()
    ids = torch.tensor([[1, 2, 3, 4, 5], [6, 7, 8, 0, 0]])
    whole = model(ids)
    for length in range(1, 6):
        prefix = torch.tensor([[*range(1, length + 1), 0, 0]])
        torch.testing.assert_close(whole[:1, length - 1], model.last_states(prefix, torch.tensor([length])))
    lessons = model.lessons(ids)
    assert lessons.items.tolist() == [1, 2, 3, 4, 6, 7]
    assert lessons.sequences.tolist() == [0, 0, 0, 0, 1, 1]
    torch.testing.assert_close(lessons.states, torch.cat([whole[0, :4], whole[1, :2]]), atol=1e-6, rtol=1e-5)


def test_bert_sees_both_sides_but_no_padding_and_not_what_is_masked():
    model = bert()
    ids = torch.tensor([[1, model.mask, 3, 4, 0, 0]])
    alone = model(ids[:, :4])[0, 1]
    torch.testing.assert_close(model(ids)[0, 1], alone)
    assert not torch.allclose(model(torch.tensor([[1, model.mask, 3, 5]]))[0, 1], alone)


def test_bert_asks_for_the_next_item_with_a_mask_after_the_history():
    model = bert()
    histories = torch.tensor([[1, 2, 3, 0], [4, 0, 0, 0], [0, 0, 0, 0]])
    states = model.last_states(histories, torch.tensor([3, 1, 0]))
    for row, history in enumerate(([1, 2, 3], [4], [])):
        asked = torch.tensor([[*history, model.mask]])
        torch.testing.assert_close(states[row], model(asked)[0, -1], atol=1e-5, rtol=1e-4)


def test_bert_learns_its_share_of_masked_items_and_always_the_last_one_alone():
    model = bert(mask_share=0.25)
    ids = torch.randint(1, 10, (400, 9))
    ids[::2, 6:] = 0
    lessons = model.lessons(ids)
    inside = int((ids > 0).sum())
    assert 0.22 < (len(lessons.items) - 400) / inside < 0.28
    last = lessons.items[-400:]
    assert last.tolist() == [int(row[row > 0][-1]) - 1 for row in ids]
    assert lessons.sequences[-400:].tolist() == list(range(400))
    # With no random mask, only the last items are asked for, and each sees all the others.
    one = bert(mask_share=0.0)
    states = one.lessons(ids).states
    for row in (0, 1):
        shown = ids[row][ids[row] > 0].clone()
        shown[-1] = one.mask
        torch.testing.assert_close(states[row], one(shown[None])[0, -1], atol=1e-5, rtol=1e-4)


def test_bert_has_no_score_for_its_mask():
    assert bert().table().shape == (9, 16)


def test_a_causal_convolution_is_that_of_pytorch_over_a_left_padded_sequence():
    mine = CausalConvolution(4, kernel=3, dilation=2)
    states = torch.randn(2, 7, 4)
    # Tap 0 of ours is the current position; PyTorch's last.
    weight = mine.mix.weight.view(4, 3, 4).permute(0, 2, 1).flip(-1)
    padded = F.pad(states.transpose(1, 2), (4, 0))
    expected = F.conv1d(padded, weight, mine.mix.bias, dilation=2).transpose(1, 2)
    torch.testing.assert_close(mine(states), expected, atol=1e-6, rtol=1e-5)


def test_a_short_sequence_may_be_shorter_than_the_reach_of_a_convolution():
    model = NextItNet(9, hidden=16, blocks=1, kernel=3, dilations=[1, 8], dropout=0.0)
    assert model(torch.tensor([[5]])).shape == (1, 1, 16)


def test_gru_steps_are_those_of_the_equations():
    model = Gru4Rec(9, embedding=3, hidden=4, layers=1, dropout=0.0).eval()
    gates, inner = model.recurrent.weight_ih_l0, model.recurrent.weight_hh_l0
    state = torch.zeros(4)
    for item in (2, 5, 1):
        fresh, kept = gates @ model.items.weight[item], inner @ state
        reset, update = torch.sigmoid(fresh[:4] + kept[:4]), torch.sigmoid(fresh[4:8] + kept[4:8])
        state = (1 - update) * torch.tanh(fresh[8:] + reset * kept[8:]) + update * state
    expected = model.out(state)
    torch.testing.assert_close(model(torch.tensor([[2, 5, 1]]))[0, -1], expected, atol=1e-6, rtol=1e-5)


def test_core_ave_is_the_mean_of_its_items_by_cosine():
    model = Core(9, **SHAPE, temperature=0.07, item_dropout=0.0, attend=False).eval()
    scores = (model(torch.tensor([[3, 1, 7]])) @ model.table().T)[0].detach().numpy()
    vectors = model.items.weight.detach().numpy()
    for length in (1, 2, 3):
        mean = vectors[[3, 1, 7][:length]].mean(0)
        np.testing.assert_allclose(scores[length - 1], unit(vectors[1:]) @ unit(mean[None])[0] / 0.07, rtol=1e-4)
    assert [name for name, _ in model.named_parameters()] == ["items.weight"]
