"""Prompts that are longer than a model reads lose their oldest interactions."""

from __future__ import annotations

from ..text.batching import shared_prefix
from ..text.prompts import fit

# An id and the tags may exceed the limit on titles by this much.
SPARE = 32


def fit_all(
    encoded: list[list[int]], positions: int | None, max_new_tokens: int, known_prefix: int = 0
) -> tuple[list[list[int]], int]:
    """Prompts cut to what a model of so many positions has room for beside its answer, and how many were cut.

    Args:
        positions: None for a model without a limit.
        known_prefix: of a prompt alone, how many of its leading tokens are the instruction.
    """
    if positions is None:
        return encoded, 0
    room = positions - max_new_tokens - SPARE
    cut = sum(len(row) > room for row in encoded)
    if not cut:
        return encoded, 0
    head = shared_prefix(encoded) if len(encoded) > 1 else min(known_prefix, room // 2)
    return [fit(row, min(head, room // 2), room) for row in encoded], cut
