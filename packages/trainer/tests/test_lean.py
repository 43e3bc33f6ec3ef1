"""The lean layers of a Llama give the states of transformers, whatever is read together."""

import pytest
import torch
from prompt_log import untrained_llama
from torch import nn

from atelier_trainer.llm.answering import packed_reader
from atelier_trainer.llm.answering.packed_reader import PackedReader, reader_of
from atelier_trainer.llm.answering.reader import Block, Reader
from atelier_trainer.llm.base import attention

VOCABULARY = 60
ROWS = [[5, 6, 7, 8, 9, 10, 11], [12, 13, 14], [], [15, 16, 17, 18, 19]]
# Branches of 20, one of which goes on; 30 alone; nothing; two that begin alike.
TREES = [Block([20, 21, 22], [-1, 0, 0]), Block([30], [-1]), Block([], []), Block([40, 41, 42, 43], [-1, 0, -1, 1])]
KEPT = [[0, 2], [], [], [0, 1, 3]]


@pytest.fixture(params=["all at once", "without room", "in small parts"])
def parts(request, monkeypatch):
    if request.param != "all at once":
        monkeypatch.setattr(packed_reader, "ROOM", 1)
    if request.param == "in small parts":
        monkeypatch.setattr(packed_reader, "TOKENS_AT_ONCE", 8)
        monkeypatch.setattr(attention, "QUERIES_AT_ONCE", 2)


def conversation(reader):
    """States of a prefix, prompts, trees of which a part is kept, and what follows for the rows that are left."""
    reader.read([Block.chain([1, 2, 3])], [None])
    batch = reader.repeated(len(ROWS))
    states = [batch.read([Block.chain(row) for row in ROWS], [6, 0, None, 2])]
    batch.keep([range(6), range(3), [], range(5)])
    states.append(batch.read_trees(TREES))
    batch.keep(KEPT)
    batch.select([0, 1, 3])
    # The row that is furthest behind reads the most: its block is wider than the room behind the longest row.
    states.append(batch.read([Block.chain(row) for row in ([50, 51], range(40, 49), [53])], [0, 0, 0]))
    asked = [states[0][0, 6], *states[0][1, :3], *states[0][3, 2:5]]
    asked += [*states[1][0, :3], states[1][1, 0], *states[1][3], *states[2][0, :2], *states[2][1], states[2][2, 0]]
    return torch.stack(asked)


@torch.no_grad()
@pytest.mark.parametrize("changes", [{}, {"attention_bias": True, "mlp_bias": True}, {"head_dim": 16}])
def test_states_of_prompts_trees_and_what_follows_are_those_of_transformers(parts, changes):
    model = untrained_llama(VOCABULARY, **changes).double()
    reader = reader_of(model)
    assert isinstance(reader, PackedReader)
    torch.testing.assert_close(conversation(reader), conversation(Reader(model)), rtol=1e-5, atol=1e-5)


@torch.no_grad()
def test_scores_too_large_for_an_exponential_take_the_ordinary_softmax(parts):
    model = untrained_llama(VOCABULARY).double()
    for layer in model.model.layers:
        layer.self_attn.q_proj.weight *= 1e5
    states = conversation(reader_of(model))
    assert states.isfinite().all()
    torch.testing.assert_close(states, conversation(Reader(model)), rtol=1e-5, atol=1e-5)


@torch.no_grad()
def test_rows_in_the_room_of_earlier_ones_do_not_see_them(parts):
    model = untrained_llama(VOCABULARY).double()
    reader = reader_of(model)
    earlier = reader.repeated(len(ROWS))
    earlier.read([Block.chain([59] * 40) for _ in ROWS], [None] * len(ROWS))
    earlier.close()
    room = earlier.memory.data_ptr()
    reader.model.read, read = lambda step, memory: rooms.append(memory) or read(step, memory), reader.model.read
    rooms = []
    states = conversation(reader)
    assert any(memory.untyped_storage().data_ptr() == room for memory in rooms)
    torch.testing.assert_close(states, conversation(reader_of(model)))


@torch.no_grad()
@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float32])
def test_in_the_precision_of_use_they_differ_by_rounding(parts, dtype):
    model = untrained_llama(VOCABULARY).to(dtype)
    exact = conversation(Reader(untrained_llama(VOCABULARY).to(dtype).double())).double()
    errors = [(conversation(reader).double() - exact).norm() for reader in (reader_of(model), Reader(model))]
    assert errors[0] < 2 * errors[1] + 1e-5 * exact.norm()
    assert errors[0] < 0.05 * exact.norm()


def test_other_layers_are_left_to_transformers():
    assert isinstance(reader_of(untrained_llama(VOCABULARY, hidden_act="gelu")), Reader)
    adapted = untrained_llama(VOCABULARY)
    adapted.model.layers[1].mlp.down_proj = type("Adapted", (nn.Linear,), {})(48, 32)
    assert isinstance(reader_of(adapted), Reader)
