"""Notebooks and their sources: what counts as a difference, and what an update keeps."""

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

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
    cells = [pairs.blank(cell) for cell in notebook.cells]
    return new_notebook(cells=cells)


def test_notebook_agrees_with_its_own_source(notebook):
    assert pairs.differences(notebook, without_outputs(notebook)) == []


def test_edited_text_is_named_with_its_cell(notebook):
    source = without_outputs(notebook)
    source.cells[2].source = "print(3)"
    source.cells[0].source += "\nMore"
    assert pairs.differences(notebook, source) == [
        "cell 1 (markdown, '# A title') has '(end of the cell)' where there is 'More' in the source",
        "cell 3 (code, 'print(2)') has 'print(2)' where there is 'print(3)' in the source",
    ]


def test_changed_tag_is_named_with_its_cell(notebook):
    source = without_outputs(notebook)
    source.cells[1].metadata = {}
    (sentence,) = pairs.differences(notebook, source)
    assert sentence == "cell 2 (code, setup, 'print(1)') has ['setup'] where there is [] in the source"


def test_changed_type_is_a_difference(notebook):
    source = without_outputs(notebook)
    source.cells[0] = new_code_cell("# A title")
    assert len(pairs.differences(notebook, source)) == 1


def test_missing_and_added_cells_are_named(notebook):
    source = without_outputs(notebook)
    removed = source.cells.pop(1)
    assert pairs.differences(notebook, source) == ["cell 2 (code, setup, 'print(1)') is only in the notebook"]
    source.cells[1:1] = [removed, new_markdown_cell("More")]
    assert pairs.differences(notebook, source) == ["cell 3 (markdown, 'More') is only in the source"]


def test_unchanged_cells_keep_id_outputs_and_count(notebook):
    source = without_outputs(notebook)
    source.cells.insert(1, new_markdown_cell("New words"))
    merged = pairs.merge(source, notebook)
    kept = [merged.cells[0], *merged.cells[2:]]
    assert [cell.id for cell in kept] == [cell.id for cell in notebook.cells]
    assert kept[1].outputs == notebook.cells[1].outputs and kept[1].execution_count == 1
    assert kept[2].outputs == notebook.cells[2].outputs and kept[2].execution_count == 2


def test_edited_cell_loses_its_output(notebook):
    source = without_outputs(notebook)
    source.cells[1].source = "print(10)"
    merged = pairs.merge(source, notebook)
    assert (merged.cells[1].outputs, merged.cells[1].execution_count) == ([], None)
    assert merged.cells[2].outputs == notebook.cells[2].outputs


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
    assert merged.metadata == {
        "kernelspec": pairs.KERNEL,
        "language_info": {"name": "python"},
        "widgets": {"state": {}},
    }
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


def test_execute_stores_plain_outputs_of_a_fresh_kernel(folder, monkeypatch):
    for name in pairs.KERNEL_ENVIRONMENT:
        monkeypatch.setenv(name, "")  # so that what execute sets is taken back afterwards
    first = new_code_cell(
        "import os\nprint('tests:', bool(os.environ['PYTEST_CURRENT_TEST']))", metadata={"tags": ["a"]}
    )
    second = new_code_cell("print('here', os.path.exists('03_three.ipynb'), flush=True)\nprint(6 * 7)\n6 * 7")
    second.metadata["execution"] = {"iopub.status.busy": "some time"}
    nbformat.write(new_notebook(cells=[first, second]), folder / "03_three.ipynb")
    assert pairs.main(["execute", "03"]) == 0
    stored = nbformat.read(folder / "03_three.ipynb", as_version=4)
    assert [cell.execution_count for cell in stored.cells] == [1, 2]
    assert [cell.metadata for cell in stored.cells] == [{"tags": ["a"]}, {}]
    assert stored.cells[0].outputs[0].text == "tests: True\n"
    assert stored.cells[1].outputs[0].text == "here True\n42\n"
    assert stored.metadata.language_info == {"name": "python"}


def test_notebook_with_an_error_is_left_as_it_was(folder, monkeypatch):
    for name in pairs.KERNEL_ENVIRONMENT:
        monkeypatch.setenv(name, "")
    path = folder / "04_four.ipynb"
    nbformat.write(new_notebook(cells=[new_code_cell("1 / 0")]), path)
    before = path.read_bytes()
    with pytest.raises(Exception, match="ZeroDivisionError"):
        pairs.execute()
    assert path.read_bytes() == before
