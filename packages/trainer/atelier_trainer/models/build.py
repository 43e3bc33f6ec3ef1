"""The untrained model of a baseline that knows items by id."""

from __future__ import annotations

from ..errors import BadSpec
from ..params import Bert4RecParams, CoreParams, Gru4RecParams, IdTrainingParams, NextItNetParams, SasrecParams
from .bert4rec import Bert4Rec
from .core import Core
from .gru4rec import Gru4Rec
from .nextitnet import NextItNet
from .sasrec import SasRec
from .sequence_model import SequenceModel


def build(params: IdTrainingParams, item_count: int) -> SequenceModel:
    """`item_count` is that of the model's table: one more than the catalogue's where there is a cold token."""
    match params:
        case Gru4RecParams():
            return Gru4Rec(
                item_count,
                embedding=params.embedding_size,
                hidden=params.hidden_size,
                layers=params.layers,
                dropout=params.dropout,
            )
        case NextItNetParams():
            return NextItNet(
                item_count,
                hidden=params.hidden_size,
                blocks=params.blocks,
                kernel=params.kernel_size,
                dilations=params.dilations,
                dropout=params.dropout,
            )
        case SasrecParams():
            return SasRec(item_count, **_transformer(params), scaled=params.loss == "bce")
        case Bert4RecParams():
            return Bert4Rec(item_count, **_transformer(params), mask_share=params.mask_share)
        case CoreParams():
            return Core(
                item_count,
                **_transformer(params),
                temperature=params.temperature,
                item_dropout=params.item_dropout,
                attend=params.encoder == "trm",
            )
    raise BadSpec(f"params.model {type(params).__name__} has no id-based model")


def _transformer(params: SasrecParams | Bert4RecParams | CoreParams) -> dict:
    shape = {"hidden": params.hidden_size, "layers": params.layers, "heads": params.heads}
    return shape | {"dropout": params.dropout, "max_length": params.max_length}
