"""Parquet in and out. Columns become NumPy arrays; list columns become flat values with offsets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from .errors import BadData
from .masks import checked


@dataclass(frozen=True)
class Ragged:
    """A list column: row i holds `values[offsets[i]:offsets[i + 1]]`."""

    offsets: np.ndarray
    values: np.ndarray

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def row(self, index: int) -> np.ndarray:
        return self.values[self.offsets[index] : self.offsets[index + 1]]

    @staticmethod
    def from_lengths(lengths: np.ndarray, values: np.ndarray) -> Ragged:
        return Ragged(np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64), values)

    @staticmethod
    def from_matrix(matrix: np.ndarray) -> Ragged:
        rows, columns = matrix.shape
        return Ragged(np.arange(rows + 1, dtype=np.int64) * columns, matrix.reshape(-1))


Column = np.ndarray | Sequence | Ragged | pa.Array


def read_table(path: Path, columns: Sequence[str]) -> pa.Table:
    """The named columns; BadData says which file or column is missing or unreadable."""
    try:
        with pq.ParquetFile(path) as file:
            if missing := [name for name in columns if name not in file.schema_arrow.names]:
                raise BadData(f"{path.name} lacks {', '.join(missing)}; it has {', '.join(file.schema_arrow.names)}")
            return file.read(columns=list(columns)).combine_chunks()
    except FileNotFoundError:
        raise BadData(f"{path} is missing") from None
    except pa.ArrowException as error:
        raise BadData(f"{path} is not readable Parquet: {error}") from None


def integers(table: pa.Table, name: str, null: int | None = None) -> np.ndarray:
    """A column as int64. Nulls become `null`, or raise BadData where none is given."""
    column = table[name]
    if column.null_count:
        if null is None:
            raise BadData(f"column {name} holds {column.null_count} nulls")
        column = pc.fill_null(column, pa.scalar(null, column.type))
    return column.to_numpy().astype(np.int64)


def booleans(table: pa.Table, name: str) -> np.ndarray:
    """A column as bool; nulls are false. BadData for a column of another type, whose numbers would pass for a mask."""
    if not pa.types.is_boolean(table.schema.field(name).type):
        raise BadData(f"column {name} holds {table.schema.field(name).type}, not booleans")
    return checked(pc.fill_null(table[name], False).to_numpy(zero_copy_only=False))


def texts(table: pa.Table, name: str) -> list[str | None]:
    return table[name].to_pylist()


def ragged(table: pa.Table, name: str) -> Ragged:
    """A list column; a null list counts as empty."""
    lists = table[name].combine_chunks() if isinstance(table[name], pa.ChunkedArray) else table[name]
    lengths = pc.fill_null(pc.list_value_length(lists), 0).to_numpy()
    return Ragged.from_lengths(lengths, lists.flatten().to_numpy(zero_copy_only=False))


def write_table(path: Path, columns: Mapping[str, Column]) -> None:
    """Write columns in the given order; Ragged becomes a list column, float64 arrays stay double."""
    pq.write_table(pa.table({name: _arrow(column) for name, column in columns.items()}), path, compression="zstd")


def _arrow(column: Column) -> pa.Array:
    if not isinstance(column, Ragged):
        return column if isinstance(column, pa.Array) else pa.array(column)
    return pa.ListArray.from_arrays(pa.array(column.offsets.astype(np.int32)), pa.array(column.values))


def write_vectors(path: Path, ids: np.ndarray, vectors: np.ndarray) -> None:
    """`id` (int32) and `vector` (list of float32), one row each."""
    write_table(path, {"id": ids.astype(np.int32), "vector": Ragged.from_matrix(vectors.astype(np.float32))})


def read_vectors(path: Path) -> tuple[np.ndarray, np.ndarray]:
    """Ids `(n,)` and vectors `(n, size)` as written by `write_vectors`; BadData where lengths differ."""
    table = read_table(path, ["id", "vector"])
    lists = ragged(table, "vector")
    sizes = np.diff(lists.offsets)
    if len(sizes) and (sizes != sizes[0]).any():
        raise BadData(f"{path.name}: vectors differ in length")
    return integers(table, "id"), lists.values.reshape(len(lists), -1).astype(np.float32, copy=False)
