"""Hold each notebook and its source together: `python -m course_utils.commands.pairs check|update|execute [NN ...]`.

Learners open `notebooks/NN_*.ipynb`, with outputs; authors edit `notebooks/src/NN_*.py`, in jupytext's percent
format. `check` says where the two differ, `update` writes the notebook from its source, and `execute` runs
notebooks in place. Jupytext itself is not told of the pairs: a learner's saving must not touch the source.
"""

import argparse
import base64
import io
import os
import re
import sys
import tempfile
from difflib import SequenceMatcher
from itertools import zip_longest
from pathlib import Path

import nbformat
from nbformat.notebooknode import NotebookNode

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"
KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}

# A figure in the text of a notebook's file: its alternative text, and its bytes.
FIGURE = re.compile(r'(<img alt=.*? src=\\"data:image/\w+;base64,)([A-Za-z0-9+/=]+)')
SAME = 16  # of 255: pixels of a figure that is compressed anew, or drawn with other last digits, differ by less

# What a kernel needs in its environment for outputs that come out the same again.
KERNEL_ENVIRONMENT = {
    "TF_CPP_MIN_LOG_LEVEL": "2",
    "PYTEST_CURRENT_TEST": "as under nbval",  # set, it keeps ipykernel from capturing what C++ code prints
    # Two tests run side by side, each on one core; and the last digits of a result depend on the number of threads.
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
}


def chosen(folder, pattern, numbers):
    """Return the numbered files of a folder, in order; `numbers` such as `["03"]` picks some of them."""
    paths = sorted(folder.glob("[0-9][0-9]_" + pattern))
    return [path for path in paths if not numbers or path.name[:2] in numbers]


def source_of(notebook_path):
    """Return where the source of a notebook belongs."""
    return notebook_path.parent / "src" / (notebook_path.stem + ".py")


def notebook_of(source_path):
    """Return where the notebook made from a source belongs."""
    return source_path.parents[1] / (source_path.stem + ".ipynb")


def read_source(path):
    """Read a source as a notebook without outputs."""
    import jupytext  # authors only: with jupytext installed, JupyterLab would offer it to learners

    return jupytext.reads(path.read_text(encoding="utf-8"), fmt="py:percent")


def describe(cell):
    """Return what a notebook and its source must agree on: cell type, tags and text."""
    return cell.cell_type, tuple(cell.metadata.get("tags", ())), cell.source


def differences(notebook, source):
    """Return a sentence for each stretch of cells in which a notebook and its source differ.

    Examples
    --------
    >>> from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
    >>> text = new_markdown_cell("Six times seven:")
    >>> differences(new_notebook(cells=[text, new_code_cell("6 * 7")]), new_notebook(cells=[text]))
    ["cell 2 (code, '6 * 7') is only in the notebook"]
    """
    ours, theirs = [[describe(cell) for cell in book.cells] for book in (notebook, source)]
    sentences = []
    for kind, start, stop, source_start, source_stop in SequenceMatcher(None, ours, theirs, False).get_opcodes():
        if kind == "equal":
            continue
        changed = list(zip(range(start, stop), range(source_start, source_stop)))
        sentences += [f"{label(ours, i)} has {first_change(ours[i], theirs[j])} in the source" for i, j in changed]
        sentences += [f"{label(ours, i)} is only in the notebook" for i in range(start + len(changed), stop)]
        sentences += [
            f"{label(theirs, j)} is only in the source" for j in range(source_start + len(changed), source_stop)
        ]
    return sentences


def label(descriptions, index):
    """Name a cell by its place, type, tags and first line, as a person would look for it."""
    cell_type, tags, text = descriptions[index]
    first_line = text.split("\n")[0][:50]
    return f"cell {index + 1} ({', '.join([cell_type, *tags, repr(first_line)])})"


def first_change(ours, theirs):
    """Say where two cells first differ: in their type, their tags, or a line of their text."""
    lines = zip_longest(ours[2].split("\n"), theirs[2].split("\n"), fillvalue="(end of the cell)")
    pairs = [(ours[0], theirs[0]), (list(ours[1]), list(theirs[1])), *lines]
    mine, other = next(pair for pair in pairs if pair[0] != pair[1])
    return f"{mine!r} where there is {other!r}"


def merge(source, notebook):
    """Return the source as a notebook, its unchanged cells with the ids and outputs they have in `notebook`."""
    merged = nbformat.v4.new_notebook(cells=[blank(cell) for cell in source.cells])
    merged.metadata = plain_metadata(notebook.metadata)
    old, new = [[(cell.cell_type, cell.source) for cell in book.cells] for book in (notebook, merged)]
    for start, new_start, length in SequenceMatcher(None, old, new, False).get_matching_blocks():
        for kept, cell in zip(notebook.cells[start:], merged.cells[new_start : new_start + length]):
            cell.id = kept.id
            if cell.cell_type == "code":
                cell.outputs, cell.execution_count = kept.outputs, kept.execution_count
    return merged


def blank(cell):
    """Return a new cell with the type, text and tags of another, and nothing else of it."""
    new_cell = getattr(nbformat.v4, f"new_{cell.cell_type}_cell")
    return new_cell(cell.source, metadata=plain_tags(cell.metadata))


def plain_tags(metadata):
    """Return a cell's metadata with nothing but its tags: no timings, no state of the author's screen."""
    return NotebookNode({key: metadata[key] for key in ("tags",) if metadata.get(key)})


def plain_metadata(metadata):
    """Return a notebook's metadata without what changes from machine to machine; the state of widgets stays."""
    plain = NotebookNode(kernelspec=NotebookNode(KERNEL), language_info=NotebookNode(name="python"))
    if "widgets" in metadata:
        plain.widgets = metadata.widgets
    return plain


def check(numbers=()):
    """Return a sentence for each difference between the notebooks and their sources."""
    sentences = []
    notebooks, sources = chosen(NOTEBOOKS, "*.ipynb", numbers), chosen(NOTEBOOKS / "src", "*.py", numbers)
    for path in notebooks:
        if not source_of(path).exists():
            sentences.append(f"{path.name}: expected its source, src/{path.stem}.py, received none")
    for path in sources:
        if not notebook_of(path).exists():
            sentences.append(f"{path.stem}.ipynb: expected it to be made from src/{path.name}, received none")
            continue
        notebook = nbformat.read(notebook_of(path), as_version=4)
        sentences += [f"{path.stem}.ipynb: {sentence}" for sentence in differences(notebook, read_source(path))]
    return sentences


def update(numbers=()):
    """Write each notebook that differs from its source anew; return a sentence for each change."""
    sentences = []
    for path in chosen(NOTEBOOKS / "src", "*.py", numbers):
        target = notebook_of(path)
        notebook = nbformat.read(target, as_version=4) if target.exists() else nbformat.v4.new_notebook()
        source = read_source(path)
        changes = differences(notebook, source)
        if changes or not target.exists():
            nbformat.write(merge(source, notebook), target)
            sentences += [f"{target.name}: {change}" for change in changes]
    return sentences


def execute(numbers=()):
    """Run notebooks in place, each in a fresh kernel, so that their outputs are what nbval will compare with."""
    from nbclient import NotebookClient

    os.environ.update(KERNEL_ENVIRONMENT)
    own = tempfile.TemporaryDirectory()  # the author's own exercises and networks are left alone
    os.environ |= {"COURSE_LEARNER": "learner", "COURSE_PROGRESS": os.devnull, "COURSE_NETWORKS": own.name}
    for path in chosen(NOTEBOOKS, "*.ipynb", numbers):
        print(f"Running {path.name} ...", flush=True)
        notebook = nbformat.read(path, as_version=4)
        where = {"metadata": {"path": str(path.parent)}}
        options = {"timeout": 120, "kernel_name": "python3", "record_timing": False, "coalesce_streams": True}
        NotebookClient(notebook, resources=where, **options).execute()
        notebook.metadata = plain_metadata(notebook.metadata)
        for cell in notebook.cells:
            cell.metadata = plain_tags(cell.metadata)
            if cell.cell_type == "code":
                cell.outputs = [output for output in cell.outputs if not _is_bar(output)]
        path.write_text(keep_figures(nbformat.writes(notebook) + "\n", path.read_text("utf-8")), encoding="utf-8")
    own.cleanup()


def keep_figures(new, old):
    """Return the text of a notebook's file with the bytes of old figures wherever the new ones look the same.

    So the history of the repository grows by what has changed. Figures belong together by their alternative texts.

    Parameters
    ----------
    new, old : str
    """
    known = {}
    for head, figure in FIGURE.findall(old):
        known.setdefault(head, []).append(figure)

    def chosen(match):
        same = (figure for figure in known.get(match[1], ()) if figure == match[2] or _look_the_same(figure, match[2]))
        return match[1] + next(same, match[2])

    return FIGURE.sub(chosen, new)


def _look_the_same(*figures):
    """Tell whether two encoded pictures have one size, and nearly the same value at every pixel."""
    import numpy as np  # only to execute, which is done in the learners' environment
    from PIL import Image

    first, second = (
        np.asarray(Image.open(io.BytesIO(base64.b64decode(figure))).convert("RGB"), int) for figure in figures
    )
    return first.shape == second.shape and np.abs(first - second).max() < SAME


def _is_bar(output):
    """Tell whether an output is a progress bar, which is gone when its work is done and would be stored as it began."""
    return re.search(r"\?[^/]*/s\]$", "".join(output.get("data", {}).get("text/plain", ""))) is not None


def main(arguments=None):
    """Run from the terminal; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=("check", "update", "execute"))
    parser.add_argument("numbers", nargs="*", help="numbers of notebooks, such as 03; all by default")
    options = parser.parse_args(arguments)
    sentences = {"check": check, "update": update, "execute": execute}[options.what](options.numbers)
    if sentences:
        print("\n".join(sentences))
    if options.what == "check" and sentences:
        print("Run `make pairs` to write the notebooks from their sources.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
