"""What is odd in a folder of pictures, and what will be done about it: said before anything is done.

Nothing in the folder is changed. What is left out is left out of the task that is read from it.
"""

import warnings
from collections import Counter
from dataclasses import replace
from itertools import chain

import numpy as np

from course_utils import lookalikes, reading, sides
from course_utils.cards import CourseWarning, Pictures, Task
from course_utils.inspection import FORMATS
from course_utils.plans import Finding, Plan

TINY = 16  # pixels: with a shorter side nothing can be seen
FEW = 10  # pictures of a class
UNEVEN = 3  # times as many pictures in one class as in another
_PLAIN_MODES = ("RGB", "L")
_CONTRADICT = "look the same, but lie in two classes"
_LEFT_OUT_OF_TRAINING = "left out of the training pictures: the test must be new"


def judge(looks, image_size, *, alike=True, together=None):
    """Return what is odd, and what will be read.

    Parameters
    ----------
    looks : list of inspection.Look
    image_size : int
        Side, in pixels, that the network wants.
    alike : bool
        Whether pictures that look alike count as copies. False if whole classes look alike, as when a camera that does
        not move looks at one scene; then only exact copies count.
    together : callable, optional
        From the path of a picture to a name, such as that of a patient: pictures of one name stay on one side; with
        folders `train` and `test`, those of a name that the test has are left out of training.

    Returns
    -------
    Plan

    Raises
    ------
    CourseError
        If pictures of fewer than two classes are left, too few of a class or none of it on one side, or what belongs
        together leaves no way to divide them.
    """
    findings, kept = _unusable(looks)
    more, kept, groups = _copies(kept, alike)
    if together is not None:
        groups = sides.joined(groups, [str(together(look.path)) for look in kept])
        relatives, kept, groups = _relatives(kept, groups)
        more += relatives
    few, kept, groups = _too_few(kept, groups)
    findings += more + few + _notes(kept, image_size) + _classes(looks, kept, few)
    odd = "; ".join(f"{one.what}: {len(one.files):,}" for one in findings)
    if any(one.what == _CONTRADICT for one in findings):
        odd += ". If they only look alike, as one scene does, use findings.judge(looks, image_size, alike=False)"
    return Plan(findings, kept, groups, sides.set_aside(kept, groups, odd), image_size)


def _relatives(looks, groups):
    """Sort out training pictures that belong together with a test picture."""
    train = np.array([look.part == "train" for look in looks])
    if train.all() or not train.any():
        return [], looks, groups
    out = train & np.isin(groups, groups[~train])
    finding = Finding.about("belong together with a test picture", _at(looks, out), _LEFT_OUT_OF_TRAINING)
    return [finding] if out.any() else [], _at(looks, ~out), groups[~out]


def _at(looks, places):
    """Return the looks at some places: an ndarray of one bool for each."""
    return [look for look, wanted in zip(looks, places, strict=True) if wanted]


def _unusable(looks):
    """Sort out what cannot be read or is too small to show anything."""
    looks = [
        replace(look, problem=f"a side below {TINY} pixels shows nothing")
        if not look.problem and min(look.width, look.height) < TINY
        else look
        for look in looks
    ]
    by_problem = {}
    for look in looks:
        if look.problem:
            by_problem.setdefault(look.problem, []).append(look)
    findings = [Finding.about(problem, some, "left out") for problem, some in by_problem.items()]
    return findings, [look for look in looks if not look.problem]


def _copies(looks, alike):
    """Sort out copies: of one class one is kept; of two classes none; of train and test that of the test."""
    if alike:
        groups = lookalikes.groups([look.hash for look in looks], [look.colours for look in looks])
    else:
        groups = np.unique([look.digest.hex() for look in looks], return_inverse=True)[1]
    members = {}
    for look, group in zip(looks, groups, strict=True):
        members.setdefault(int(group), []).append(look)
    contradictory, leaking, double = [], [], []
    for some in members.values():
        if len({look.label for look in some}) > 1:
            contradictory += some
            continue
        if len({look.part for look in some}) > 1:
            leaking += [look for look in some if look.part == "train"]
            some = [look for look in some if look.part != "train"]
        # Of exact copies the one with the shortest name stays: "cat.jpg", and not "cat (copy).jpg".
        first = {look.digest: look for look in sorted(some, key=lambda look: -len(look.path.name))}
        double += [look for look in some if first[look.digest] is not look]
    out = {look.path for look in contradictory + leaking + double}
    kept = [place for place, look in enumerate(looks) if look.path not in out]
    alike = [some for some in members.values() if len({look.path for look in some} - out) > 1]
    findings = [
        Finding.about(_CONTRADICT, contradictory, "left out: one of them must be wrong"),
        Finding.about("look like a test picture", leaking, _LEFT_OUT_OF_TRAINING),
        Finding.about("are exact copies of another", double, "left out: one is kept"),
        Finding.about(
            "look like another", [look for some in alike for look in some], "kept, all on one side of a split"
        ),
    ]
    return [one for one in findings if one.files], [looks[place] for place in kept], groups[kept]


def _too_few(looks, groups):
    """Sort out classes that are too small to train on and to test, as long as two others are left."""
    labels, divided = np.array([look.label for look in looks]), any(look.part for look in looks)
    if divided:
        counts = Counter(look.label for look in looks if look.part == "train")  # what is in the test alone is refused
        fewest, what = sides.TO_TRAIN, "usable training pictures"
    else:
        counts, fewest, what = Counter(labels.tolist()), sides.FEWEST, "usable pictures"
    few = {label for label, count in counts.items() if count < fewest}
    what = f"classes with fewer than {fewest} {what}"
    if not divided:
        few |= {label for label, count in sides.independent(labels, groups).items() if count < sides.SHARES}
        what += f", or fewer than {sides.SHARES} that do not look alike or belong together"
    if not few or len(counts) - len(few) < 2:
        return [], looks, groups
    kept = ~np.isin(labels, list(few))
    finding = Finding(what, tuple(sorted(few)), "left out: too few to train on and to test")
    return [finding], _at(looks, kept), groups[kept]


def _notes(looks, image_size):
    """Say what will be made of pictures that are readable and unusual."""
    small = [look for look in looks if min(look.width, look.height) < image_size]
    misnamed = [look for look in looks if look.path.suffix.lower() not in FORMATS.get(look.form, ())]
    modes = [look for look in looks if look.mode not in _PLAIN_MODES]
    dark = [look for look in looks if look.dark]
    findings = [
        Finding.about(f"have a side below {image_size} pixels", small, "enlarged: they show no more detail by that"),
        Finding.about("are of another format than their name says", misnamed, "read as what they are"),
        Finding.about("hold several pictures", [look for look in looks if look.frames > 1], "the first one is used"),
        Finding.about("were taken with a turned camera", [look for look in looks if look.turned], "turned upright"),
        Finding.about("are not plain RGB (CMYK, palette, 16 bits, transparent)", modes, "brought to RGB, on white"),
        Finding.about("use 12 of 16 bits a value", dark, "read as they are, nearly black: spread their values first"),
    ]
    return [one for one in findings if one.files]


def _classes(looks, kept, left_out):
    """Say what is odd about the numbers of pictures, beside the classes that were left out for it."""
    counts = Counter(look.label for look in kept)
    empty = sorted(
        {look.label for look in looks if look.label} - set(counts) - {*chain(*(one.files for one in left_out))}
    )
    few = sorted(label for label, count in counts.items() if count < FEW)
    findings = [
        Finding("classes without a usable picture", tuple(empty), "left out"),
        Finding(f"classes with fewer than {FEW} pictures", tuple(few), "kept; the accuracy will say little"),
    ]
    if counts and max(counts.values()) > UNEVEN * min(counts.values()):
        most, least = max(counts, key=counts.get), min(counts, key=counts.get)
        words = f"classes of unequal size: {most} {counts[most]:,}, {least} {counts[least]:,}"
        findings.append(Finding(words, (least, most), "kept; look at each class, not at the accuracy alone"))
    return [one for one in findings if one.files]


def read(plan, image_size, name):
    """Read the task that a plan leaves.

    Without folders `train` and `test` a quarter of each class is set aside, and pictures that look alike stay on one
    side.

    Parameters
    ----------
    plan : Plan
    image_size : int
    name : str

    Returns
    -------
    Task
    """
    names = tuple(sorted({look.label for look in plan.kept}))
    small = sum(min(look.width, look.height) < image_size for look in plan.kept)
    if image_size > plan.image_size and small:
        warnings.warn(
            CourseWarning(
                f"The folder was looked at for {plan.image_size} x {plan.image_size} pixels, and is read at "
                f"{image_size} x {image_size}: {small:,} pictures have a shorter side and are enlarged, which shows no "
                "more detail."
            ),
            stacklevel=2,
        )

    def side(places):  # one after the other: both at once would be twice in memory
        looks = [plan.kept[place] for place in np.flatnonzero(places)]
        labels = [names.index(look.label) for look in looks]
        pictures = reading.read_files([look.path for look in looks], labels, image_size)
        return Pictures(pictures.images, pictures.labels, plan.groups[places])

    return Task(name, names, side(~plan.aside), side(plan.aside))
