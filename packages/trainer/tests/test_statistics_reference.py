"""What `packages/core/src/statistics` computes, asked of SciPy: the cases and results that its own tests write."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

CASES = json.loads((Path(__file__).parents[2] / "core" / "test" / "fixtures" / "statistics" / "cases.json").read_text())
METRICS = [f"{name}@{CASES['k']}" for name in ("recall", "ndcg", "mrr")]
PAIRED = [(case, metric) for case in CASES["paired"] for metric in CASES["paired"][case]["metrics"]]


def numbers(words: str) -> np.ndarray:
    return np.array([np.nan if word == "-" else float(word) for word in words.split()])


def gains(ranks: np.ndarray, metric: str) -> np.ndarray:
    """A metric of each user, from the rank of the ground truth: `(users,)`."""
    name, k = metric.split("@")
    gain = {"recall": np.ones_like(ranks), "ndcg": 1 / np.log2(ranks + 1), "mrr": 1 / ranks}[name]
    return np.where(ranks <= int(k), gain, 0.0)


def differences(case: str, metric: str) -> np.ndarray:
    runs = CASES["paired"][case]
    return gains(numbers(runs["first"]), metric) - gains(numbers(runs["second"]), metric)


@pytest.mark.parametrize(("case", "metric"), PAIRED)
def test_difference_wins_ties_and_losses_are_those_of_the_users(case: str, metric: str) -> None:
    found = CASES["paired"][case]["metrics"][metric]
    each = differences(case, metric)
    assert found["value"] == pytest.approx(each.mean(), abs=1e-12)
    assert (found["wins"], found["ties"], found["losses"]) == ((each > 0).sum(), (each == 0).sum(), (each < 0).sum())


@pytest.mark.parametrize(("case", "metric"), PAIRED)
def test_interval_and_p_are_those_of_scipys_percentile_bootstrap(case: str, metric: str) -> None:
    found = CASES["paired"][case]["metrics"][metric]
    each = differences(case, metric)
    samples = CASES["samples"]
    reference = stats.bootstrap(
        (each,), np.mean, n_resamples=samples, method="percentile", batch=500, rng=np.random.default_rng(11)
    )
    # Two independent resamplings: the ends differ by their own noise, .03 standard errors at 20,000 samples and .09 at
    # the 2,000 that are drawn where they settle it, and where few users differ by a step between neighbouring values.
    draws = CASES["paired"][case]["draws"]
    steps = np.abs(each[each != 0]).max() / len(each)
    tolerance = (0.15 if draws == samples else 0.3) * reference.standard_error + steps
    assert found["low"] == pytest.approx(reference.confidence_interval.low, abs=tolerance)
    assert found["high"] == pytest.approx(reference.confidence_interval.high, abs=tolerance)
    means = reference.bootstrap_distribution
    p = min(1, 2 * (1 + min((means <= 1e-12).sum(), (means >= -1e-12).sum())) / (samples + 1))
    assert found["p"] == pytest.approx(p, abs=5 * np.sqrt(2 * p / draws) + 1e-4)


def test_few_resamples_are_drawn_only_where_no_verdict_is_near() -> None:
    draws = {case: found["draws"] for case, found in CASES["paired"].items()}
    assert set(draws.values()) == {2_000, CASES["samples"]}
    for case, drawn in draws.items():
        p_values = [found["p"] for found in CASES["paired"][case]["metrics"].values()]
        is_clear = [p >= 0.2 or p == pytest.approx(2 / (CASES["samples"] + 1)) for p in p_values]
        assert drawn == CASES["samples"] or all(is_clear)


@pytest.mark.parametrize(("case", "metric"), [(case, name) for case in CASES["single"] for name in METRICS])
def test_interval_of_one_run_is_that_of_scipys_percentile_bootstrap(case: str, metric: str) -> None:
    found = CASES["single"][case]["metrics"][metric]
    each = gains(numbers(CASES["single"][case]["ranks"]), metric)
    reference = stats.bootstrap(
        (each,), np.mean, n_resamples=CASES["samples"], method="percentile", batch=500, rng=np.random.default_rng(13)
    )
    assert found["value"] == pytest.approx(each.mean(), abs=1e-12)
    tolerance = 0.15 * reference.standard_error + each.max() / len(each)
    assert found["low"] == pytest.approx(reference.confidence_interval.low, abs=tolerance)
    assert found["high"] == pytest.approx(reference.confidence_interval.high, abs=tolerance)


@pytest.mark.parametrize(("case", "metric"), [(case, metric) for case, metric in PAIRED if case != "few users"])
def test_p_says_what_a_permutation_test_says(case: str, metric: str) -> None:
    # Another test of the same question (signs of the users' differences turned at random): near, not equal, and
    # only where users are many enough for the two null distributions to agree.
    each = differences(case, metric)
    reference = stats.permutation_test(
        (each,), np.mean, permutation_type="samples", n_resamples=9_999, batch=500, rng=np.random.default_rng(5)
    )
    found = CASES["paired"][case]
    # 2,000 resamples leave p noise of its own, .018 at the worst.
    noise = 0.0 if found["draws"] == CASES["samples"] else 0.05
    assert found["metrics"][metric]["p"] == pytest.approx(reference.pvalue, abs=0.04 + noise)


@pytest.mark.parametrize("case", CASES["holm"])
def test_holm_is_the_closed_bonferroni_test(case: str) -> None:
    # The definition rather than the step-down short cut: a hypothesis falls when every intersection with it does.
    p, adjusted = numbers(CASES["holm"][case]["p"]), numbers(CASES["holm"][case]["adjusted"])
    subsets = [subset for size in range(1, len(p) + 1) for subset in itertools.combinations(range(len(p)), size)]
    for i, found in enumerate(adjusted):
        closed = max(min(1.0, len(subset) * p[list(subset)].min()) for subset in subsets if i in subset)
        assert found == pytest.approx(closed, abs=1e-12)
    # Weaker corrections never give more.
    assert (adjusted >= stats.false_discovery_control(p) - 1e-12).all()


@pytest.mark.parametrize("case", CASES["spread"])
def test_deviation_over_seeds_is_the_sample_deviation(case: str) -> None:
    found = CASES["spread"][case]
    assert found["mean"] == pytest.approx(np.mean(numbers(found["values"])))
    assert found["deviation"] == pytest.approx(stats.tstd(numbers(found["values"])))


@pytest.mark.parametrize("case", CASES["binomial"])
def test_binomial_draws_follow_their_law(case: str) -> None:
    found = CASES["binomial"][case]
    law = stats.binom(found["trials"], found["share"])
    counts = {int(value): int(count) for value, count in (pair.split(":") for pair in found["counts"].split())}
    # Values that are expected less than ten times are counted with their neighbours at the ends.
    values = np.arange(law.ppf(10 / found["draws"]), law.ppf(1 - 10 / found["draws"]) + 1).astype(int)
    expected = law.pmf(values)
    expected[0], expected[-1] = law.cdf(values[0]), law.sf(values[-1] - 1)
    observed = np.zeros(len(values))
    for value, count in counts.items():
        observed[np.clip(value, values[0], values[-1]) - values[0]] += count
    assert stats.chisquare(observed, expected * found["draws"]).pvalue > 0.001
