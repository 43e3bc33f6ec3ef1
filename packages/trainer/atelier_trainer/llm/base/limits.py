"""What a base model cannot do here, by its configuration: said before a weight is read.

packages/core/src/planning/model-facts.ts says the same before a launch, where it can read the configuration.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...errors import BadSpec

if TYPE_CHECKING:
    from transformers import PretrainedConfig

# Whose layers, run in part on given states, do what they do as a whole: nothing scales or mixes in between.
STACKED = ("falcon", "llama", "mistral", "qwen2", "qwen3")


def longest_row(config: PretrainedConfig) -> int | None:
    """Tokens that a row may have: those that the model has positions for and that its attention sees at once.

    Beyond a sliding window states would hang on what is shared and packed; within it they do not.
    """
    limits = [getattr(config, "max_position_embeddings", None), _window(config)]
    known = [limit for limit in limits if limit is not None]
    return min(known) if known else None


def refuse_longer(config: PretrainedConfig, max_tokens: int) -> None:
    """Raises BadSpec where rows of `max_tokens` are more than the model reads."""
    longest = longest_row(config)
    if longest is not None and max_tokens > longest:
        raise BadSpec(
            f"fineTune.maxTokens is {max_tokens} and this {config.model_type} reads at most {longest} tokens at once "
            f"(its positions and its attention window): set fineTune.maxTokens to {longest} or less"
        )


def packing_problem(config: PretrainedConfig) -> str | None:
    """Why prompts of such a model cannot share a row; None where they can."""
    if getattr(config, "alibi", False):
        return f"packing needs rotary positions, and this {config.model_type} has ALiBi"
    if getattr(config, "attn_logit_softcapping", None) is not None:
        return f"packing does not cap attention scores, as this {config.model_type} does"
    return None


def is_stacked(config: PretrainedConfig) -> bool:
    """Whether the states between two layers can be kept and read on from."""
    return config.model_type in STACKED and len(set(getattr(config, "layer_types", None) or [0])) == 1


def _window(config: PretrainedConfig) -> int | None:
    uses = getattr(config, "use_sliding_window", True)
    return getattr(config, "sliding_window", None) if uses else None
