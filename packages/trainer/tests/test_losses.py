"""Losses against PyTorch's own and against rows worked out by hand."""

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from atelier_trainer.losses import full_softmax, one_negative
from atelier_trainer.training import negatives_for


def value_and_gradients(loss, states, table):
    mine, items = states.clone().requires_grad_(), table.clone().requires_grad_()
    value = loss(mine, items)
    (2 * value).backward()
    return value.detach(), mine.grad, items.grad


@pytest.mark.parametrize(
    "chunk", [100 * 1001, 64 * 1001, 33 * 1001, 7 * 1001, 100], ids=lambda chunk: f"{chunk} logits"
)
@pytest.mark.parametrize("positions", [100, 3000])
def test_the_loss_and_its_gradients_are_those_of_cross_entropy_however_they_are_cut(monkeypatch, chunk, positions):
    monkeypatch.setattr("atelier_trainer.losses.CHUNK_LOGITS", chunk)
    states, targets = 3 * torch.randn(positions, 8), torch.randint(1001, (positions,))
    table = torch.randn(1001, 8)
    dense = value_and_gradients(lambda rows, items: F.cross_entropy(rows @ items.T, targets), states, table)
    mine = value_and_gradients(lambda rows, items: full_softmax(rows, items, targets), states, table)
    for chunked, reference in zip(mine, dense, strict=True):
        torch.testing.assert_close(chunked, reference, atol=1e-5, rtol=1e-4)


@pytest.mark.parametrize("chunk", [64 * 1001, 1000], ids=["whole rows", "tiles"])
def test_bfloat16_products_give_the_loss_within_a_hundredth_and_gradients_that_point_the_same_way(monkeypatch, chunk):
    monkeypatch.setattr("atelier_trainer.losses.CHUNK_LOGITS", chunk)
    states, table, targets = torch.randn(200, 16), torch.randn(1001, 16), torch.randint(1001, (200,))
    exact = value_and_gradients(lambda rows, items: full_softmax(rows, items, targets), states, table)
    low = value_and_gradients(lambda rows, items: full_softmax(rows, items, targets, torch.bfloat16), states, table)
    assert low[0].item() == pytest.approx(exact[0].item(), rel=0.01)
    for rough, reference in zip(low[1:], exact[1:], strict=True):
        assert rough.dtype == torch.float32
        assert F.cosine_similarity(rough.flatten(), reference.flatten(), dim=0) > 0.999


def test_large_logits_overflow_nothing(monkeypatch):
    monkeypatch.setattr("atelier_trainer.losses.CHUNK_LOGITS", 8)
    states, table = torch.tensor([[100.0]]), torch.arange(40.0)[:, None]
    value, *gradients = value_and_gradients(
        lambda rows, items: full_softmax(rows, items, torch.tensor([38])), states, table
    )
    assert value.item() == pytest.approx(100, rel=1e-6)
    assert all(gradient.isfinite().all() for gradient in gradients)


def test_the_loss_is_differentiated_once_and_says_so_when_asked_twice():
    value = full_softmax(torch.randn(3, 4, requires_grad=True), torch.randn(5, 4), torch.tensor([0, 1, 2]))
    value.backward(retain_graph=True)
    with pytest.raises(RuntimeError, match="once"):
        value.backward()


def test_binary_cross_entropy_with_one_negative_by_hand():
    table = torch.tensor([[1.0, 0.0], [0.0, 2.0]])
    value = one_negative(torch.tensor([[1.0, 1.0]]), table, torch.tensor([0]), torch.tensor([1]))
    assert value.item() == pytest.approx(-np.log(1 / (1 + np.exp(-1))) - np.log(1 - 1 / (1 + np.exp(-2))), rel=1e-5)


def test_negatives_avoid_the_items_of_their_sequence():
    ids = torch.tensor([[1, 2, 3, 4, 5], [6, 7, 8, 9, 10]])
    sequences = torch.arange(2).repeat_interleave(1000)
    drawn = negatives_for(ids, sequences, 10, torch.Generator().manual_seed(0))
    # Half of the catalogue is in each sequence: one redraw leaves a quarter of the draws in it.
    assert 0.2 < (drawn[:1000] < 5).float().mean() < 0.3
    assert 0.2 < (drawn[1000:] >= 5).float().mean() < 0.3
