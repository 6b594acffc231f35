"""Pictures of a whole notebook, for looking: it is scrolled through, and each screen is kept.

One tall window would hold all of it at once, but a browser may leave parts of such a window white.
"""

import base64

SETTLE_MS = 300


def tops(length, height):
    """Return where each screen begins, the last one ending with the notebook."""
    last = max(length - height, 0)
    return [*range(0, last, height), last]


def shoot(page, folder):
    """Keep what a notebook shows as page_01.png and so on, in place of what was kept before.

    Return the names of pictures of one colour: there is nothing on them.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.png"):
        old.unlink()
    empty, view = [], page.evaluate("course.view()")
    for number, top in enumerate(tops(view["length"], view["height"]), 1):
        page.evaluate("top => course.scroll(top)", top)
        page.wait_for_timeout(SETTLE_MS)
        clip = {name: view[name] for name in ("x", "y", "width", "height")}
        picture = page.screenshot(path=folder / f"page_{number:02}.png", clip=clip)
        if page.evaluate("png => course.colours(png)", base64.b64encode(picture).decode()) == 1:
            empty.append(f"page_{number:02}.png")
    page.evaluate("course.scroll(0)")
    return empty
