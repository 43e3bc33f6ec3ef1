"""SASRec and CORE against references, and both on sequences that they must learn by heart."""

import json

import numpy as np
import pyarrow.parquet as pq
import pytest
import torch
from conftest import cycles, unit, write_log
from safetensors.torch import load_file

from atelier_trainer.models.build import build
from atelier_trainer.models.core import Core, prefix_sums
from atelier_trainer.models.sasrec import SasRec
from atelier_trainer.params import read_params
from atelier_trainer.tables import read_vectors
from atelier_trainer.training import batches

SHAPE = {"hidden": 16, "layers": 2, "heads": 2, "dropout": 0.0, "max_length": 8}
PARAMS = {"hiddenSize": 16, "layers": 1, "heads": 2, "dropout": 0.0, "maxLength": 8, "batchSize": 8, "coldToken": False}
PARAMS |= {"learningRate": 0.02, "maxEpochs": 40, "patience": 40, "maskSeen": False, "listLength": 3}
SASREC = PARAMS | {"model": "sasrec", "loss": "ce"}
CORE = PARAMS | {"model": "core", "encoder": "trm", "temperature": 0.1, "itemDropout": 0.0}


@pytest.mark.parametrize("params", [SASREC, SASREC | {"loss": "bce"}, CORE], ids=["sasrec ce", "sasrec bce", "core"])
def test_a_model_learns_a_handful_of_sequences_by_heart(tmp_path, run_stage, params):
    # CORE sums its own items' vectors, so it can tell what is near but not what comes next: two steps back and forth.
    users = [[("purchase", 1 + 2 * (user % 3) + step % 2) for step in range(4 + user % 5)] for user in range(24)]
    inputs = write_log(tmp_path, users if params["model"] == "core" else cycles(40, items=11), ["bag"] * 11)
    _, output = run_stage("baseline", params, inputs)
    wanted = 2 if params["model"] == "core" else 1
    ranks = pq.read_table(output / "ranks.parquet")["rank"].to_numpy()
    # One sampled negative a position does not teach to tell all items apart by the epoch that validation chooses.
    assert (ranks <= wanted).mean() >= (0.8 if params.get("loss") == "bce" else 1)
    losses = [event["payload"]["value"] for event in metrics(output) if event["payload"]["name"] == "loss"]
    assert losses[-1] < losses[0] / 2


def metrics(folder):
    events = map(json.loads, (folder / "events.ndjson").read_text().splitlines())
    return [event for event in events if event["type"] == "metric"]


def test_the_same_seed_gives_the_same_lists(tmp_path, run_stage):
    inputs = write_log(tmp_path, cycles(), ["bag"] * 6)
    params = SASREC | {"maxEpochs": 2, "dropout": 0.3}
    tables = []
    for _ in range(2):
        torch.manual_seed(1)
        tables.append(pq.read_table(run_stage("baseline", params, inputs)[1] / "ranks.parquet"))
    assert tables[0].equals(tables[1])


def test_core_keeps_unit_vectors_of_every_item_and_the_id_encoder_hands_them_on(tmp_path, run_stage):
    inputs = write_log(tmp_path, cycles(), ["bag"] * 6, first_id=1)
    _, folder = run_stage("baseline", CORE | {"maxEpochs": 1}, inputs)
    weights = load_file(folder / "model.safetensors")["items.weight"][1:].numpy()
    _, output = run_stage("id-encoder", {}, {"baseline": str(folder)})
    ids, vectors = read_vectors(output / "vectors.parquet")
    assert ids.tolist() == [1, 2, 3, 4, 5, 6]
    np.testing.assert_allclose(vectors, unit(weights), atol=1e-6)


def test_a_later_item_changes_no_earlier_state():
    for model in (SasRec(9, **SHAPE), Core(9, **SHAPE, temperature=0.1, item_dropout=0.0)):
        model.eval()
        whole = model(torch.tensor([[1, 2, 3, 4, 5]]))
        for length in range(1, 6):
            padded = torch.tensor([[*range(1, length + 1), 0, 0]])
            torch.testing.assert_close(whole[:, length - 1], model(padded)[:, length - 1], atol=1e-5, rtol=1e-4)


def test_one_negative_scales_the_items_as_they_enter_and_full_softmax_does_not():
    for loss, scale in (("bce", 4.0), ("ce", 1.0)):
        model = build(read_params("baseline", SASREC | {"loss": loss}), 9).eval()
        ids = torch.tensor([[3, 1, 7]])
        torch.testing.assert_close(model(ids), model.encoder(scale * model.items(ids)))


def test_attention_agrees_with_an_explicit_loop():
    block = SasRec(9, **SHAPE).eval().encoder.blocks[0]
    states = torch.randn(1, 4, 16)
    query, key, value = block.attention_in(states)[0].split(16, dim=-1)
    expected = torch.zeros(4, 16)
    for position in range(4):
        for head in range(2):
            part = slice(8 * head, 8 * head + 8)
            logits = [query[position, part] @ key[earlier, part] / 8**0.5 for earlier in range(position + 1)]
            for earlier, weight in enumerate(torch.stack(logits).softmax(0)):
                expected[position, part] += weight * value[earlier, part]
    torch.testing.assert_close(block.attend(states)[0], block.attention_out(expected), atol=1e-5, rtol=1e-4)


def test_core_is_the_weighted_sum_of_its_own_items_by_cosine():
    model = Core(9, **SHAPE, temperature=0.07, item_dropout=0.0).eval()
    ids = torch.tensor([[3, 1, 7]])
    with torch.inference_mode():
        embedded = model.items.weight[ids[0]].numpy()
        logits = model.weight(model.encoder(model.items(ids)))[0, :, 0].numpy()
        scores = (model(ids) @ model.table().T)[0].numpy()
    for length in (1, 2, 3):
        weights = np.exp(logits[:length]) / np.exp(logits[:length]).sum()
        session = unit((weights @ embedded[:length])[None])
        expected = session @ unit(model.items.weight[1:].detach().numpy()).T / 0.07
        np.testing.assert_allclose(scores[length - 1], expected[0], rtol=1e-4, atol=1e-4)


def test_prefix_sums_by_hand():
    values, logits = torch.tensor([[[1.0], [2.0], [6.0]]]), torch.log(torch.tensor([[1.0, 3.0, 2.0]]))
    expected = [1.0, (1 + 6) / 4, (1 + 6 + 12) / 6]
    assert prefix_sums(values, logits)[0, :, 0].tolist() == pytest.approx(expected)


def test_batches_hold_every_window_once_and_about_equally_many_targets():
    from atelier_trainer.data.sequences import Windows

    lengths = np.random.default_rng(0).integers(2, 30, 300)
    ends = np.cumsum(lengths)
    windows = Windows(np.zeros(ends[-1], int), ends - lengths, ends)
    parts = list(batches(windows, 30, np.random.default_rng(1)))
    assert sorted(np.concatenate(parts).tolist()) == list(range(300))
    targets = [int((windows.lengths[part] - 1).sum()) for part in parts]
    assert len(parts) == 10 and max(targets) - min(targets) <= 60
    assert max(np.ptp(windows.lengths[part]) for part in parts) < 12
