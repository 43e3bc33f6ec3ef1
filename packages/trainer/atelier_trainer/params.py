"""Parameters of each stage kind that the trainer runs, as packages/core/src/contracts/stage-params.ts defines them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from .errors import BadSpec
from .validation import Checked, Count, Natural, NonNegative, Positive, Share, from_json


@dataclass(frozen=True, kw_only=True)
class EncodeQueriesParams(Checked):
    encoder: Literal["minilm", "clip", "title"]
    model: str | None
    neighbours: Count
    # What `model` stood for at the launch: a commit, `sha256:…` of a folder, a package's version.
    resolved: str | None = None


@dataclass(frozen=True, kw_only=True)
class BaseModelParams(Checked):
    source: Literal["scratch", "path", "hub", "package", "transfer"]
    model: str | None
    vocabulary_size: Count
    hidden_size: Count
    layers: Count
    heads: Count
    epochs: Positive
    batch_size: Count
    learning_rate: Positive
    # As of a query encoder.
    resolved: str | None = None


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
    id_weight_shown: NonNegative | None = None
    frozen_share: Share
    quantization: Literal["none", "nf4"]
    gradient_checkpointing: bool
    packing: bool


@dataclass(frozen=True, kw_only=True)
class GenerateParams(Checked):
    decoding: Literal["constrained", "greedy", "sampled"]
    max_new_tokens: Count
    temperature: Positive
    top_p: Share
    batch_size: Count
    valid_prompts: Natural
    likelihood: bool


@dataclass(frozen=True, kw_only=True)
class TitleEncoderParams(Checked):
    encoder: Literal["lstm", "minilm", "clip"]
    model: str | None
    vocabulary_size: Count
    hidden_size: Count
    epochs: Count
    batch_size: Count
    learning_rate: Positive
    margin: Positive
    # As of a query encoder.
    resolved: str | None = None


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
class TrainingParams(Checked):
    """What trained baselines share. `patience` counts evaluations without a gain in validation NDCG@10."""

    hidden_size: Count
    dropout: Share
    max_length: Count
    batch_size: Count
    learning_rate: Positive
    max_epochs: Count
    patience: Count
    mask_seen: bool
    list_length: Count


@dataclass(frozen=True, kw_only=True)
class IdTrainingParams(TrainingParams):
    """Models that know items by id alone. `cold_token`: unseen items share one trained vector."""

    cold_token: bool


@dataclass(frozen=True, kw_only=True)
class TransformerParams(IdTrainingParams):
    layers: Count
    heads: Count

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.hidden_size % self.heads != 0:
            raise BadSpec(f"hiddenSize {self.hidden_size} must be a multiple of heads {self.heads}")


@dataclass(frozen=True, kw_only=True)
class Gru4RecParams(IdTrainingParams):
    model: Literal["gru4rec"]
    embedding_size: Count
    layers: Count
    loss: Literal["ce", "bce"]


@dataclass(frozen=True, kw_only=True)
class SasrecParams(TransformerParams):
    model: Literal["sasrec"]
    loss: Literal["ce", "bce"]


@dataclass(frozen=True, kw_only=True)
class Bert4RecParams(TransformerParams):
    model: Literal["bert4rec"]
    mask_share: Share


@dataclass(frozen=True, kw_only=True)
class NextItNetParams(IdTrainingParams):
    model: Literal["nextitnet"]
    blocks: Count
    kernel_size: Count
    dilations: list
    loss: Literal["ce", "bce"]

    def __post_init__(self) -> None:
        super().__post_init__()
        if not self.dilations or not all(type(step) is int and step > 0 for step in self.dilations):
            raise BadSpec(f"dilations must be a list of positive whole numbers, not {self.dilations!r}")


@dataclass(frozen=True, kw_only=True)
class CoreParams(TransformerParams):
    model: Literal["core"]
    encoder: Literal["trm", "ave"]
    temperature: Positive
    item_dropout: Share


@dataclass(frozen=True, kw_only=True)
class RecformerParams(TrainingParams):
    model: Literal["recformer"]
    query: bool
    text_encoder: Literal["scratch", "minilm"]
    vocabulary_size: Count
    layers: Count
    heads: Count
    max_attribute_tokens: Count
    max_tokens: Count
    pretrain_epochs: Natural
    mask_share: Share
    mask_weight: NonNegative
    temperature: Positive
    refine_epochs: Natural


BaselineParams = (
    PopularityParams | Gru4RecParams | SasrecParams | Bert4RecParams | NextItNetParams | CoreParams | RecformerParams
)

_BASELINES: dict[str, type[Checked]] = {
    "popularity": PopularityParams,
    "gru4rec": Gru4RecParams,
    "sasrec": SasrecParams,
    "bert4rec": Bert4RecParams,
    "nextitnet": NextItNetParams,
    "core": CoreParams,
    "recformer": RecformerParams,
}

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
