"""What is odd in a folder, and what will be read from it; see `findings`."""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from course_utils import reading

_BAR = "\\|"  # a plain one in a name would end the column


@dataclass(frozen=True)
class Finding:
    """Something odd.

    Attributes
    ----------
    what : str
    files : tuple of str
        Paths, or names of classes.
    action : str
        What will be done.
    paths : tuple of Path
        Where the files lie; empty for classes.
    """

    what: str
    files: tuple[str, ...]
    action: str
    paths: tuple[Path, ...] = ()

    @classmethod
    def about(cls, what, looks, action):
        """Return a finding about some files: a list of `inspection.Look`."""
        return cls(what, tuple(map(_named, looks)), action, tuple(look.path for look in looks))


def _named(look):
    """Return the path of a file, or of a folder of which nothing is used, in the folder that was looked at."""
    above = [name for name in (look.part, look.label) if name]
    if above and reading.named(look.path.name).lower() == above[-1].lower() != look.path.parent.name.lower():
        above.pop()  # it is the folder of the class, or the part, itself
    return "/".join(look.path.parts[-len(above) - 1 :])


@dataclass(frozen=True)
class Plan:
    """What was found in a folder, and what will be read from it.

    Attributes
    ----------
    findings : list of Finding
    kept : list of inspection.Look
    groups : ndarray of shape (len(kept),), int
        The same number for pictures that look alike.
    aside : ndarray of shape (len(kept),), bool
        Which are the test pictures.
    image_size : int
        Side, in pixels, of what will be read.
    """

    findings: list
    kept: list
    groups: np.ndarray
    aside: np.ndarray
    image_size: int

    @property
    def test_files(self):
        """The names of the test pictures' files, in the order in which `read` reads them: a list of str."""
        return [look.path.name for look, test in zip(self.kept, self.aside, strict=True) if test]

    def overview(self):
        """Return what will be read, as a list in Markdown: pictures by class, their sizes, what is made of them."""
        counts = Counter(look.label for look in self.kept)
        sides = [(min(look.width, look.height), max(look.width, look.height)) for look in self.kept]
        (short, *_), (*_, long) = sorted(side for side, _ in sides), sorted(side for _, side in sides)
        classes = ", ".join(f"{name} {count:,}" for name, count in counts.items())
        return "\n".join(
            [
                f"- **{len(self.kept):,} pictures** can be used: {classes}.",
                f"- Their sides have {short:,} to {long:,} pixels. Of each the largest square in its middle is taken, "
                f"and brought to {self.image_size} x {self.image_size} pixels.",
                f"- **{self.aside.sum():,} of them are the test**; {(~self.aside).sum():,} are there to train on. All "
                f"together take {3 * self.image_size**2 * len(self.kept) / 1e6:,.0f} MB of memory.",
            ]
        )

    def table(self):
        """Return the findings as a table in Markdown."""
        if not self.findings:
            return "Nothing is odd."
        lines = ["| what | how many | for example | what will be done |", "| --- " * 4 + "|"]
        for one in self.findings:
            cells = one.what, f"{len(one.files):,}", f"`{one.files[0]}`", one.action
            lines.append(f"| {' | '.join(cell.replace('|', _BAR) for cell in cells)} |")
        return "\n".join(lines)
