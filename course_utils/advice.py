"""From a size and a similarity to advice, by the nearest measured cases.

The rule was settled before the sweep was finished, and is checked by leaving one target out (`advice_check`):

1. A measured case counts the more, the nearer it is. One step in size (four times the pictures) is as far as 0.25 of
   similarity; the weight falls off as a Gaussian curve, and the nearest case has weight 1.
2. In each case every way of training has a regret: by how many points it stays behind the best one.
3. What is advised is the way with the smallest weighted mean regret.

Similarity is the probe gap (see `similarity`).
"""

import math
from collections import Counter
from dataclasses import dataclass

from course_utils import chart, chart_rules, similarity
from course_utils.cards import CourseError

SIZE_STEP, SIMILARITY_STEP = 4.0, 0.25
NEAREST = 3  # cases that are shown
PLAIN = chart.PLAIN


@dataclass(frozen=True)
class Near:
    """A measured case, and how near it is.

    Attributes
    ----------
    case : chart.Case
    similarity : float
    weight : float
        0 to 1, the weight of the nearest case.
    """

    case: chart.Case
    similarity: float
    weight: float


@dataclass(frozen=True)
class Advice:
    """What to do, and why.

    Attributes
    ----------
    n_samples : int
    similarity : float
    quadrant : int or None
        By the measured similarity: similar if it is nearer to the similar pairs than to the others. None between few
        and many pictures, and where the measured similar pairs do not lie above the others.
    way : str
        Of `chart.PLAIN`.
    frozen : str
        What to freeze, if strategy 2 is taken.
    rates : dict of str to float
        Way -> learning rate: the mean of those of measured cases, by their weights.
    regrets : dict of str to float
        Way -> by how many points it stays behind the best one, in cases like this.
    unbeaten : int
        In how many of the nearest cases the advised way was beaten by none, a linear SVM among them.
    nearest : list of Near
    outside : str
        What lies outside of what was measured; empty if nothing does.
    """

    n_samples: int
    similarity: float
    quadrant: int | None
    way: str
    frozen: str
    rates: dict
    regrets: dict
    unbeaten: int
    nearest: list
    outside: str

    @property
    def depth(self):
        """What to freeze; None unless strategy 2 is advised."""
        return self.setting()[1]

    @property
    def rate(self):
        """The learning rate of what is advised."""
        return self.rates[self.way]

    def setting(self, way=None):
        """Return what a way of training needs: by default the advised one.

        Parameters
        ----------
        way : str, optional
            Of `chart.PLAIN`.

        Returns
        -------
        way : str
        depth : str or None
        rate : float
        """
        way = str(self.way if way is None else way)
        if way not in self.rates:
            raise CourseError(f"Expected a way of training: {', '.join(self.rates)}. Received: {way!r}.")
        return way, self.frozen if way == "2" else None, self.rates[way]

    @property
    def equals(self):
        """The other ways that are expected to be less than `chart_rules.MARGIN` behind: a toss-up between them."""
        most = self.regrets[self.way] + chart_rules.MARGIN
        return [way for way in PLAIN if way != self.way and self.regrets[way] < most]


def near(found, n_samples, similar):
    """Return measured cases with their weights, the nearest first.

    Parameters
    ----------
    found : list of chart.Case
        Those in which all of `PLAIN` were measured count.
    n_samples : int
    similar : float
        Measured similarity of the new task.
    """
    cases = [case for case in found if set(PLAIN) <= set(case.means)]
    if not cases:
        raise CourseError("Expected measured cases to compare with. Received none. Restore data/results/sweep.csv.")
    gaps = [similarity.of_pair(case.backbone, case.task, case.n_samples) for case in cases]
    squares = [_square(case.n_samples, gap, n_samples, similar) for case, gap in zip(cases, gaps, strict=True)]
    # From the nearest on: far outside of what was measured all weights would be 0 otherwise.
    weights = [math.exp((min(squares) - square) / 2) for square in squares]
    return sorted(map(Near, cases, gaps, weights), key=lambda one: -one.weight)


def _square(measured_size, measured_gap, n_samples, similar):
    """Return the squared distance from a measured case, in steps."""
    size = math.log(n_samples / measured_size, SIZE_STEP)
    return size**2 + ((similar - measured_gap) / SIMILARITY_STEP) ** 2


def advise(n_samples, similar, found=None):
    """Return advice for a number of pictures and a measured similarity.

    Parameters
    ----------
    n_samples : int
        Training pictures.
    similar : float
        Probe gap of the new task.
    found : list of chart.Case, optional
        By default the drawn world, in the sizes that are measured for all of its pairs.

    Returns
    -------
    Advice

    Raises
    ------
    CourseError
        If there are no pictures, or no measured cases.
    """
    if n_samples < 1:
        raise CourseError(f"Expected a number of pictures from 1 on. Received: {n_samples}.")
    weighed = near(chart.whole_sizes() if found is None else found, n_samples, similar)
    regrets = {way: _mean((one.weight, chart.regret(one.case, way)) for one in weighed) for way in PLAIN}
    way = min(regrets, key=regrets.get)
    nearest = weighed[:NEAREST]
    unbeaten = sum(not chart_rules.beaten_by(way, one.case.plain()) for one in nearest)
    frozen = _most((one.weight, one.case.depth) for one in weighed)
    rates = {one: _mean_rate((near.weight, near.case.rates[one]) for near in weighed) for one in PLAIN}
    outside = _outside(weighed, n_samples, similar)
    like_similar = _like_similar(weighed, similar)
    quadrant = None if like_similar is None else chart_rules.quadrant(like_similar, n_samples)
    return Advice(n_samples, similar, quadrant, way, frozen, rates, regrets, unbeaten, nearest, outside)


def _mean(pairs):
    """Return a weighted mean of pairs of weight and value."""
    weights, values = zip(*pairs, strict=True)
    return sum(weight * value for weight, value in zip(weights, values, strict=True)) / sum(weights)


def _most(pairs):
    """Return the value with most weight."""
    votes = Counter()
    for weight, value in pairs:
        votes[value] += weight
    return votes.most_common(1)[0][0]


def _mean_rate(pairs):
    """Return a weighted mean of learning rates over their logarithms, with one digit."""
    return float(f"{math.exp(_mean((weight, math.log(rate)) for weight, rate in pairs)):.0e}")


def _like_similar(weighed, similar):
    """Tell whether a similarity is nearer to that of the pairs that look similar than to that of the others.

    None if it cannot tell: in the measured cases pairs that look similar do not all lie above the others.
    """
    groups = {kind: [one.similarity for one in weighed if one.case.similar == kind] for kind in (True, False)}
    if not all(groups.values()) or min(groups[True]) <= max(groups[False]):
        return None
    means = {kind: sum(values) / len(values) for kind, values in groups.items()}
    return abs(similar - means[True]) < abs(similar - means[False])


def _outside(weighed, n_samples, similar):
    """Say what lies outside of what was measured."""
    sizes, gaps = [one.case.n_samples for one in weighed], [one.similarity for one in weighed]
    parts = []
    if not min(sizes) <= n_samples <= max(sizes):
        parts.append(f"{n_samples:,} pictures (measured: {min(sizes):,} to {max(sizes):,})")
    if not min(gaps) <= similar <= max(gaps):
        parts.append(f"a similarity of {similar:.2f} (measured: {min(gaps):.2f} to {max(gaps):.2f})")
    return " and ".join(parts)
