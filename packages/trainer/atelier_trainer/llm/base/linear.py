"""Products with fixed weights on a CPU."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import torch
from torch import Tensor, nn
from torch.nn import functional as F

# Rows of inputs that the layout of packed weights is chosen for; others are multiplied with it too.
USUAL_ROWS = 512


class FixedLinear:
    """Linear layers of the same inputs as one, their outputs side by side, without gradients.

    bfloat16 weights are laid out once as oneDNN multiplies them, where torch's own linear lays them out in each call;
    what comes after a product is then done as it is written. This is what torch.compile makes of such layers, by the
    operators that it uses. Other weights, and a processor or a torch that cannot pack, take the ordinary way.

    Args:
        scale: factor of the first layer's outputs.
    """

    def __init__(self, layers: Sequence[nn.Linear], dtype: torch.dtype, scale: float = 1.0):
        scales = [scale] + [1.0] * (len(layers) - 1)
        self.weight = _joined([layer.weight for layer in layers], scales, dtype)
        self.bias = None if layers[0].bias is None else _joined([layer.bias for layer in layers], scales, dtype)
        self.packed = dtype == torch.bfloat16 and can_pack(dtype)
        if self.packed:
            self.weight = torch.ops.mkldnn._reorder_linear_weight(self.weight, USUAL_ROWS)

    def __call__(self, inputs: Tensor) -> Tensor:
        """Outputs `(rows, out)` of `inputs (rows, in)`."""
        return self._packed(inputs, "none") if self.packed else F.linear(inputs, self.weight, self.bias)

    def silu(self, inputs: Tensor) -> Tensor:
        """SiLU of the outputs."""
        return self._packed(inputs, "swish") if self.packed else F.silu(self(inputs), inplace=True)

    def times(self, inputs: Tensor, factor: Tensor) -> Tensor:
        """The outputs times `factor (rows, out)` of their type."""
        return self._packed_with(inputs, factor, "mul") if self.packed else self(inputs).mul_(factor)

    def plus(self, inputs: Tensor, term: Tensor) -> Tensor:
        """The outputs and `term (rows, out)`, in the term's type; the term is lost."""
        packed = self.packed and term.dtype == inputs.dtype
        return self._packed_with(inputs, term, "add") if packed else term.add_(self(inputs))

    def _packed(self, inputs: Tensor, then: str) -> Tensor:
        return torch.ops.mkldnn._linear_pointwise(inputs, self.weight, self.bias, then, [], "")

    def _packed_with(self, inputs: Tensor, other: Tensor, then: str) -> Tensor:
        return torch.ops.mkldnn._linear_pointwise(inputs, other, self.weight, self.bias, then)


@cache
def can_pack(dtype: torch.dtype) -> bool:
    """Whether this processor and this torch lay out weights of a type and multiply by them: asked by doing it once.

    No flag answers that: oneDNN refuses bfloat16 on processors without AVX-512, which are said to support oneDNN.
    """
    if not torch.backends.mkldnn.is_available():
        return False
    inputs, weight = torch.ones(2, 16, dtype=dtype), torch.ones(16, 16, dtype=dtype)
    try:
        packed = torch.ops.mkldnn._reorder_linear_weight(weight, USUAL_ROWS)
        for then in ("none", "swish"):
            torch.ops.mkldnn._linear_pointwise(inputs, packed, None, then, [], "")
        for then in ("mul", "add"):
            torch.ops.mkldnn._linear_pointwise(inputs, inputs.clone(), packed, None, then)
    except (RuntimeError, AttributeError, NotImplementedError):
        return False
    return True


def _joined(parts: Sequence[Tensor], scales: Sequence[float], dtype: torch.dtype) -> Tensor:
    scaled = [part.detach() if scale == 1 else part.detach() * scale for part, scale in zip(parts, scales, strict=True)]
    return torch.cat([part.to(dtype) for part in scaled]) if len(scaled) > 1 else scaled[0].to(dtype)
