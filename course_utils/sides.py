"""Which pictures train and which test: every class is on both sides, and pictures that look alike are on one."""

from collections import Counter

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from sklearn.model_selection import StratifiedGroupKFold

from course_utils.cards import CourseError

SHARES = 4  # one of so many shares is the test
TO_TRAIN = 4  # pictures of a class: with fewer, a linear probe cannot be judged on four parts of them
FEWEST = 6  # of a class: a test is set aside, and `TO_TRAIN` are left


def set_aside(looks, groups, odd=""):
    """Return which pictures are the test.

    With folders `train` and `test` they are those of the latter. Without, they are about a quarter of each class.

    Parameters
    ----------
    looks : list of inspection.Look
        Those that can be used.
    groups : ndarray of shape (n,), int
        The same number for pictures that look alike.
    odd : str
        What was odd: for the message.

    Returns
    -------
    ndarray of shape (n,), bool

    Raises
    ------
    CourseError
        If pictures of fewer than two classes are left, too few of a class, or none of a class on one side.
    """
    labels = np.array([look.label for look in looks])
    odd = f"({odd or 'Nothing else is odd'}.)"
    _check_classes(labels, odd)
    parts = np.array([look.part for look in looks])
    if parts.any():
        aside = parts != "train"
        _check_sides(labels, aside, odd)
        _check_enough(labels[~aside], odd, TO_TRAIN, "usable training pictures")
        return aside
    _check_enough(labels, odd, FEWEST, "usable pictures")
    _check_independent(labels, groups)
    return _quarter(labels, groups)


def joined(groups, names):
    """Return groups that hold whatever has a group or a name in common.

    Parameters
    ----------
    groups : ndarray of shape (n,), int
    names : sequence of str

    Returns
    -------
    ndarray of shape (n,), int
    """
    groups = np.unique(groups, return_inverse=True)[1]
    names = np.unique(names, return_inverse=True)[1] + groups.max(initial=0) + 1
    size = names.max(initial=0) + 1
    links = coo_array((np.ones(len(groups)), (groups, names)), shape=(size, size))
    return connected_components(links, directed=False)[1][groups]


def independent(labels, groups):
    """Return how many pictures of each class do not look alike or belong together.

    Parameters
    ----------
    labels, groups : ndarray of shape (n,)

    Returns
    -------
    Counter of str to int
    """
    return Counter(label for label, _ in {*zip(labels.tolist(), groups.tolist(), strict=True)})


def _check_classes(labels, odd):
    """Refuse fewer than two classes."""
    counts = Counter(labels.tolist())
    if len(counts) < 2:
        raise CourseError(
            f"Expected usable pictures of two classes or more. Found {len(counts)} ({', '.join(counts)}). "
            f"Add another class. {odd}"
        )


def _check_enough(labels, odd, fewest, what):
    """Refuse classes of too few pictures."""
    counts = Counter(labels.tolist())
    least = min(counts, key=counts.get)
    if counts[least] < fewest:
        raise CourseError(
            f"Expected at least {fewest} {what} of every class. Found {counts[least]} of {least!r}. Add more, or take "
            f"the folder away. {odd}"
        )


def _check_sides(labels, aside, odd):
    """Refuse classes that are in the training pictures or in the test alone."""
    train, test = set(labels[~aside].tolist()), set(labels[aside].tolist())
    if train != test:
        names = [f"{name} ({'train' if name in train else 'test'})" for name in sorted(train ^ test)]
        raise CourseError(
            "Expected usable pictures of every class both to train and to test. Found only on one of the sides: "
            f"{', '.join(names)}. Put pictures of these classes into the other folder, or rename or remove theirs. "
            f"{odd}"
        )


def _check_independent(labels, groups):
    """Refuse classes whose pictures look so much alike that they cannot be divided."""
    counts = independent(labels, groups)
    least = min(counts, key=counts.get)
    if counts[least] < SHARES:
        others = (labels == least).sum() - counts[least]
        raise CourseError(
            f"Expected at least {SHARES} pictures of every class that do not look alike or belong together, to set a "
            f"quarter aside for the test. Found {counts[least]} of {least!r}: the other {others} go with these. Add "
            "others, or make folders 'train' and 'test' yourself."
        )


def _quarter(labels, groups):
    """Return which pictures are set aside: the share that keeps groups together and is nearest to a quarter."""
    folds = StratifiedGroupKFold(SHARES, shuffle=True, random_state=0).split(labels, labels, groups)
    tests = [np.isin(np.arange(len(labels)), test) for _, test in folds]
    names = np.unique(labels)
    shares = {place: [test[labels == name].mean() for name in names] for place, test in enumerate(tests)}
    left = {place: _left(labels, test, names) for place, test in enumerate(tests)}
    whole = {place: parts for place, parts in shares.items() if min(parts) > 0 and min(left[place]) >= TO_TRAIN}
    if not whole:
        aside = _smallest(labels, groups, names)
        if all(aside[labels == name].any() for name in names) and min(_left(labels, aside, names)) >= TO_TRAIN:
            return aside
        sizes = {name: np.unique(groups[labels == name], return_counts=True)[1] for name in names}
        alone = [name for name in names if sizes[name].sum() - sizes[name].min() < TO_TRAIN]
        missing = alone or [name for name in names if len(sizes[name]) < len(labels[labels == name])]
        raise CourseError(
            "Expected pictures that can be divided so that every class is in the test, and in training with "
            f"{TO_TRAIN} pictures or more, and what belongs together stays on one side. No such division was found, "
            f"since most pictures of a class belong together: {', '.join(missing)}. Add others, or make folders "
            "'train' and 'test' yourself."
        )
    # Where pictures look alike, one share may hold nearly all of a class.
    return tests[min(whole, key=lambda place: max(round(abs(part - 1 / SHARES), 1) for part in whole[place]))]


def _left(labels, aside, names):
    """Return how many pictures of each class are left to train on."""
    return [int((labels[~aside] == name).sum()) for name in names]


def _smallest(labels, groups, names):
    """Return which pictures are set aside if of each class its smallest groups are, until they are a quarter of it."""
    sizes = dict(zip(*np.unique(groups, return_counts=True), strict=True))
    aside = np.zeros(len(labels), bool)
    for name in names:
        mine = labels == name
        for group in sorted(set(groups[mine].tolist()), key=sizes.get):
            if aside[mine].sum() >= mine.sum() // SHARES:
                break
            aside |= groups == group
    return aside
