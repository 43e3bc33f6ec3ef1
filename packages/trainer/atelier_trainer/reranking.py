"""A linear ranking model of pools of items, each pool with one right answer.

Listwise softmax regression (ListNet's top-one likelihood with one relevant item, Cao et al. 2007): the weights that
make the right items most likely among their pools, by Newton's method on all rows, which has one answer.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

# Strongest first, so that each fit starts from the one before.
PENALTIES = (1, 0.1, 0.01, 0.001, 0.0001)
FOLDS = 5
MOST_STEPS = 50
# Slopes below which a fit is done: for a penalty's loss a few digits do, the model itself is exact.
NEARLY_FLAT = 1e-4
FLAT = 1e-9
# Below this a feature counts as one that never varies.
LEAST_DEVIATION = 1e-9


@dataclass(frozen=True)
class Pools:
    """Pools of several examples as one matrix.

    Args:
        values: features `(rows, features)`, float64.
        starts: first row of each example, and at the end the number of rows `(examples + 1,)`.
        targets: row of each example's right item `(examples,)`; -1 where its pool lacks it.
    """

    values: np.ndarray
    starts: np.ndarray
    targets: np.ndarray

    def take(self, examples: np.ndarray) -> Pools:
        """The pools of some examples, each with its right item."""
        lengths = np.diff(self.starts)[examples]
        starts = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
        rows = np.repeat(self.starts[examples] - starts[:-1], lengths) + np.arange(starts[-1])
        return Pools(self.values[rows], starts, self.targets[examples] - self.starts[examples] + starts[:-1])


@dataclass(frozen=True)
class Reranker:
    """An item's score is its features, each over its deviation, times the weights. Means need not be taken off: they
    shift all scores of a pool alike.

    Args:
        deviations: of each feature, over all rows.
        penalty: strength of the L2 penalty; `cross_validation` says how each strength did (mean negative
            log-likelihood of the examples left out).
        fitted_on: examples whose pool holds the right item; the others say nothing to a model that orders pools.
    """

    deviations: np.ndarray
    weights: np.ndarray
    penalty: float
    cross_validation: list[tuple[float, float]]
    fitted_on: int


def fit_reranker(pools: Pools) -> Reranker | None:
    """The model with the penalty that has the least loss in five-fold cross-validation over examples; None where no
    pool holds its right item."""
    usable = np.flatnonzero(pools.targets >= 0)
    if not len(usable):
        return None
    deviations = pools.values.std(axis=0)
    deviations[deviations < LEAST_DEVIATION] = 1
    pools = replace(pools, values=pools.values / deviations)
    folds = min(FOLDS, len(usable))
    losses = dict.fromkeys(PENALTIES, 0.0)
    for fold in range(folds if folds > 1 else 0):
        is_held = np.arange(len(usable)) % folds == fold
        kept, held = pools.take(usable[np.logical_not(is_held)]), pools.take(usable[is_held])
        weights = np.zeros(len(deviations))
        for penalty in PENALTIES:
            weights = _fit(kept, penalty, weights, NEARLY_FLAT)
            losses[penalty] += is_held.sum() * _loss(held, weights) / len(usable)
    # Where two are equal, the stronger one, which stands first.
    best = min(PENALTIES, key=lambda penalty: losses[penalty])
    weights = _fit(pools.take(usable), best, np.zeros(len(deviations)), FLAT)
    return Reranker(deviations, weights, best, list(losses.items()), len(usable))


def _fit(pools: Pools, penalty: float, weights: np.ndarray, flat: float) -> np.ndarray:
    """Newton's method with step halving; the penalty keeps the problem strictly convex."""
    for _ in range(MOST_STEPS):
        loss, gradient, hessian = _derivatives(pools, weights, penalty)
        if (np.abs(gradient) < flat).all():
            break
        direction = np.linalg.solve(hessian, gradient)
        share = 1.0
        while share > 1e-6:
            following = weights - share * direction
            if _loss(pools, following) + penalty / 2 * following @ following < loss:
                break
            share /= 2
        else:
            # No step helps any more: the numbers are as exact as they get.
            break
        weights = following
    return weights


def _log_probabilities(pools: Pools, weights: np.ndarray) -> np.ndarray:
    """Of each row among its pool."""
    scores = pools.values @ weights
    begins, lengths = pools.starts[:-1], np.diff(pools.starts)
    scores -= np.repeat(np.maximum.reduceat(scores, begins), lengths)
    return scores - np.repeat(np.log(np.add.reduceat(np.exp(scores), begins)), lengths)


def _loss(pools: Pools, weights: np.ndarray) -> float:
    """Mean negative log-likelihood of the right items."""
    return -_log_probabilities(pools, weights)[pools.targets].mean()


def _derivatives(pools: Pools, weights: np.ndarray, penalty: float) -> tuple[float, np.ndarray, np.ndarray]:
    """Loss with penalty, its gradient `(features,)` and its Hessian `(features, features)`."""
    log_probabilities = _log_probabilities(pools, weights)
    weighted = np.exp(log_probabilities)[:, None] * pools.values
    means = np.add.reduceat(weighted, pools.starts[:-1], axis=0)
    count = len(pools.targets)
    gradient = (means - pools.values[pools.targets]).mean(axis=0) + penalty * weights
    hessian = (weighted.T @ pools.values - means.T @ means) / count + penalty * np.eye(len(weights))
    loss = -log_probabilities[pools.targets].mean() + penalty / 2 * weights @ weights
    return loss, gradient, hessian
