"""Statistics against the distribution that they stand for."""

import math

import numpy as np
import pytest

from course_utils import metrics


@pytest.mark.parametrize("values", [[], [1.0], [1.0] * 11])
def test_too_few_or_too_many(values):
    with pytest.raises(ValueError, match=f"Received: {len(values)}"):
        metrics.mean_interval(values)


def test_differences_are_taken_run_by_run():
    # The runs of one way are far apart, but each is 1 point above its partner: the interval is empty.
    assert metrics.paired_difference([11, 51, 91], [10, 50, 90]) == pytest.approx((1, 0))
    with pytest.raises(ValueError, match="Received: 2 and 3"):
        metrics.paired_difference([1, 2], [1, 2, 3])


@pytest.mark.parametrize("n", range(2, 11))
def test_interval_holds_95_percent_of_students_distribution(n):
    # The half-width, in standard errors, is the point up to which the density's integral from 0 is 0.475.
    values = np.arange(n)
    mean, half_width = metrics.mean_interval(values)
    assert mean == (n - 1) / 2
    t = np.linspace(0, half_width / (values.std(ddof=1) / math.sqrt(n)), 200_001)
    scale = math.gamma(n / 2) / (math.sqrt((n - 1) * math.pi) * math.gamma((n - 1) / 2))
    assert np.trapezoid(scale * (1 + t**2 / (n - 1)) ** (-n / 2), t) == pytest.approx(0.475, abs=2e-5)
