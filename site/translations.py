"""Translations, file by file: the words of a page in Korean, each cell under the mark of its English original.

    .venv/bin/python site/translations.py start notebooks/01_cnn_anatomy.ipynb   # write a file to be translated
    .venv/bin/python site/translations.py check                                  # tell what is still to be done
    .venv/bin/python site/translations.py write notebooks/00_start_here.ipynb    # write a notebook to run, in Korean

A file such as `site/ko/notebooks/00_start_here.md` holds words only. Code and results come from the English notebook,
so that nothing of them is kept twice. Above each cell stands `<!-- en 1a2b3c4d -->`, the beginning of the sha256 of the
English text: by it the cell is found again, and a change in English is noticed. A page that is no notebook is one cell.
"""

import argparse
import hashlib
import re
import sys
from pathlib import Path

import nbformat

SITE = Path(__file__).resolve().parent
ROOT = SITE.parent
TEXTS = SITE / "ko"
MARK = re.compile(r"^<!-- en ([0-9a-f]{8}) -->\n", re.MULTILINE)


def mark_of(text):
    """Return the mark of an English text: eight hexadecimal digits."""
    return hashlib.sha256(text.strip().encode()).hexdigest()[:8]


def original(page):
    """Return the path of an English page; the front page belongs to the site itself."""
    return SITE / page if page == "index.md" else ROOT / page


def file_of(page):
    """Return where the translation of a page belongs."""
    return (TEXTS / page).with_suffix(".md")


def page_of(file):
    """Return which English page a file translates, such as "notebooks/00_start_here.ipynb"."""
    place = file.relative_to(TEXTS)
    notebook = place.with_suffix(".ipynb").as_posix()
    return notebook if original(notebook).exists() else place.as_posix()


def english(page):
    """Return the English texts of a page: those of a notebook's cells with words, or the one of another page."""
    path = original(page)
    if path.suffix != ".ipynb":
        return [path.read_text(encoding="utf-8")]
    return [cell.source for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "markdown"]


def read(page):
    """Return the translations of a page: a dict of mark to text, empty if there is no file of them."""
    file = file_of(page)
    if not file.exists():
        return {}
    pieces = MARK.split(file.read_text(encoding="utf-8"))
    return {mark: text.strip() for mark, text in zip(pieces[1::2], pieces[2::2])}


def compare(texts, translated):
    """Return which translations belong to no English text (any more), and which English texts have none.

    Parameters
    ----------
    texts : list of str
        The English texts.
    translated : dict of str to str
        See `read`.

    Returns
    -------
    outdated : list of str
        Marks.
    missing : list of str
        English texts; also those that stand in the file as they are in English.
    """
    marks = {mark_of(text): text.strip() for text in texts}
    outdated = [mark for mark in translated if mark not in marks]
    return outdated, [text for mark, text in marks.items() if translated.get(mark, text) == text]


def merge(notebook, translated):
    """Put translations into a notebook, in place, and return it; a cell without one stays English."""
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = translated.get(mark_of(cell.source), cell.source)
    return notebook


def check():
    """Return the sentences about translations that are outdated, and those about texts that have none."""
    outdated, missing = [], []
    for file in sorted(TEXTS.rglob("*.md")):
        place, page = file.relative_to(TEXTS).as_posix(), page_of(file)
        gone, left = compare(english(page), read(page))
        outdated += [f"{place}: the English of {mark} has changed: translate it again, or delete it." for mark in gone]
        missing += [f"{place}: not translated yet: {mark_of(text)} {text[:60]!r}" for text in left]
    return outdated, missing


def start(page):
    """Write the file of a page that is to be translated, with its English texts; return a sentence."""
    file, texts = file_of(page), english(page)
    if file.exists():
        sys.exit(f"Expected a page without translation. Received {page}, which has {file}: go on with that.")
    file.parent.mkdir(parents=True, exist_ok=True)
    cells = [f"<!-- en {mark_of(text)} -->\n{text.strip()}\n" for text in texts]
    file.write_text("\n".join(cells), encoding="utf-8")
    return f"{file}: put Korean in the place of the English, cell by cell. Leave the lines <!-- en ... --> as they are."


def write(page):
    """Write a notebook in Korean beside the English one, under a name that git ignores; return a sentence."""
    file, path = file_of(page), original(page)
    if path.suffix != ".ipynb" or not file.exists():
        sys.exit(f"Expected a notebook with a translation. Received {page}, without {file}: use `start` first.")
    out = path.with_name(f"my_{path.stem}_ko.ipynb")
    nbformat.write(merge(nbformat.read(path, as_version=4), read(page)), out)
    return f"{out}: open it in JupyterLab."


def main(arguments=None):
    """Run from the terminal; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("start", "check", "write"))
    parser.add_argument("page", nargs="?", help="such as notebooks/01_cnn_anatomy.ipynb, README.md or index.md")
    options = parser.parse_args(arguments)
    if options.what == "check":
        outdated, missing = check()
        print(*outdated, *missing, f"outdated: {len(outdated)}, not translated yet: {len(missing)}", sep="\n")
        return 1 if outdated else 0
    if not options.page or not original(options.page).is_file():
        sys.exit(f"Expected a page of the course, such as notebooks/01_cnn_anatomy.ipynb. Received: {options.page}.")
    print({"start": start, "write": write}[options.what](Path(options.page).as_posix()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
