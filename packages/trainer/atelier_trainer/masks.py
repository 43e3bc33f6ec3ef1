"""Masks are arrays of booleans, and nothing else passes for one.

`~` of an array of whole numbers, or of Python's `False`, is a number: as a "mask" it then indexes by position, and what
it picks looks like data. Whatever inverts a mask or selects by one does it here.
"""

from __future__ import annotations

from typing import TypeVar

import numpy as np
import torch
from torch import Tensor

Mask = TypeVar("Mask", np.ndarray, Tensor)


def checked(mask: Mask) -> Mask:
    """The mask itself. Raises TypeError for anything that is not an array or tensor of booleans."""
    if isinstance(mask, np.ndarray) and mask.dtype == np.bool_:
        return mask
    if isinstance(mask, Tensor) and mask.dtype == torch.bool:
        return mask
    kind = getattr(mask, "dtype", None) or type(mask).__name__
    raise TypeError(f"a mask must be an array of booleans, not {kind}")


def inverse(mask: Mask) -> Mask:
    """True where the mask is false."""
    return ~checked(mask)


def rows_where(mask: np.ndarray) -> np.ndarray:
    """Numbers of the places of `mask (rows,)` that are true."""
    return np.flatnonzero(checked(mask))
