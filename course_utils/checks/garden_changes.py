"""What exercise 07.1 looks at: how layers change a picture of slopes, which shows every change."""

import numpy as np

from course_utils.checks.judges import short

SIDE, COPIES = 64, 256  # so many copies that some lean, and change in light, nearly as far as they may
MIDDLE = slice(SIDE // 2 - 8, SIDE // 2 + 8)  # where no corner that was filled up is seen
LEAN, LIGHT = (17, 22), (40, 54)  # degrees and grey levels, of 20 and 51: the least and the most of the farthest view


def _slopes():
    """Return a picture that grows lighter to the right in red and downwards in green, and is grey in blue."""
    across, down = np.meshgrid(np.arange(SIDE), np.arange(SIDE))
    return np.stack([90 + across, 90 + down, np.full_like(across, 128)], axis=-1).astype(np.float32)


def _seen(views):
    """Return for every view of the slopes whether it is mirrored, its lean in degrees, its steepness, and its light.

    Steepness is 1, unless a view is larger or smaller, or has another contrast.
    """
    inner = views[:, MIDDLE, MIDDLE]
    right, down = (np.diff(inner, axis=axis).mean(axis=(1, 2)) for axis in (2, 1))
    mirrored = right[:, 0] * down[:, 1] - right[:, 1] * down[:, 0] < 0
    # Green says where down is, also in a mirror.
    return (
        mirrored,
        np.degrees(np.arctan2(right[:, 1], down[:, 1])),
        np.hypot(right[:, 1], down[:, 1]),
        inner[..., 2].mean(axis=(1, 2)) - 128,
    )


def for_the_garden(answer):
    """Judge layers that mirror left and right, lean by at most 20 degrees, and change the light by at most a fifth.

    Parameters
    ----------
    answer
        What the learner gave: layers, if it is right.

    Returns
    -------
    str or None
        What is not right yet, or None.
    """
    if isinstance(answer, type) or not callable(answer) or not hasattr(answer, "variables"):
        return f"A Keras layer is wanted, such as keras.Sequential([...]) of three layers. You gave {short(answer)}."
    pictures = np.repeat(_slopes()[None], COPIES, axis=0)
    views = np.asarray(answer(pictures, training=True))
    if views.shape != pictures.shape:
        return f"The views have the shape {views.shape[1:]}, the pictures {pictures.shape[1:]}. It must stay as it is."
    if (np.asarray(answer(pictures, training=False)) != pictures).any():
        return "Your layers also change pictures with training=False, when the network answers. Take out what does."
    if np.abs(views).max() < 10:
        return f"The views are nearly black: no value is above {views.max():.3g}. For which pixels is value_range?"
    if views.max() > 256 or views.min() < -1:
        return f"Pixels from 0 to 255 are wanted. Your views hold {views.min():.0f} to {views.max():.0f}."
    mirrored, angles, steep, light = _seen(views)
    if np.abs(light).max() > LIGHT[1]:  # first: where values end at 0 or 255, no slope can be read
        return f"One view is lighter or darker by {np.abs(light).max():.0f} of 255. At most a fifth is wanted, 51."
    return _lean(mirrored, angles) or _light(light, steep)


def _lean(mirrored, angles):
    """Judge flips and turns."""
    upside_down = np.abs(angles) > 180 - LEAN[1]
    if upside_down.any() and ((np.abs(angles) < LEAN[1]) | upside_down).all():
        return "Some flowers stand on their heads. Which flips does RandomFlip make, if it is not told?"
    least, most = angles.min(), angles.max()
    farthest = np.abs(angles).max()
    if farthest > LEAN[1]:
        return (
            f"One view is turned by {farthest:.0f} degrees, at most 20 are wanted. The factor of RandomRotation is a "
            "share of a full turn: 1 is 360 degrees."
        )
    if not 0.2 < mirrored.mean() < 0.8:
        return f"{mirrored.sum()} of {COPIES} views are mirrored. About half should be: RandomFlip does that."
    if farthest < LEAN[0]:
        return f"The flowers lean by {farthest:.0f} degrees at most. Up to 20 are wanted."
    if min(-least, most) < LEAN[0]:
        return (
            f"The flowers lean by up to {most:.0f} degrees to one side, by {abs(least):.0f} to the other."
            if least < -1 and most > 1
            else "The flowers lean to one side only."
        ) + " Give RandomRotation one number: it counts to both sides."
    return None


def _light(light, steep):
    """Judge size and contrast, and whether the light changes enough, to both sides."""
    if np.abs(steep - 1).max() > 0.03:
        return (
            f"Slopes of light become {steep.min():.2f} to {steep.max():.2f} times as steep. A zoom does that, or a "
            "change of contrast, and neither is asked for here."
        )
    if np.abs(light).max() < 20:
        return "The light hardly changes. Up to a fifth lighter or darker is wanted: RandomBrightness does that."
    if np.abs(light).max() < LIGHT[0]:
        return f"Views are lighter or darker by {np.abs(light).max():.0f} of 255 at most. Up to a fifth is wanted, 51."
    if min(light.max(), -light.min()) < LIGHT[0]:
        return (
            f"Views differ from their picture by {light.min():+.0f} to {light.max():+.0f}. Lighter and darker are "
            "wanted alike: give RandomBrightness one number."
        )
    return None
