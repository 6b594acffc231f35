"""Packages that the course's own environments have, and Colab may not."""

import importlib
import re

from course_utils import ROOT
from course_utils.cards import CourseError


def package(name):
    """Import a package.

    Parameters
    ----------
    name : str
        As it is imported.

    Returns
    -------
    module

    Raises
    ------
    CourseError
        If it is not here; the sentence says how to install the version that the course uses.
    """
    try:
        return importlib.import_module(name)
    except ImportError:
        pinned = (ROOT / "requirements.txt").read_text(encoding="utf-8")
        wanted = re.search(rf"(?mi)^{name}==\S+", pinned).group()
        raise CourseError(
            f"Expected the package {name}. It is not here. Type `%pip install {wanted}` into a cell and run it, then "
            "run this cell again."
        ) from None
