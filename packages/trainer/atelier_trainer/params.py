"""Parameters of each stage kind that the trainer runs, as packages/core/src/contracts/stage-params.ts defines them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from .errors import BadSpec
from .validation import Checked, Count, NonNegative, Positive, Share, from_json


@dataclass(frozen=True, kw_only=True)
class EncodeQueriesParams(Checked):
    encoder: Literal["minilm"]
    neighbours: Count


@dataclass(frozen=True, kw_only=True)
class BaseModelParams(Checked):
    source: Literal["scratch", "path"]
    path: str | None
    vocabulary_size: Count
    hidden_size: Count
    layers: Count
    heads: Count
    epochs: Positive
    batch_size: Count
    learning_rate: Positive


@dataclass(frozen=True, kw_only=True)
class FineTuneParams(Checked):
    lora_rank: Count
    lora_alpha: Count
    lora_dropout: Share
    epochs: Count
    hard_epochs: Count
    hard_share: Share
    batch_size: Count
    learning_rate: Positive
    max_tokens: Count
    id_weight: NonNegative
    id_weight_absent: NonNegative


@dataclass(frozen=True, kw_only=True)
class GenerateParams(Checked):
    decoding: Literal["constrained", "greedy", "sampled"]
    max_new_tokens: Count
    temperature: Positive
    top_p: Share
    batch_size: Count


@dataclass(frozen=True, kw_only=True)
class TitleEncoderParams(Checked):
    encoder: Literal["lstm", "minilm"]
    vocabulary_size: Count
    hidden_size: Count
    epochs: Count
    batch_size: Count
    learning_rate: Positive
    margin: Positive


@dataclass(frozen=True, kw_only=True)
class IdEncoderParams(Checked):
    pass


@dataclass(frozen=True, kw_only=True)
class RetrieveParams(Checked):
    list_length: Count


@dataclass(frozen=True, kw_only=True)
class PopularityParams(Checked):
    model: Literal["popularity"]
    mask_seen: bool
    list_length: Count


@dataclass(frozen=True, kw_only=True)
class SequenceTrainingParams(Checked):
    """What `sasrec` and `core` share. `patience` counts evaluations without a gain in validation NDCG@10."""

    hidden_size: Count
    layers: Count
    heads: Count
    dropout: Share
    max_length: Count
    batch_size: Count
    learning_rate: Positive
    max_epochs: Count
    patience: Count
    mask_seen: bool
    list_length: Count

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.hidden_size % self.heads != 0:
            raise BadSpec(f"hiddenSize {self.hidden_size} must be a multiple of heads {self.heads}")


@dataclass(frozen=True, kw_only=True)
class SasrecParams(SequenceTrainingParams):
    model: Literal["sasrec"]
    loss: Literal["ce", "bce"]


@dataclass(frozen=True, kw_only=True)
class CoreParams(SequenceTrainingParams):
    model: Literal["core"]
    temperature: Positive
    item_dropout: Share


BaselineParams = PopularityParams | SasrecParams | CoreParams

_BASELINES: dict[str, type[Checked]] = {"popularity": PopularityParams, "sasrec": SasrecParams, "core": CoreParams}

_PARAMS: dict[str, type[Checked]] = {
    "encode-queries": EncodeQueriesParams,
    "base-model": BaseModelParams,
    "fine-tune": FineTuneParams,
    "generate": GenerateParams,
    "title-encoder": TitleEncoderParams,
    "id-encoder": IdEncoderParams,
    "retrieve": RetrieveParams,
}


def read_params(kind: str, document: Any) -> Checked:
    """Parameters of a stage kind; raises BadSpec for an unknown kind or model and for anything that does not fit."""
    if kind == "baseline":
        model = document.get("model") if isinstance(document, dict) else None
        if model not in _BASELINES:
            raise BadSpec(f"params.model must be one of {', '.join(_BASELINES)}, not {model!r}")
        return from_json(_BASELINES[model], document, "params")
    if kind not in _PARAMS:
        raise BadSpec(f"kind must be one of {', '.join([*_PARAMS, 'baseline'])}, not {kind!r}")
    return from_json(_PARAMS[kind], document, "params")
