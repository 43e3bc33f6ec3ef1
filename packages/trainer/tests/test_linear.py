"""Fixed linear layers give what torch's own give, packed or not."""

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from atelier_trainer.llm.base.linear import FixedLinear, can_pack


def refuse(*_):
    raise RuntimeError("bf16 path needs the cpu support avx_ne_convert or avx512bw, avx512vl and avx512dq")


@pytest.fixture(params=["as this processor does", "without oneDNN", "on a processor that refuses"])
def dtype(request, monkeypatch):
    if request.param == "without oneDNN":
        monkeypatch.setattr(torch.backends.mkldnn, "is_available", lambda: False)
    if request.param == "on a processor that refuses":
        monkeypatch.setattr(torch.ops.mkldnn, "_reorder_linear_weight", refuse)
    can_pack.cache_clear()
    assert request.param == "as this processor does" or not can_pack(torch.bfloat16)
    yield torch.bfloat16
    can_pack.cache_clear()


@torch.no_grad()
@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("rows", [1, 5, 600])
def test_products_and_what_comes_after_them(dtype, bias, rows):
    torch.manual_seed(1)
    one, other = nn.Linear(48, 64, bias=bias), nn.Linear(48, 16, bias=bias)
    inputs, along = torch.randn(rows, 48), torch.randn(rows, 64)
    fixed, both = FixedLinear([one], dtype), FixedLinear([one, other], dtype, scale=0.3)
    narrow, narrow_along = inputs.to(dtype), along.to(dtype)
    expected = {
        "alone": (fixed(narrow), one(inputs)),
        "silu": (fixed.silu(narrow), F.silu(one(inputs))),
        "times": (fixed.times(narrow, narrow_along), one(inputs) * along),
        "plus": (fixed.plus(narrow, narrow_along.clone()), one(inputs) + along),
        "plus in float32": (fixed.plus(narrow, along.clone()), one(inputs) + along),
        "two": (both(narrow), torch.cat([one(inputs) * 0.3, other(inputs)], dim=1)),
    }
    for name, (said, exact) in expected.items():
        assert said.dtype == (torch.float32 if "float32" in name else dtype), name
        torch.testing.assert_close(
            said.float(), exact, rtol=0.02, atol=0.02, msg=lambda text, name=name: f"{name}: {text}"
        )


@torch.no_grad()
def test_double_weights_multiply_exactly():
    layer, inputs = nn.Linear(7, 5).double(), torch.randn(3, 7, dtype=torch.double)
    torch.testing.assert_close(FixedLinear([layer], torch.double)(inputs), layer(inputs), rtol=0, atol=0)
