"""The exercises of notebook 02."""

import re
from itertools import combinations

import numpy as np

from course_utils import comparisons
from course_utils.checks.judges import Exercise, has_base, number, short

BASE, HEAD = 457_872, 1032
BLOCK5 = 9 * 96 * 128 + 9 * 128 * 128 + 2 * 2 * 128
BLOCKS_4_5 = BLOCK5 + 9 * 64 * 96 + 9 * 96 * 96 + 2 * 2 * 96
STATISTICS = 2 * 2 * 128  # running means and variances in block 5
SIZES = (160, 80, 80)


def _sets(answer):
    """Judge three sets of 320 pictures: 160, 80 and 80, balanced, and no picture in two of them."""
    if not isinstance(answer, tuple | list) or len(answer) != 3 or not all(hasattr(pile, "images") for pile in answer):
        return f"A tuple of three sets is wanted, each as data.split returns it. You gave {short(answer)}."
    piles = dict(zip(("training", "validation", "test"), answer, strict=True))
    keys = {name: {image.tobytes() for image in pile.images} for name, pile in piles.items()}
    for first, second in combinations(piles, 2):
        shared = len(keys[first] & keys[second])
        if shared == len(keys[second]):
            return f"The {first} set holds the whole {second} set. A split returns two parts: use both."
        if shared:
            return (
                f"{shared} of the pictures are both in the {first} and in the {second} set. Split what the first split "
                "has held out, not all pictures again."
            )
    sizes = tuple(len(pile) for pile in answer)
    if sizes != SIZES:
        return f"The sets hold {sizes[0]}, {sizes[1]} and {sizes[2]} pictures. Wanted, in this order: 160, 80 and 80."
    for name, pile in piles.items():
        if np.ptp(np.bincount(pile.labels, minlength=8)) > 1:
            return f"The {name} set has more of some species than of others. data.split keeps them even."
    return None


def _trained(answer):
    """Judge the number of parameters that are trained behind block 4."""
    slips = {
        BLOCK5: "Those are the parameters of block 5. The new head is trained as well.",
        BLOCK5 + STATISTICS: "Batch normalisation has two trained parameters a channel; its running mean and variance "
        "are not trained. And the new head is missing.",
        BLOCK5 + HEAD + STATISTICS: "Batch normalisation has two trained parameters a channel; its running mean and "
        "variance are not trained.",
        BASE - BLOCK5: "Those are the parameters in front of block 5. They are frozen.",
        BASE - BLOCK5 + HEAD: "So many are trained if block 5 alone is frozen.",
        BASE + HEAD: "That is everything: nothing is frozen. Check the names of the blocks.",
        HEAD: "That is the head alone, strategy 3. Block 5 is trained as well.",
        BLOCKS_4_5 + HEAD: "So many are trained if blocks 1 to 3 are frozen.",
    }
    return number(answer, BLOCK5 + HEAD, 0, slips)


def _repaired(answer):
    """Judge a CourseNet pre-trained on the guide with blocks 1 to 3 frozen, the others and a new head trained."""
    if isinstance(answer, type) or not hasattr(answer, "trainable_weights"):
        return f"A Keras model is wanted: the repaired network, with its head. You gave {short(answer)}."
    trained, frozen = (
        {match.group() for weight in weights if (match := re.search(r"block\d", weight.path))}
        for weights in (answer.trainable_weights, answer.non_trainable_weights)
    )
    if getattr(answer, "output_shape", None) != (None, 8):
        return "The garden has eight species: put a new head with eight outputs on the base."
    if trained & {"block1", "block2", "block3"}:
        return f"Still trained: {', '.join(sorted(trained))}. What does colleague.trainable = True set, and when?"
    if not trained:
        return "Now the whole base is frozen. Blocks 4 and 5 should be trained."
    if trained != {"block4", "block5"} or "block1" not in frozen:
        return f"Trained in the base: {', '.join(sorted(trained))}. It should be block4 and block5, and no other."
    of_base = [weight for weight in answer.trainable_weights if re.search(r"block\d", weight.path)]
    if len(of_base) == len(answer.trainable_weights):
        return "Blocks 4 and 5 are trained, but the head is not: it is new, so it has to learn."
    n_trained = sum(int(np.prod(weight.shape)) for weight in of_base)
    if n_trained != BLOCKS_4_5:
        return f"Only a part of blocks 4 and 5 is trained: {n_trained:,} of {BLOCKS_4_5:,} parameters."
    return (
        None
        if has_base(answer, "coursenet_guide")
        else "Blocks are right, but the base has not learned from the guide: load it."
    )


def _ahead(answer):
    """Judge by how many points strategy 2, to block 2, beats strategy 3 on biopsy with 256 pictures."""
    wanted, half = comparisons.difference("drawn", "biopsy", 256, "block2", "all")
    if isinstance(answer, tuple):
        return (
            f"One number is wanted. You gave {short(answer)}. Of what comparisons.difference returns, take the first."
        )
    on_garden, _ = comparisons.difference("drawn", "garden", 256, "block2", "all")
    with_more, _ = comparisons.difference("drawn", "biopsy", 4096, "block2", "all")
    rows = comparisons.recorded("drawn", "biopsy", 256)
    in_training = np.subtract(*(np.mean(comparisons.percent(rows[d], "train_accuracy")) for d in ("block2", "all")))
    slips = {
        wanted / 100: "That is a share. In points, of 100, it is a hundred times as much.",
        -wanted: "The sign is turned: strategy 2 minus strategy 3.",
        half: "That is half of the interval. The mean difference is asked for.",
        on_garden: "That is so on garden. Biopsy is asked for.",
        with_more: "That is so with 4,096 pictures.",
        float(in_training): "That is the difference on the training pictures. Take the column accuracy.",
    }
    return number(answer, wanted, 0.15, slips)


EXERCISES = {
    "02.1": Exercise(
        _sets,
        "Yes: 160, 80 and 80, all species alike, and no picture in two sets.",
        "First hold out half of the pictures. Then split the half that was held out.",
    ),
    "02.2": Exercise(
        _trained,
        "Yes: 259,592. Four of five blocks are frozen, and still more than half of the parameters are trained.",
        "Call build with the names of four blocks, and add up weight.value.numpy().size as in the cell above.",
    ),
    "02.3": Exercise(
        _repaired,
        "Yes. Setting trainable on a model sets it on every layer inside, so whole first, then parts.",
        "Setting trainable on a whole base reaches every layer inside. Which line should come first, or go?",
    ),
    "02.4": Exercise(
        _ahead,
        "Yes. Here the depth decides: far from the source, what is frozen late in the base is in the way.",
        "As in the cells above, with the task biopsy and the depths block2 and all. comparisons.difference returns two "
        "numbers: the mean is the first.",
    ),
}
