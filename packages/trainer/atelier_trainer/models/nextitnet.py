"""NextItNet: Yuan et al., A Simple Convolutional Generative Network for Next Item Recommendation, WSDM 2019
(arXiv:1808.05163)."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from .sequence_model import SequenceModel
from .transformer import initialise


class CausalConvolution(nn.Module):
    """A dilated convolution over positions that looks back only: the taps are stacked and go through one matrix."""

    def __init__(self, hidden: int, kernel: int, dilation: int):
        super().__init__()
        self.reaches = [tap * dilation for tap in range(kernel)]
        self.mix = nn.Linear(kernel * hidden, hidden)

    def forward(self, states: Tensor) -> Tensor:
        """`(batch, length, hidden)` to the same."""
        length = states.shape[1]
        earlier = [F.pad(states, (0, 0, reach, 0))[:, :length] for reach in self.reaches]
        return self.mix(torch.cat(earlier, dim=-1))


class ResidualBlock(nn.Module):
    """The paper's block (b) (section 3.3): each convolution is followed by layer normalisation and ReLU."""

    def __init__(self, hidden: int, kernel: int, dilations: list[int], dropout: float):
        super().__init__()
        self.convolutions = nn.ModuleList(CausalConvolution(hidden, kernel, dilation) for dilation in dilations)
        self.norms = nn.ModuleList(nn.LayerNorm(hidden) for _ in dilations)
        self.dropout = nn.Dropout(dropout)

    def forward(self, states: Tensor) -> Tensor:
        inner = states
        for convolution, norm in zip(self.convolutions, self.norms, strict=True):
            inner = F.relu(norm(convolution(inner)))
        return states + self.dropout(inner)


class NextItNet(SequenceModel):
    """`blocks` residual blocks, each with one convolution for every entry of `dilations`.

    RecBole's `block_num` 5 with `dilations` [1, 4] is `dilations` [1, 2, 4, 8] here but for the residual connection in
    the middle. Dropout, on the embeddings and on what a block adds, is ours: the paper has none.
    """

    def __init__(self, item_count: int, *, hidden: int, blocks: int, kernel: int, dilations: list[int], dropout: float):
        super().__init__()
        self.items = nn.Embedding(item_count + 1, hidden)
        self.dropout = nn.Dropout(dropout)
        self.blocks = nn.ModuleList(ResidualBlock(hidden, kernel, dilations, dropout) for _ in range(blocks))
        self.out = nn.Linear(hidden, hidden)
        self.apply(initialise)

    def forward(self, ids: Tensor) -> Tensor:
        """Ids `(batch, length)` to states `(batch, length, hidden)`."""
        states = self.dropout(self.items(ids))
        for block in self.blocks:
            states = block(states)
        return self.out(states)
