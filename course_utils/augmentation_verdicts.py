"""What the records say of augmentation, by the rules that stand in `augmentation_gain`: gains, verdicts, tables."""

import math

from course_utils import metrics
from course_utils.augmentation_gain import LONGER, PAIRS, PLAIN_SIZES, accuracies, cases, mean

SHOWN = {1: "1", "warm start": "warm start", 2: "2", 3: "3"}
FOURFOLD = (64,)  # sizes of which four times as many pictures were measured too


def gain(name, n_samples, key, epochs=None):
    """Return by how many points augmentation is ahead: mean and half the width of the 95 % interval, paired."""
    with_it, without = (accuracies(name, n_samples, key, way, epochs) for way in (True, False))
    return metrics.paired_difference(with_it, without)


def verdict(difference):
    """Return what a paired difference says of augmentation, by the rule that was written down beforehand.

    Examples
    --------
    >>> verdict((3.0, 2.0)), verdict((-3.0, 2.0)), verdict((3.0, 4.0))
    ('helps', 'harms', 'cannot be told')
    """
    points, half = difference
    if abs(points) <= half:
        return "cannot be told"
    return "helps" if points > 0 else "harms"


def advice():
    """Return whether the textbook's advice for quadrant 3 holds, by the rule that was written down beforehand."""
    verdicts = [verdict(gain("far", n_samples, 2)) for n_samples in (64, 256)]
    if "harms" in verdicts:
        return "fails"
    return "holds" if set(verdicts) == {"helps"} else "holds in part"


def collecting(name, n_samples, key):
    """Return by how many points four times as many pictures without augmentation beat n with it: mean, half-width."""
    many, few = accuracies(name, 4 * n_samples, key, False), accuracies(name, n_samples, key, True)
    return metrics.paired_difference(many, few)


def equivalent(name, n_samples, key):
    """Return how many pictures without augmentation would give the accuracy of n pictures with it.

    Read off the means at the sizes of `PLAIN_SIZES`, on straight lines over the logarithm of the size.

    Returns
    -------
    float
        Infinite if not even the largest of these sizes reaches it, 0 if the smallest is already better.
    """
    wanted = mean(name, n_samples, key, True)[0]
    return size_for(wanted, {size: mean(name, size, key, False)[0] for size in PLAIN_SIZES})


def size_for(wanted, means):
    """Return the number of pictures at which a curve reaches an accuracy; see `equivalent`.

    Parameters
    ----------
    wanted : float
    means : dict of int to float
        Size -> accuracy, smallest size first; the accuracy grows with the size.

    Examples
    --------
    >>> round(size_for(60, {64: 50, 256: 70}))
    128
    >>> size_for(40, {64: 50, 256: 70}), size_for(80, {64: 50, 256: 70})
    (0.0, inf)
    """
    sizes = list(means)
    if wanted < means[sizes[0]]:
        return 0.0
    for low, high in zip(sizes, sizes[1:], strict=False):
        if wanted <= means[high]:
            share = (wanted - means[low]) / (means[high] - means[low])
            return low * math.exp(share * math.log(high / low))
    return math.inf


def table():
    """Return accuracy without and with augmentation as a table in Markdown, the paired difference, and the verdict."""
    lines = ["| pair | pictures | strategy | without (%) | with (%) | difference (points) | augmentation |"]
    lines.append("| --- " * 7 + "|")
    for name, n_samples, key in cases():
        case, difference = (name, n_samples, key), gain(name, n_samples, key)
        cells = [_cell(mean(*case, augmented)) for augmented in (False, True)]
        cells += [_signed(difference), verdict(difference)]
        lines.append(f"| {name} | {n_samples:,} | {SHOWN[key]} | {' | '.join(cells)} |")
    return "\n".join(lines)


def longer_table():
    """Return the same for more epochs: on test pictures, and on training pictures as they are."""
    lines = ["| epochs | strategy | without (%) | with (%) | difference (points) | augmentation |", "| --- " * 6 + "|"]
    for name, n_samples, key in cases(LONGER):
        for epochs in (None, LONGER):
            difference = gain(name, n_samples, key, epochs)
            cells = [_cell(mean(name, n_samples, key, augmented, epochs)) for augmented in (False, True)]
            cells += [_signed(difference), verdict(difference)]
            lines.append(f"| {epochs or PLAIN_SIZES[n_samples]} | {SHOWN[key]} | {' | '.join(cells)} |")
    return "\n".join(lines)


def collecting_table():
    """Return what n pictures with augmentation are worth: against 4n without, and as a number of pictures without."""
    columns = (
        "pair",
        "strategy",
        "64 with (%)",
        "256 without (%)",
        "collecting is ahead by (points)",
        "64 with are worth",
    )
    lines = [f"| {' | '.join(columns)} |", "| --- " * len(columns) + "|"]
    for name, n_samples, key in cases():
        if n_samples in FOURFOLD and PAIRS[name].backbone == "coursenet_guide":  # others were not measured with 4,096
            cells = [_cell(mean(name, n_samples, key, True)), _cell(mean(name, 4 * n_samples, key, False))]
            cells += [_signed(collecting(name, n_samples, key)), f"{_count(equivalent(name, n_samples, key))} without"]
            lines.append(f"| {name} | {SHOWN[key]} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _count(size):
    """Return a number of pictures as text, to tens, or two figures: lines between a few sizes do not give more."""
    if size in (0, math.inf):
        return "over 4,096" if size else "fewer than 64"
    step = max(10, 10 ** (int(math.log10(size)) - 1))
    return f"about {step * round(size / step):,}"


def _cell(interval):
    """Return a mean and its interval as text."""
    return "{:.1f} ± {:.1f}".format(*interval)


def _signed(interval):
    """Return a difference and its interval as text."""
    return "{:+.1f} ± {:.1f}".format(*interval)
