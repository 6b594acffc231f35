"""Advice for a task or a folder of pictures: it is measured, then compared with the measured chart, then explained."""

from dataclasses import replace

import numpy as np

from course_utils import advice, backbones, chart, chart_rules, chart_views, cutting, data, networks
from course_utils.cards import CourseError, Task, way_name
from course_utils.similarity_measures import probe_gap
from course_utils.sweep_plan import WORLDS
from course_utils.transferability import FOLDS

MOST = 1024  # pictures on which similarity is measured
_WORDS = {
    "1": "strategy 1: train everything, from random weights",
    "warm start": "warm start: train everything, from what was learned",
    "2": "strategy 2: freeze the early part",
    "3": "strategy 3: freeze the whole base, train only the head",
}


def for_task(task, backbone="coursenet_guide", found=None, **options):
    """Return advice for a task.

    Only its training pictures are looked at, about `MOST` of them if there are more.

    Parameters
    ----------
    task : Task, str or Path
        A task, or a folder with a `train` and a `test` folder, each holding one folder per class.
    backbone : str
    found : list of chart.Case, optional
        What is compared with. By default the drawn world for CourseNet, and photographs for other networks, in the
        sizes that are measured whole.
    **options
        Of the network: `alpha`, `image_size`.

    Returns
    -------
    advice.Advice
        `frozen` is the name of a block of this backbone.

    Raises
    ------
    CourseError
        If there are fewer than two classes, or fewer than four pictures of a class.
    """
    if not isinstance(task, Task):
        task = data.folder_task(task, options.get("image_size", networks.find(backbone).image_size))
    n_classes, n_samples = len(task.class_names), len(task.train)
    if n_classes < 2:
        raise CourseError(f"Expected pictures of two classes or more. Found {n_classes} in {task.name}: add another.")
    found = found or chart.whole_sizes(_world(backbone))
    given = advice.advise(n_samples, probe_gap(backbone, enough(task.train), **options), found)
    unlike = _unlike(backbone, options, found)
    if not unlike:
        return given
    outside = " and ".join(part for part in (given.outside, *unlike) if part)
    return replace(given, frozen=block_like(given.frozen, backbones.load(backbone, **options)), outside=outside)


def enough(pictures):
    """Return pictures, or about `MOST` at random: enough to measure similarity on, and no burden for the memory.

    Parameters
    ----------
    pictures : Pictures

    Returns
    -------
    Pictures
        Of each class its share, but four at least, if it has them.
    """
    if len(pictures) <= MOST:
        return pictures
    rng, chosen = np.random.default_rng(0), []
    for label in np.unique(pictures.labels):
        places = np.flatnonzero(pictures.labels == label)
        wanted = max(round(MOST * len(places) / len(pictures)), min(FOLDS, len(places)))
        chosen.append(rng.choice(places, wanted, replace=False))
    return pictures.take(np.concatenate(chosen))


def _world(backbone):
    """Return the world in which networks of this kind were measured."""
    return "drawn" if networks.find(backbone).builder == "CourseNet" else "photographs"


def _unlike(backbone, options, found):
    """Return in what a network differs from those of measured cases: a list of str, empty if in nothing."""
    label, labels = networks.label(backbone, options), sorted({case.backbone for case in found})
    if label not in labels:
        return [f"{label} (measured: {', '.join(labels)})"]
    side, usual = options.get("image_size"), networks.find(backbone).image_size
    measured_side = WORLDS[_world(backbone)].options.get("image_size", usual)
    return [] if (side or usual) == measured_side else [f"{side or usual} pixels a side (measured: {measured_side})"]


def epochs(n_samples, backbone):
    """Return for how many epochs to train: as many as in the sweep, and between its sizes along a line of logarithms.

    Strategy 1 on 64 photographs had twice as many there.

    Parameters
    ----------
    n_samples : int
    backbone : str

    Returns
    -------
    int
    """
    planned = WORLDS[_world(backbone)].epochs
    return round(float(np.exp(np.interp(np.log(n_samples), np.log(list(planned)), np.log(list(planned.values()))))))


def block_like(depth, base):
    """Return the block of a base that lies as deep as a block of a measured network does.

    Parameters
    ----------
    depth : str
        Of `sweep_plan.WORLDS`, such as "block2" of CourseNet, or "block_6" of MobileNetV2.
    base : keras.Model

    Returns
    -------
    str
    """
    names, blocks = next(plan.blocks for plan in WORLDS.values() if depth in plan.blocks), cutting.blocks(base)
    share = (names.index(depth) + 1) / len(names)
    return blocks[max(round(share * len(blocks)) - 1, 0)]


def explain(given):
    """Return advice with its reasons, in plain words, as Markdown.

    Parameters
    ----------
    given : advice.Advice
    """
    lines = [f"**{_WORDS[given.way][0].upper()}{_WORDS[given.way][1:]}.** Learning rate about {given.rate:g}"]
    lines[0] += f"; freeze up to `{given.depth}`." if given.depth else "."
    lines += [
        f"- *Where you are:* {given.n_samples:,} training pictures, similarity {given.similarity:.2f}: "
        f"{_place(given)}. (A linear probe makes {abs(given.similarity):.0%} "
        f"{'fewer' if given.similarity >= 0 else 'more'} errors on the features of this network than on those of "
        "random weights.)",
        "- *Why:* over the measured cases, of which the nearest count most, these ways stay behind the best one, on "
        "average, by so many points: "
        + ", ".join(f"{way_name(way)} {given.regrets[way]:.1f}" for way in sorted(given.regrets, key=given.regrets.get))
        + ".",
        "- *How sure:* " + _sure(given),
        "- *Nearest measured cases:* " + "; ".join(map(_near, given.nearest)) + ".",
    ]
    if given.outside:
        lines.append(f"- **Outside of what was measured:** {given.outside}. Take this advice as a guess.")
    return "\n".join(lines)


def _place(given):
    """Say where on the chart a case is."""
    if given.quadrant:
        return f"quadrant {given.quadrant}"
    if chart_rules.quadrant(True, given.n_samples) is None:
        return "between the quadrants of small and large data"
    few = given.n_samples <= chart_rules.MOST_SMALL
    return (
        f"{'few' if few else 'many'} pictures; which side of the chart cannot be told, since among the measured cases "
        "tasks that look similar and others have much the same similarity"
    )


def _sure(given):
    """Say how sure advice is."""
    text = f"in {given.unbeaten} of the {len(given.nearest)} nearest cases no other way was clearly better."
    if given.equals:
        text += f" It is a toss-up with {', '.join(map(way_name, given.equals))}: less than a point apart."
    return text


def _near(one):
    """Return a measured case in words: the pair, its size, its similarity and the best mean."""
    best = way_name(max(one.case.means, key=one.case.means.get))
    pair = chart_views.pair_name(one.case.backbone, one.case.task)
    return f"{pair}, {one.case.n_samples:,} pictures, similarity {one.similarity:.2f} (best mean: {best})"
