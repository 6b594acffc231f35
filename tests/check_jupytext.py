"""What needs jupytext, which learners do not have: `make check` runs it in the authors' environment."""

import tempfile
import unittest
from pathlib import Path
from unittest import mock

import nbformat

from course_utils.commands import pairs

SOURCE = """\
# %% [markdown]
# # A title
#
# Words.

# %% tags=["setup"]
# %matplotlib inline
import math

# %%
print(math.tau)
"""


class SourceToNotebook(unittest.TestCase):
    """A source in a folder of its own, from which the notebook is made."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        patch = mock.patch.object(pairs, "NOTEBOOKS", Path(folder.name))
        patch.start()
        self.addCleanup(patch.stop)
        self.source = Path(folder.name) / "src/01_one.py"
        self.source.parent.mkdir()
        self.source.write_text(SOURCE)
        self.notebook = Path(folder.name) / "01_one.ipynb"
        pairs.update()

    def read(self):
        return nbformat.read(self.notebook, as_version=4)

    def test_notebook_has_the_cells_of_its_source(self):
        self.assertEqual(
            [pairs.describe(cell) for cell in self.read().cells],
            [
                ("markdown", (), "# A title\n\nWords."),
                ("code", ("setup",), "%matplotlib inline\nimport math"),
                ("code", (), "print(math.tau)"),
            ],
        )
        self.assertEqual(pairs.check(), [])

    def test_edit_is_seen_and_brought_over(self):
        notebook = self.read()
        notebook.cells[1].execution_count = 7
        nbformat.write(notebook, self.notebook)
        self.source.write_text(SOURCE.replace("tau", "pi"))
        (sentence,) = pairs.check()
        self.assertIn("01_one.ipynb: cell 3 (code, 'print(math.tau)')", sentence)
        self.assertEqual(len(pairs.update()), 1)
        self.assertEqual(self.read().cells[1].execution_count, 7)
        self.assertEqual(self.read().cells[2].source, "print(math.pi)")
        self.assertEqual(pairs.check(), [])

    def test_update_leaves_a_notebook_that_agrees_untouched(self):
        self.notebook.touch()
        before = self.notebook.stat().st_mtime_ns
        self.assertEqual(pairs.update(), [])
        self.assertEqual(self.notebook.stat().st_mtime_ns, before)


if __name__ == "__main__":
    unittest.main()
