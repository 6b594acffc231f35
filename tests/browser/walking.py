"""Move every control of a notebook as a person without a mouse does: with Tab, arrows, space and Enter."""

from dataclasses import dataclass

MOVES = {"recorded": 20, "computed": 5, "nothing": 2}
LIMIT_MS = {"recorded": 3_000, "computed": 60_000, "nothing": 1_000}
# For each move of these a network or an SVM runs, or pictures are changed. All others draw what is recorded or at hand.
COMPUTED = ("augmented_views", "feature_maps", "margin", "where_it_looks")
WRITTEN_DOWN = ("choice", "prediction", "bring_pictures")  # nothing is drawn
# Limits that most networks keep: not every step of them changes what is seen.
SELDOM = (("networks", "a picture at most"), ("networks", "memory at most"))
TABS = 1000  # far more than any notebook has stops
CLASS_NAME = "cats"


@dataclass(frozen=True)
class Moved:
    """A control, and what came of moving it.

    Attributes
    ----------
    widget, label : str
    draws : {"recorded", "computed", "nothing"}
        What answers a move.
    milliseconds : tuple of (float or None)
        For each move, from the key to the painted answer; None where nothing a person sees changed.
    cut : tuple of str
        Words that did not fit beside or into the control.
    focus_seen : bool
    """

    widget: str
    label: str
    draws: str
    milliseconds: tuple[float | None, ...]
    cut: tuple[str, ...]
    focus_seen: bool

    @property
    def answers(self):
        """The milliseconds of the moves that changed something: a list of float, the shortest first."""
        return sorted(one for one in self.milliseconds if one is not None)


def kind(widget):
    """Return what answers a move of a widget."""
    return "computed" if widget in COMPUTED else "nothing" if widget in WRITTEN_DOWN else "recorded"


def walk(page, picture):
    """Go through a notebook that has been run with Tab and move each control; buttons get a picture, a PNG in bytes.

    Return what came of it: number of the control on the page -> `Moved`. Those that Tab did not reach are missing.
    """
    before = page.evaluate("course.controls()")
    file = {"name": "picture.png", "mimeType": "image/png", "buffer": picture}
    page.on("filechooser", lambda chooser: chooser.set_files(file))
    page.locator(".jp-Cell .jp-InputArea-prompt").first.click()
    page.keyboard.press("Escape")
    found = {}
    for _ in range(TABS):
        page.keyboard.press("Tab")
        if page.evaluate("!document.activeElement.closest('.jp-Notebook')"):
            break
        number = page.evaluate("course.focused()")
        if number >= 0 and number not in found:
            found[number] = move(page, before[number])
    return found


def move(page, unfocused):
    """Move the control that has the focus, to and fro; return what came of it."""
    control = focused = page.evaluate("course.focusedControl()")
    draws, milliseconds, forward = kind(control["widget"]), [], True
    many = MOVES[draws] if control["kind"] in ("slider", "select") else 1
    for _ in range(many):
        if control["kind"] in ("slider", "select"):
            forward = control["place"] < control["last"] and (forward or control["place"] == control["first"])
        step(page, control, forward, LIMIT_MS[draws])
        milliseconds.append(page.evaluate("course.moved()"))
        control = page.evaluate("course.focusedControl()")
    cut, seen = tuple(dict.fromkeys(focused["cut"] + control["cut"])), focused["mark"] != unfocused["mark"]
    return Moved(focused["widget"], focused["label"], draws, tuple(milliseconds), cut, seen)


def step(page, control, forward, limit):
    """Make one move, watched by the page; see `watch` in page.js."""
    if control["kind"] == "select":  # JupyterLab takes the arrows of a closed list for itself
        page.keyboard.press("Space")
        page.keyboard.press("ArrowDown" if forward else "ArrowUp")
    page.evaluate(f"course.watch({limit})")
    if control["kind"] == "slider":
        page.keyboard.press("ArrowRight" if forward else "ArrowLeft")
    elif control["kind"] == "input":
        page.keyboard.type(CLASS_NAME)
    else:
        page.keyboard.press("Enter" if control["kind"] == "select" else "Space")
