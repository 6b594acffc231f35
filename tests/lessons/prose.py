"""Sentences of the course with recorded numbers put into them, looked up in its text: both are compared in one line."""

import re

from course_utils import ROOT

NUMBERS = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]


def line(text):
    """Return a text as one line: without what begins and ends lines of comments and of strings."""
    text = re.sub(r'"\n *"', "", text).replace("\n#", " ").replace("\u2212", "-")
    return " ".join(text.split())


def shown(value):
    """Return a mean and half of its interval as the course writes them; any other value stays as it is."""
    return "{:.1f} ± {:.1f}".format(*value) if isinstance(value, tuple) else value


def less(interval):
    """Return how far the other one is ahead."""
    return -interval[0], interval[1]


def sure(interval):
    """Tell whether an interval lies wholly above 0 (1), wholly below (-1), or holds it (0)."""
    mean, half = interval
    return int(abs(mean) > half) * (1 if mean > 0 else -1)


class Text:
    """A notebook or a document, such as "05_quadrant_chart" or "README.md"."""

    def __init__(self, name):
        self._name = name if name.endswith(".md") else f"notebooks/src/{name}.py"
        self.source = (ROOT / self._name).read_text(encoding="utf-8")
        self.line = line(self.source)

    def __call__(self, sentence, *values):
        """Return True if the text says so with these values in place of {}: what follows in the test must be true."""
        wanted = line(sentence.format(*map(shown, values)) if values else sentence)
        assert wanted in self.line, f"{self._name} does not say: {wanted}"
        return True
