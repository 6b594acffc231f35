"""Write this repository's address to where Binder and Colab need it: buttons in the README, and the notebooks.

    python -m course_utils.commands.launch                                  # the address that git knows as `origin`
    python -m course_utils.commands.launch https://github.com/OWNER/NAME

A notebook that is opened alone clones the repository; until it holds the address it asks for it.
"""

import argparse
import re
import sys

from course_utils import ROOT, clone
from course_utils.cards import CourseError

BRANCH = "main"
START, END = "<!-- launch buttons -->", "<!-- end of launch buttons -->"
BINDER, COLAB = "https://mybinder.org", "https://colab.research.google.com"
# What stands in a notebook's first cell; in the .ipynb the quotation marks are escaped.
ASKED = re.compile(r'(?<=address = )(?:input\(\\?".*?"\)|\\?"https://github\.com/.*?")')
ADDRESS = re.compile(r"(?:https://|git@)github\.com[/:]([\w.-]+/[\w.-]+?)(?:\.git)?/?")


def repository(address):
    """Return "OWNER/NAME" of a repository on GitHub.

    Raises
    ------
    CourseError
        If the address is another one.
    """
    found = ADDRESS.fullmatch(address.strip())
    if not found:
        raise CourseError(
            f"Expected the address of a repository on GitHub, https://github.com/OWNER/NAME. Received: {address!r}."
        )
    return found.group(1)


def buttons(name, notebooks):
    """Return the buttons, as Markdown: one for the course on Binder, and one row for each notebook.

    Parameters
    ----------
    name : str
        "OWNER/NAME".
    notebooks : list of str
        File names.
    """
    rows = [f"| `{one}` | {_binder(name, one)} | {_colab(name, one)} |" for one in notebooks]
    return "\n".join(["| notebook | on Binder | on Colab |", "| --- | --- | --- |", *rows])


def _binder(name, notebook):
    place = f"{BINDER}/v2/gh/{name}/{BRANCH}?urlpath=lab/tree/notebooks/{notebook}"
    return f"[![Open {notebook[:2]} on Binder]({BINDER}/badge_logo.svg)]({place})"


def _colab(name, notebook):
    place = f"{COLAB}/github/{name}/blob/{BRANCH}/notebooks/{notebook}"
    return f"[![Open {notebook[:2]} on Colab]({COLAB}/assets/colab-badge.svg)]({place})"


def put(text, name, notebooks):
    """Return a text with the buttons between its two marks.

    Raises
    ------
    CourseError
        If the marks are not there.
    """
    before, start, rest = text.partition(START)
    _, end, after = rest.partition(END)
    if not (start and end):
        raise CourseError(f"Expected the lines {START} and {END} in README.md. Put them where the buttons are to be.")
    return f"{before}{START}\n\n{buttons(name, notebooks)}\n\n{END}{after}"


def fill(text, name, quote='"'):
    """Return a notebook's text with the address in its first cell.

    Parameters
    ----------
    text : str
    name : str
        "OWNER/NAME".
    quote : str
        How a quotation mark is written there.
    """
    return ASKED.sub(lambda _: f"{quote}https://github.com/{name}{quote}", text)


def origin():
    """Return the address that git knows.

    Raises
    ------
    CourseError
        If it knows none.
    """
    try:
        return clone.git("remote", "get-url", "origin").decode()
    except CourseError as error:
        raise CourseError(
            "Expected the address of this repository. git knows none: give it, as https://github.com/OWNER/NAME."
        ) from error


def main():
    """Run from the terminal; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("address", nargs="?")
    readme, notebooks = ROOT / "README.md", sorted(ROOT.glob("notebooks/[0-9][0-9]_*.ipynb"))
    try:
        name = repository(parser.parse_args().address or origin())
        text = put(readme.read_text(encoding="utf-8"), name, [path.name for path in notebooks])
    except CourseError as error:
        print(error, file=sys.stderr)
        return 1
    readme.write_text(text, encoding="utf-8")
    for path in [*notebooks, *ROOT.glob("notebooks/src/*.py")]:
        quote = '\\"' if path.suffix == ".ipynb" else '"'
        path.write_text(fill(path.read_text(encoding="utf-8"), name, quote), encoding="utf-8")
    print(f"The README has buttons for {len(notebooks)} notebooks, and the notebooks know the address of {name}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
