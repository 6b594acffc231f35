"""Every notebook in JupyterLab and Chromium: it is run, its controls are moved, and what a person sees is checked.

    make browser-test                           all notebooks
    make browser-test NB="05 07"                some
    make browser-test RECORD=1                  also write down how quickly the widgets answered

Pictures of the pages lie in tests/browser/screenshots afterwards, for looking.
"""

import atexit
import os
import sys
import tempfile
import unittest
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import lab
import pictures
import record
import walking

from course_utils.commands.pairs import chosen

SCREENSHOTS = Path(__file__).with_name("screenshots")
SCRIPT = Path(__file__).with_name("page.js")
RUN_MS = 900_000  # a notebook takes a minute; many on a busy machine
OPEN_MS = 180_000
PAGE = 1600  # pixels of height of the window for a picture of a page
AT_ONCE_MS = 100
WORDS = 40  # characters that say something about a figure
SAID = "{notebook} {widget}, {control}: {changed} of {moves} moves seen, median {median_ms} ms, 95 % in {p95_ms} ms"

opened = ExitStack()
served = {}


def setUpModule():
    lab.chromium()
    unittest.addModuleCleanup(opened.close)
    atexit.register(opened.close)  # after Ctrl-C unittest cleans nothing up
    home = Path(opened.enter_context(tempfile.TemporaryDirectory(prefix="browser-test-")))
    served["address"], served["token"] = opened.enter_context(lab.jupyterlab(home))
    served["browser"] = opened.enter_context(lab.browser())


def load_tests(loader, tests, pattern):
    """Make a test case of each notebook."""
    numbers = os.environ.get("NB", "").split()
    paths = chosen(lab.ROOT / "notebooks", "*.ipynb", numbers)
    if len(paths) < len(set(numbers)) or not paths:
        sys.exit(f"expected in NB numbers of notebooks, such as NB='03 05', received {' '.join(numbers)!r}: mend it.")
    cases = [type(f"Notebook_{path.stem}", (Notebook,), {"path": path, "__module__": __name__}) for path in paths]
    return unittest.TestSuite(map(loader.loadTestsFromTestCase, cases))


class Notebook(unittest.TestCase):
    """A notebook that is opened and run once, looked at, and then moved."""

    path: Path
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.number = cls.path.name[:2]
        cls.hosts = set()
        page = cls.open_page()
        page.evaluate("course.run()")
        page.wait_for_function("course.settled()", timeout=RUN_MS)
        cls.errors, cls.not_run = page.evaluate("course.errors()"), page.evaluate("course.notRun()")
        cls.images, cls.faint = page.evaluate("course.images()"), page.evaluate("course.faint()")
        cls.off_the_page = [one for one in page.evaluate("course.offThePage()") if not one["code"]]
        cls.controls = page.evaluate("course.controls()")
        cls.moved = walking.walk(page, page.screenshot())
        page.evaluate("course.closeSidebar()")
        cls.save_pages(page)
        cls.off_the_page += page.evaluate("course.offThePage()")  # long lines of code may need all the width
        page.evaluate("course.end()")
        page.close()
        cls.rows = list(record.rows(cls.number, cls.moved.values()))
        if os.environ.get("RECORD") and not cls.errors:
            record.write(cls.rows)
        for row in cls.rows:
            print(SAID.format(**row), file=sys.stderr)

    @classmethod
    def open_page(cls):
        page = served["browser"].new_page(viewport={"width": lab.WIDTH, "height": lab.HEIGHT})
        cls.addClassCleanup(page.close)
        page.set_default_timeout(OPEN_MS)
        page.add_init_script(path=SCRIPT)
        page.on("request", lambda request: cls.hosts.add(urlsplit(request.url)[:2]))
        page.on("websocket", lambda socket: cls.hosts.add(urlsplit(socket.url)[:2]))
        page.goto(f"{served['address']}/lab/tree/notebooks/{cls.path.name}?token={served['token']}&reset")
        page.wait_for_function("course.ready()")
        return page

    @classmethod
    def save_pages(cls, page):
        """Keep the notebook as pictures, page by page, its controls where they were moved to."""
        page.set_viewport_size({"width": lab.WIDTH, "height": PAGE})
        cls.empty = pictures.shoot(page, SCREENSHOTS / cls.path.stem)
        page.set_viewport_size({"width": lab.WIDTH, "height": lab.HEIGHT})

    def test_every_cell_runs_and_none_errs(self):
        self.assertEqual((self.errors, self.not_run), ([], []))

    def test_browser_asked_only_this_machine(self):
        self.assertLessEqual({urlsplit(f"//{host}").hostname for scheme, host in self.hosts if host}, {lab.HOST})
        self.assertLessEqual({scheme for scheme, host in self.hosts if not host}, {"data", "blob"})

    def test_every_picture_has_words(self):
        self.assertEqual([one for one in self.images if len(one["alt"]) <= WORDS], [])

    def test_nothing_is_off_the_page(self):
        self.assertEqual(self.off_the_page, [])

    def test_no_picture_of_a_page_is_empty(self):
        self.assertEqual(self.empty, [])

    def test_text_stands_out_from_its_background(self):
        self.assertEqual(self.faint, [])

    def test_controls_have_labels_that_fit(self):
        self.assertEqual([one for one in self.controls if not one["label"]], [])
        self.assertEqual([(one.widget, one.cut) for one in self.moved.values() if one.cut], [])

    def test_tab_reaches_every_control_and_shows_where_it_is(self):
        missed = [one["label"] for number, one in enumerate(self.controls) if number not in self.moved]
        unseen = [one.label for one in self.moved.values() if not one.focus_seen]
        self.assertEqual((missed, unseen), ([], []))

    def test_moving_a_control_changes_what_is_seen(self):
        self.assertTrue(self.moved, "expected at least one widget in a notebook, received none")
        still = [(one.widget, one.label) for one in self.moved.values() if len(one.answers) < len(one.milliseconds)]
        self.assertLessEqual(set(still), set(walking.SELDOM))
        self.assertTrue(all(one.answers for one in self.moved.values()))

    def test_widgets_answer_at_once(self):
        recorded = [row for row in self.rows if row["draws"] == "recorded" and row["moves"] > 1]  # not a file
        self.assertEqual([row for row in recorded if int(row["p95_ms"] or 0) >= AT_ONCE_MS], [])
