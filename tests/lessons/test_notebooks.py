"""What nbval does not see: cells that were never run, stored errors, figures without words, cells too long."""

import json
import re

import pytest
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from course_utils import ROOT

NOTEBOOKS = sorted((ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb"))


def cells(path, kind):
    return [cell for cell in json.loads(path.read_text(encoding="utf-8"))["cells"] if cell["cell_type"] == kind]


def source(cell):
    return "".join(cell["source"])


def html_of(cell):
    return "".join("".join(output.get("data", {}).get("text/html", "")) for output in cell.get("outputs", []))


def test_what_a_learner_can_put_right_is_told_in_a_sentence(capsys):
    shell = InteractiveShell(config=Config({"HistoryManager": {"enabled": False}}))
    shell.run_cell("from course_utils import data\ndata.task('gardn')")
    told = "✗ Expected the name of a task: garden, biopsy, butterflies. Received: 'gardn'.\n"
    assert capsys.readouterr().out == told


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
class TestNotebook:
    def test_every_code_cell_was_run_and_none_failed(self, path):
        # nbval passes over a cell that has no execution count, whatever it would print.
        counts = [cell["execution_count"] for cell in cells(path, "code")]
        assert counts == list(range(1, len(counts) + 1))
        assert not [o for cell in cells(path, "code") for o in cell["outputs"] if o["output_type"] == "error"]

    def test_nbval_compares_the_outputs_of_six_cells_at_least(self, path):
        tags = [cell["metadata"].get("tags", []) for cell in cells(path, "code") if cell["outputs"]]
        assert sum("nbval-ignore-output" not in of_cell for of_cell in tags) >= 6

    def test_nothing_is_written_to_the_error_stream(self, path):
        ignored = re.compile(r"\d+epoch|epoch/s")  # the progress bar
        outputs = [output for cell in cells(path, "code") for output in cell["outputs"]]
        noise = ["".join(output["text"]) for output in outputs if output.get("name") == "stderr"]
        assert not [text for text in noise if not ignored.search(text)]

    def test_cells_are_short(self, path):
        lengths = [len([line for line in source(cell).split("\n") if line.strip()]) for cell in cells(path, "code")]
        assert max(lengths) <= 12
        assert sorted(lengths)[len(lengths) // 2] <= 6

    def test_figures_have_alternative_text_and_are_followed_by_words(self, path):
        every = json.loads(path.read_text(encoding="utf-8"))["cells"]
        for place, cell in enumerate(every):
            if "<img" in html_of(cell):
                alt = re.search(r'<img alt="([^"]*)"', html_of(cell))
                assert alt and len(alt.group(1)) > 40, source(cell)
                assert every[place + 1]["cell_type"] == "markdown", source(cell)
            assert not any("image/png" in o.get("data", {}) for o in cell.get("outputs", [])), source(cell)

    def test_template(self, path):
        text = [source(cell) for cell in cells(path, "markdown")]
        code = [source(cell) for cell in cells(path, "code")]
        assert text[0].startswith(f"# {path.name[:2]} · ")
        assert "You will learn to" in text[0] and "**Time:**" in text[0]
        assert sum("checks.check(" in cell for cell in code) >= 3
        predictions = [cell for cell in code if re.search(r"widgets\.(prediction|choice)\(", cell)]
        assert predictions and any("widgets." in cell and cell not in predictions for cell in code[2:])
