"""The advice of the size-similarity chart, and by which rules the sweep judges it.

All of this was written down before the sweep was run; only `SMALL`, by which a chart is read between small and large,
came after about 1,000 of its runs and tries.

- *Similar* by common sense: the target's pictures are drawn in the style of the source's, or, for ImageNet, are
  everyday photographs. *Small* is up to 256 pictures, *large* from 2,000 on; what lies between is shown, not judged.
- *Beaten.* In one case (a source, a target and a size) a way of training is beaten if another one is ahead by a point
  or more, and the 95 % interval of the paired difference over seeds lies above 0. The others are *tied* for the best.
- *Verdicts.* A piece of advice "holds" in a quadrant if the way it names is beaten in no case, "does not hold" if it is
  beaten in half of the cases or more; else it "depends". With three rivals a case, about one case in fourteen would be
  called beaten by chance; with four, where a linear SVM was measured, about one in ten. Ways without augmentation are
  compared with ways without augmentation.
- *"Any strategy works"* (quadrant 2) holds in a case if the means of all four lie within 3 points.
- *"Fine-tune deeper in quadrant 3 than in quadrant 2"* holds if validation pictures choose to freeze at least half a
  block less there on average, does not hold if they choose to freeze more, and depends in between.
- *Augmentation in quadrant 3* is judged on strategy 2: with augmentation against without, by the same rule as beaten.

The chart is P. Marcelino's (2018), in the form of the notes this course follows; the rival advice is that of the CS231n
notes on transfer learning. They agree on quadrant 4 only.
"""

from dataclasses import dataclass

from course_utils import metrics

SIMILAR = {
    ("coursenet_guide", "garden"),
    ("coursenet_guide", "butterflies"),
    ("coursenet_slides", "biopsy"),
    ("MobileNetV2 alpha=0.35", "cats_vs_dogs"),
}
MOST_SMALL, LEAST_LARGE = 256, 2000
SMALL = 1000  # where a chart must be read for every size: "small" is below
MARGIN = 1.0  # points: less than this would change nobody's choice
ANY_WORKS = 3.0  # points between the best and the worst of four ways


@dataclass(frozen=True)
class Advice:
    """What a chart says about a quadrant.

    Attributes
    ----------
    chart : {"Marcelino", "CS231n"}
    quadrant : {1, 2, 3, 4}
    way : str
        Of `sweep_plan.WAYS`: what it says to do.
    words : str
    """

    chart: str
    quadrant: int
    way: str
    words: str


ADVICE = (
    Advice("Marcelino", 1, "1", "large and dissimilar: train the whole model from random weights"),
    Advice("Marcelino", 2, "2", "large and similar: freeze the early part, train the top"),
    Advice("Marcelino", 3, "2", "small and dissimilar: freeze a part, train deeper than in quadrant 2"),
    Advice("Marcelino", 4, "3", "small and similar: freeze the whole base"),
    Advice("CS231n", 1, "warm start", "large and dissimilar: start from pre-trained weights, train everything"),
    Advice("CS231n", 2, "warm start", "large and similar: train everything, from pre-trained weights"),
    Advice("CS231n", 3, "SVM", "small and dissimilar: a linear classifier on an earlier layer"),
    Advice("CS231n", 4, "3", "small and similar: a linear classifier on the last layer"),
)


def quadrant(similar, n_samples):
    """Return the number of the quadrant, or None between small and large.

    Examples
    --------
    >>> quadrant(similar=False, n_samples=64), quadrant(similar=True, n_samples=4096), quadrant(True, 1024)
    (3, 2, None)
    """
    if MOST_SMALL < n_samples < LEAST_LARGE:
        return None
    small = n_samples <= MOST_SMALL
    return (4 if small else 2) if similar else (3 if small else 1)


def textbook(chart, similar, n_samples):
    """Return the way that a chart advises; between small and large it is read with its usual limit, 1,000 pictures.

    Parameters
    ----------
    chart : {"Marcelino", "CS231n"}
    similar : bool
    n_samples : int

    Examples
    --------
    >>> textbook("Marcelino", similar=False, n_samples=4096), textbook("CS231n", similar=False, n_samples=64)
    ('1', 'SVM')
    """
    place = quadrant(similar, MOST_SMALL if n_samples < SMALL else LEAST_LARGE)
    return next(advice.way for advice in ADVICE if (advice.chart, advice.quadrant) == (chart, place))


def ahead(first, second):
    """Tell whether the first way is surely ahead: lists of accuracies in percent, by seed."""
    mean, half = metrics.paired_difference(first, second)
    return mean >= MARGIN and mean - half > 0


def beaten_by(way, scores):
    """Return the ways that beat one in a case.

    Parameters
    ----------
    way : str
    scores : dict of str to list of float
        Every way that was measured there -> accuracies in percent, by seed.

    Returns
    -------
    list of str
        The furthest ahead first.
    """
    rivals = [rival for rival in scores if rival != way and ahead(scores[rival], scores[way])]
    return sorted(rivals, key=lambda rival: -sum(scores[rival]))


def tied(scores):
    """Return the ways of a case that none beats, the best mean first."""
    return sorted((way for way in scores if not beaten_by(way, scores)), key=lambda way: -sum(scores[way]))


def verdict(beaten):
    """Return the verdict on a piece of advice, from whether it was beaten in each of its cases.

    Examples
    --------
    >>> verdict([False, False, False]), verdict([True, False, False]), verdict([True, True, False, False])
    ('holds', 'depends', 'does not hold')
    """
    share = sum(beaten) / len(beaten)
    return "holds" if share == 0 else "does not hold" if share >= 0.5 else "depends"
