"""Ranks, ties and lists on rows worked out by hand."""

import numpy as np
import pytest
import torch

from atelier_trainer import ranking
from atelier_trainer.data.sequences import Windows
from atelier_trainer.ranking import ItemTable, best_items, metrics_at, rank, target_ranks

SCORES = torch.tensor([[0.5, 0.9, 0.5, 0.1, 0.5], [1.0, 1.0, 1.0, 1.0, 1.0], [0.0, 0.1, 0.2, 0.3, 0.4]])


@pytest.mark.parametrize(
    ("targets", "ranks"),
    [([0, 0, 4], [2, 1, 1]), ([2, 3, 0], [3, 4, 5]), ([4, 4, 3], [4, 5, 2]), ([3, 2, 1], [5, 3, 4])],
)
def test_the_rank_counts_higher_scores_and_equal_scores_of_lower_ids(targets, ranks):
    assert target_ranks(SCORES, torch.tensor(targets)).tolist() == ranks


def test_a_list_orders_ties_by_id_also_where_they_straddle_its_end():
    values, items = best_items(SCORES, 3)
    assert items.tolist() == [[1, 0, 2], [0, 1, 2], [4, 3, 2]]
    assert values[0].tolist() == pytest.approx([0.9, 0.5, 0.5])


def test_lists_and_ranks_agree_with_a_full_sort_on_scores_full_of_ties():
    scores = torch.randint(4, (50, 40)).float()
    order = np.lexsort((np.broadcast_to(np.arange(40), (50, 40)), -scores.numpy()))
    targets = np.random.default_rng(0).integers(0, 40, 50)
    ranking = rank(lambda block: scores[block].clone(), targets, 40, seen=None, list_length=12)
    for row in range(50):
        assert ranking.items.row(row).tolist() == order[row, :12].tolist()
        assert order[row, ranking.ranks[row] - 1] == targets[row]


def test_the_best_of_a_long_catalogue_are_those_of_a_full_sort():
    for scores in (torch.randn(30, 2003), torch.randint(200, (30, 2003)).float()):
        order = np.lexsort((np.broadcast_to(np.arange(2003), (30, 2003)), -scores.numpy()))[:, :20]
        values, items = best_items(scores, 20)
        assert items.tolist() == order.tolist()
        assert values.tolist() == np.take_along_axis(scores.numpy(), order, 1).tolist()


def test_scores_are_products_of_states_and_items():
    states, table = torch.randn(7, 5), torch.randn(9, 5)
    torch.testing.assert_close(ItemTable(table).scores(states), states @ table.T)


def test_items_with_equal_vectors_rank_by_id_however_a_product_rounds(monkeypatch):
    def rounded_by_place(states, table):
        return states @ table.T + 1e-6 * torch.arange(len(table))

    monkeypatch.setattr(ranking, "_products", rounded_by_place)
    vectors = torch.tensor([[0.0, 1.0], [1.0, 0.0], [0.0, 1.0], [1.0, -0.0], [0.0, 1.0]])
    scores = ItemTable(vectors).scores(torch.tensor([[0.2, 0.9]]))
    assert best_items(scores, 5)[1].tolist() == [[0, 2, 4, 1, 3]]
    assert target_ranks(scores, torch.tensor([4])).tolist() == [3]


def test_seen_items_leave_the_ranking_but_the_ground_truth_stays():
    seen = Windows(np.array([1, 0, 3, 4]), np.array([0, 1, 2]), np.array([2, 1, 4]))
    ranking = rank(lambda block: SCORES[block].clone(), np.array([0, 1, 2]), 5, seen=seen, list_length=5)
    assert ranking.ranks.tolist() == [1, 2, 1]
    assert [ranking.items.row(row).tolist() for row in range(3)] == [[0, 2, 4, 3], [0, 1, 2, 3, 4], [2, 1, 0]]


def test_blocks_do_not_change_the_ranking(monkeypatch):
    scores, targets = torch.rand(30, 20), np.arange(30) % 20
    whole = rank(lambda block: scores[block].clone(), targets, 20, seen=None, list_length=5)
    monkeypatch.setattr("atelier_trainer.ranking.BLOCK_SCORES", 70)
    monkeypatch.setattr("atelier_trainer.ranking.BLOCK_ROWS", 2)
    parts = rank(lambda block: scores[block].clone(), targets, 20, seen=None, list_length=5)
    assert whole.ranks.tolist() == parts.ranks.tolist()
    assert whole.items.values.tolist() == parts.items.values.tolist()


def test_metrics_of_ranks_one_three_and_eleven():
    measured = metrics_at(np.array([1, 3, 11]))
    assert measured["recall@10"] == pytest.approx(2 / 3)
    assert measured["ndcg@10"] == pytest.approx((1 + 0.5) / 3)
    assert measured["mrr@10"] == pytest.approx((1 + 1 / 3) / 3)
