"""Log-likelihood of every candidate's id, read as one tree of tokens after the prompt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from torch import Tensor
from torch.nn import functional as F

from ..text.response import ResponseTokens
from .reader import Block
from .trie import TokenTrie

# Positions whose logits are held at a time.
_AT_ONCE = 256


@dataclass(frozen=True)
class CandidateTree:
    """Ids of one prompt's candidates. `steps`: of each candidate, the (slot, token) pairs whose log-probabilities add
    up to its own; slot -1 is the state after the prompt."""

    block: Block
    steps: list[list[tuple[int, int]]]

    @staticmethod
    def of(
        candidates: Sequence[Sequence[int]], trie: TokenTrie, lead: Sequence[int], pieces: ResponseTokens
    ) -> CandidateTree:
        """The tree of `candidates`, all of which are in `trie`.

        The last token of an id is read only where a longer id begins with this one; then that the id ends there counts
        too. So the ids' probabilities are those of events that exclude one another.

        Args:
            lead: tokens between the prompt and the id; they do not count.
        """
        block = Block.chain(lead)
        root = len(lead) - 1
        steps = []
        for tokens in candidates:
            node, slot, own = trie.root, root, []
            for token in tokens:
                own.append((slot, token))
                node = trie.child(node, token)
                if len(trie.children(node)):
                    slot = _child(block, slot, token)
            if len(trie.children(node)):
                own.append((slot, pieces.middle[0]))
            steps.append(own)
        return CandidateTree(block, steps)


def _child(block: Block, slot: int, token: int) -> int:
    if (slot, token) not in block.children:
        block.children[slot, token] = len(block.tokens)
        block.tokens.append(token)
        block.parents.append(slot)
    return block.children[slot, token]


def candidate_likelihoods(trees: Sequence[CandidateTree], states: Tensor, head: Tensor) -> list[list[float]]:
    """Log-likelihoods of each tree's candidates.

    Args:
        states: `(trees, 1 + slots, hidden)`; the first is the one after the prompt.
        head: output vectors `(vocabulary, hidden)`.
    """
    wanted: dict[tuple[int, int], dict[int, float]] = {}
    for row, tree in enumerate(trees):
        for slot, token in (step for own in tree.steps for step in own):
            wanted.setdefault((row, slot), {})[token] = 0.0
    places = list(wanted)
    for start in range(0, len(places), _AT_ONCE):
        some = places[start : start + _AT_ONCE]
        rows, slots = [row for row, _ in some], [slot + 1 for _, slot in some]
        logits = F.linear(states[rows, slots].to(head.dtype), head).float()
        totals = logits.logsumexp(1)
        for index, place in enumerate(some):
            tokens = list(wanted[place])
            values = (logits[index, tokens] - totals[index]).tolist()
            wanted[place].update(zip(tokens, values, strict=True))
    return [
        [sum(wanted[row, slot][token] for slot, token in own) for own in tree.steps] for row, tree in enumerate(trees)
    ]
