"""Histories and training windows of literal logs."""

from pathlib import Path

import numpy as np
import pytest
from conftest import write_log

from atelier_trainer.data.catalogue import read_catalogue
from atelier_trainer.data.sequences import Windows, read_events, read_examples, training_windows, validation_examples
from atelier_trainer.errors import BadData

USERS = [
    [("search", "tote"), ("click", 11), ("purchase", 12), ("click", 13), ("purchase", 14), ("purchase", 15)],
    [("search", "bag"), ("purchase", 11), ("purchase", 12)],
    [("click", 15), ("click", 14), ("click", 13), ("click", 12), ("click", 11)],
]


@pytest.fixture
def log(tmp_path: Path):
    inputs = write_log(tmp_path, USERS, [f"item {place}" for place in range(5)], first_id=11)
    catalogue = read_catalogue(Path(inputs["dataset"]))
    split = Path(inputs["split"])
    return catalogue, read_events(split, catalogue), read_examples(split, catalogue)


def lists(windows: Windows) -> list[list[int]]:
    return [[int(item) for item in row if item] for row in windows.padded()]


def test_a_history_holds_the_clicks_and_purchases_before_the_target_in_order(log):
    _, events, examples = log
    test = examples["test"]
    assert lists(events.before(test.users, test.orders)) == [[1, 2, 3, 4], [1]]
    assert examples["valid"].targets.tolist() == [3]
    assert lists(events.before(examples["valid"].users, examples["valid"].orders)) == [[1, 2, 3]]


def test_a_long_history_keeps_its_last_items_and_pads_on_the_right(log):
    _, events, examples = log
    test = examples["test"]
    assert events.before(test.users, test.orders).last(3).padded().tolist() == [[2, 3, 4], [1, 0, 0]]


def test_an_example_whose_history_is_a_search_alone_has_an_empty_history(log):
    _, events, examples = log
    train = examples["train"]
    assert [len(row) for row in lists(events.before(train.users, train.orders))] == [1, 0]


def test_training_windows_hold_no_held_out_purchase_and_teach_each_item_once(log):
    _, events, _ = log
    assert sorted(lists(training_windows(events, 10))) == [[1, 2, 3], [5, 4, 3, 2, 1]]
    windows = lists(training_windows(events, 2))
    assert sorted(windows) == [[1, 2, 3], [3, 2, 1], [5, 4, 3]]
    assert sorted(item for window in windows for item in window[1:]) == sorted([2, 3, 4, 3, 2, 1])


def test_without_validation_examples_a_training_purchase_is_held_out_and_leaves_training(log):
    _, events, examples = log
    none = examples["valid"].take(np.array([], int))
    training, held, borrowed = validation_examples(events, examples | {"valid": none}, seed=1)
    assert borrowed and len(held) == 1
    late = (events.users == held.users[0]) & (events.orders >= held.orders[0])
    assert not (training.train & late).any()
    assert (training.train == events.train)[~late].all()


def test_a_log_with_nothing_to_learn_from_is_refused(tmp_path):
    inputs = write_log(tmp_path, [[("purchase", 1), ("purchase", 2)]], ["one", "two"])
    catalogue = read_catalogue(Path(inputs["dataset"]))
    with pytest.raises(BadData, match="nothing to learn"):
        training_windows(read_events(Path(inputs["split"]), catalogue), 10)


def test_an_item_outside_the_catalogue_is_named(tmp_path):
    inputs = write_log(tmp_path, [[("purchase", 1), ("purchase", 9)]], ["one", "two"])
    catalogue = read_catalogue(Path(inputs["dataset"]))
    with pytest.raises(BadData, match="item 9 is not in"):
        read_events(Path(inputs["split"]), catalogue)
