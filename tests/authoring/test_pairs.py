"""Notebooks and their sources: what counts as a difference, and what an update keeps."""

import base64
import io

import nbformat
import numpy as np
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from PIL import Image

from course_utils.commands import pairs


def executed(source, count, text, **metadata):
    output = new_output("stream", name="stdout", text=text)
    return new_code_cell(source, execution_count=count, outputs=[output], metadata=metadata)


@pytest.fixture
def notebook():
    cells = [
        new_markdown_cell("# A title"),
        executed("print(1)", 1, "1\n", tags=["setup"]),
        executed("print(2)", 2, "2\n"),
    ]
    return new_notebook(cells=cells, metadata={"widgets": {"state": {}}, "x": 1})


def without_outputs(notebook):
    """Return what reading the source of a notebook gives: other ids, no outputs."""
    return new_notebook(cells=[pairs.blank(cell) for cell in notebook.cells])


TITLE, SETUP = "cell 1 (markdown, '# A title')", "cell 2 (code, setup, 'print(1)')"


@pytest.mark.parametrize(
    ("change", "sentences"),
    [
        (lambda cells: None, []),
        (
            lambda cells: (cells[2].update(source="print(3)"), cells[0].update(source="# A title\nMore")),
            [
                f"{TITLE} has '(end of the cell)' where there is 'More' in the source",
                "cell 3 (code, 'print(2)') has 'print(2)' where there is 'print(3)' in the source",
            ],
        ),
        (lambda cells: cells[1].update(metadata={}), [f"{SETUP} has ['setup'] where there is [] in the source"]),
        (lambda cells: cells[1].update(cell_type="raw"), [f"{SETUP} has 'code' where there is 'raw' in the source"]),
        (lambda cells: cells.pop(1), [f"{SETUP} is only in the notebook"]),
        (lambda cells: cells.insert(2, new_markdown_cell("More")), ["cell 3 (markdown, 'More') is only in the source"]),
    ],
)
def test_every_difference_is_named_with_its_cell(notebook, change, sentences):
    source = without_outputs(notebook)
    change(source.cells)
    assert pairs.differences(notebook, source) == sentences


def test_unchanged_cells_keep_id_outputs_and_count_and_edited_ones_lose_them(notebook):
    source = without_outputs(notebook)
    source.cells.insert(1, new_markdown_cell("New words"))
    source.cells[3].source = "print(10)"
    title, new, kept, edited = pairs.merge(source, notebook).cells
    assert [title.id, kept.id] == [cell.id for cell in notebook.cells[:2]]
    assert kept.outputs == notebook.cells[1].outputs != [] and kept.execution_count == 1
    assert (edited.outputs, edited.execution_count, edited.source) == ([], None, "print(10)")
    assert new.source == "New words" and {new.id, edited.id}.isdisjoint(cell.id for cell in notebook.cells)


def test_of_two_equal_cells_each_keeps_its_own_output():
    twice = new_notebook(cells=[executed("n += 1; n", 1, "1\n"), executed("x", 2, ""), executed("n += 1; n", 3, "2\n")])
    source = without_outputs(twice)
    source.cells[0].source = "n = 0"
    merged = pairs.merge(source, twice)
    assert [cell.execution_count for cell in merged.cells] == [None, 2, 3]


def test_cells_keep_only_tags_and_the_notebook_its_widgets(notebook):
    notebook.cells[1].metadata["execution"] = {"iopub.status.busy": "some time"}
    source = without_outputs(notebook)
    source.cells[1].metadata["collapsed"] = True
    merged = pairs.merge(source, notebook)
    assert [cell.metadata for cell in merged.cells] == [{}, {"tags": ["setup"]}, {}]
    shared = {"kernelspec": pairs.KERNEL, "language_info": {"name": "python"}}
    assert merged.metadata == shared | {"widgets": {"state": {}}}
    nbformat.validate(merged)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(pairs, "NOTEBOOKS", tmp_path)
    (tmp_path / "src").mkdir()
    return tmp_path


def test_notebook_and_source_without_partner_are_reported(folder, notebook):
    nbformat.write(notebook, folder / "01_one.ipynb")
    (folder / "src/02_two.py").write_text("")
    assert pairs.check() == [
        "01_one.ipynb: expected its source, src/01_one.py, received none",
        "02_two.ipynb: expected it to be made from src/02_two.py, received none",
    ]
    assert pairs.main(["check"]) == 1
    assert pairs.check(["03"]) == []


def test_execute_stores_plain_outputs_and_leaves_a_notebook_with_an_error_as_it_was(folder, monkeypatch):
    for name in pairs.KERNEL_ENVIRONMENT:
        monkeypatch.setenv(name, "")  # so that what execute sets is taken back afterwards
    first = new_code_cell("import os\nprint('tests:', bool(os.environ['PYTEST_CURRENT_TEST']))")
    first.metadata.tags = ["a"]
    second = new_code_cell("print('here', os.path.exists('03_three.ipynb'), flush=True)\nprint(6 * 7)\n6 * 7")
    second.metadata["execution"] = {"iopub.status.busy": "some time"}
    bar = "display({'text/plain': '  0%|          | 0/3 [00:00<?, ?it/s]'}, raw=True)"
    good, bad = folder / "03_three.ipynb", folder / "04_four.ipynb"
    nbformat.write(new_notebook(cells=[first, second, new_code_cell(bar)]), good)
    nbformat.write(new_notebook(cells=[new_code_cell("1 / 0")]), bad)
    before = bad.read_bytes()
    with pytest.raises(Exception, match="ZeroDivisionError"):
        pairs.main(["execute", "03", "04"])
    assert bad.read_bytes() == before
    stored = nbformat.read(good, as_version=4)
    assert [cell.execution_count for cell in stored.cells] == [1, 2, 3]
    assert [cell.metadata for cell in stored.cells] == [{"tags": ["a"]}, {}, {}]
    texts = [[output.get("text") or output.data["text/plain"] for output in cell.outputs] for cell in stored.cells]
    assert texts == [["tests: True\n"], ["here True\n42\n", "42"], []]
    assert stored.metadata.language_info == {"name": "python"}


def figure(words, side, values):
    """Return how a notebook's file shows a grey picture with an alternative text."""
    file = io.BytesIO()
    Image.fromarray(np.resize(np.uint8(values), (side, side))).save(file, "png")
    return f'<img alt=\\"{words}\\" src=\\"data:image/png;base64,{base64.b64encode(file.getvalue()).decode()}\\">'


OLD, LIKE_IT = ("a", 4, [0, 100]), ("a", 4, [15, 100])


@pytest.mark.parametrize("new", [LIKE_IT, ("a", 4, [16, 100]), ("a", 5, [0, 100]), ("b", 4, [15, 100])])
def test_a_figure_that_looks_the_same_keeps_its_bytes(new):
    other, kept = figure("a", 4, [200, 0]), figure(*(OLD if new is LIKE_IT else new))
    assert pairs.keep_figures(f"start {figure(*new)}{other} end", other + figure(*OLD)) == f"start {kept}{other} end"
