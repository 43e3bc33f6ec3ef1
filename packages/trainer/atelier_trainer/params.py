"""Parameters of each stage kind that the trainer runs: names and kinds for those who read them. What values they may
have is said once, in packages/core/src/contracts/stage-params.ts, and reaches Python as `schemas/<kind>.json`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .validation import checked, from_values, schema_of


@dataclass(frozen=True, kw_only=True)
class EncodeQueriesParams:
    encoder: str
    model: str | None
    neighbours: int
    # What `model` stood for at the launch: a commit, `sha256:…` of a folder, a package's version.
    resolved: str | None = None


@dataclass(frozen=True, kw_only=True)
class BaseModelParams:
    source: str
    model: str | None
    # A branch, tag or commit of the hub; a launch puts the commit into `resolved`.
    revision: str | None = None
    vocabulary_size: int
    hidden_size: int
    layers: int
    heads: int
    epochs: float
    batch_size: int
    learning_rate: float
    # As of a query encoder.
    resolved: str | None = None


@dataclass(frozen=True, kw_only=True)
class FineTuneParams:
    lora_rank: int
    lora_alpha: int
    lora_dropout: float
    epochs: int
    hard_epochs: int
    hard_share: float
    batch_size: int
    learning_rate: float
    max_tokens: int
    id_weight: float
    id_weight_absent: float
    id_weight_shown: float | None = None
    frozen_share: float
    quantization: str
    gradient_checkpointing: bool
    packing: bool


@dataclass(frozen=True, kw_only=True)
class GenerateParams:
    decoding: str
    max_new_tokens: int
    temperature: float
    top_p: float
    batch_size: int
    valid_prompts: int
    likelihood: bool
    weights: str = "full"
    engine: str = "auto"


@dataclass(frozen=True, kw_only=True)
class TitleEncoderParams:
    encoder: str
    model: str | None
    vocabulary_size: int
    hidden_size: int
    epochs: int
    batch_size: int
    learning_rate: float
    margin: float
    # As of a query encoder.
    resolved: str | None = None


@dataclass(frozen=True, kw_only=True)
class IdEncoderParams:
    pass


@dataclass(frozen=True, kw_only=True)
class RetrieveParams:
    list_length: int


@dataclass(frozen=True, kw_only=True)
class RerankParams:
    pass


@dataclass(frozen=True, kw_only=True)
class PopularityParams:
    model: str
    mask_seen: bool
    list_length: int


@dataclass(frozen=True, kw_only=True)
class TrainingParams:
    """What trained baselines share. `patience` counts evaluations without a gain in validation NDCG@10."""

    hidden_size: int
    dropout: float
    max_length: int
    batch_size: int
    learning_rate: float
    max_epochs: int
    patience: int
    mask_seen: bool
    list_length: int


@dataclass(frozen=True, kw_only=True)
class IdTrainingParams(TrainingParams):
    """Models that know items by id alone. `cold_token`: unseen items share one trained vector."""

    cold_token: bool


@dataclass(frozen=True, kw_only=True)
class TransformerParams(IdTrainingParams):
    layers: int
    heads: int


@dataclass(frozen=True, kw_only=True)
class Gru4RecParams(IdTrainingParams):
    model: str
    embedding_size: int
    layers: int
    loss: str


@dataclass(frozen=True, kw_only=True)
class SasrecParams(TransformerParams):
    model: str
    loss: str


@dataclass(frozen=True, kw_only=True)
class Bert4RecParams(TransformerParams):
    model: str
    mask_share: float


@dataclass(frozen=True, kw_only=True)
class NextItNetParams(IdTrainingParams):
    model: str
    blocks: int
    kernel_size: int
    dilations: list[int]
    loss: str


@dataclass(frozen=True, kw_only=True)
class CoreParams(TransformerParams):
    model: str
    encoder: str
    temperature: float
    item_dropout: float


@dataclass(frozen=True, kw_only=True)
class RecformerParams(TrainingParams):
    model: str
    query: bool
    text_encoder: str
    # `longformer`: hub id or folder, and what that stood for at the launch.
    text_model: str | None = None
    resolved: str | None = None
    vocabulary_size: int
    layers: int
    heads: int
    max_attribute_tokens: int
    max_tokens: int
    pretrain_epochs: int
    mask_share: float
    mask_weight: float
    temperature: float
    refine_epochs: int


BaselineParams = (
    PopularityParams | Gru4RecParams | SasrecParams | Bert4RecParams | NextItNetParams | CoreParams | RecformerParams
)

BASELINES: dict[str, type[BaselineParams]] = {
    "popularity": PopularityParams,
    "gru4rec": Gru4RecParams,
    "sasrec": SasrecParams,
    "bert4rec": Bert4RecParams,
    "nextitnet": NextItNetParams,
    "core": CoreParams,
    "recformer": RecformerParams,
}

PARAMS: dict[str, type] = {
    "encode-queries": EncodeQueriesParams,
    "base-model": BaseModelParams,
    "fine-tune": FineTuneParams,
    "generate": GenerateParams,
    "title-encoder": TitleEncoderParams,
    "id-encoder": IdEncoderParams,
    "retrieve": RetrieveParams,
    "rerank": RerankParams,
}


def read_params(kind: str, document: Any) -> Any:
    """Parameters of a stage kind, as its dataclass; BadSpec for anything that does not fit its schema."""
    values = checked(schema_of(kind), document, "params")
    return from_values(BASELINES[values["model"]] if kind == "baseline" else PARAMS[kind], values)
