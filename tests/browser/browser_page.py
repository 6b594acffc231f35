"""What page.js says of small pages with a known fault: a look that finds nothing must be able to find something."""

import tempfile
import unittest
from pathlib import Path
from unittest import mock

import lab
import pictures
import walking

SCRIPT = Path(__file__).with_name("page.js")
PAGE = """<style>
.jp-Notebook { width: 600px; overflow: hidden }
.widget-label { width: 100px; overflow: hidden; display: block; white-space: nowrap }
</style>
<div class="jp-Notebook"><div class="jp-Cell"><div class="jp-InputArea-prompt" tabindex="0">1</div>
<div class="jp-OutputArea-output jp-RenderedHTMLCommon"><div class="jupyter-widgets widget-vbox">%s
</div></div></div></div>"""
LABELLED = '<div class="widget-inline-hbox jupyter-widgets"><label class="widget-label">%s</label>%s</div>'
SELECT = "<select onchange='%s'><option>first</option><option>second</option></select>"
ANSWER = "<div class='widget-html'><div class='widget-html-content'>before</div></div>"
ANSWERED = 'document.querySelector(".widget-html-content").innerText = "after"'
# As much of JupyterLab as the script asks for: one cell, whose source is a widget of the course.
LAB = """() => { const node = document.querySelector(".jp-Cell");
const model = {type: "code", sharedModel: {getSource: () => "widgets.%s(1)"}};
window.jupyterapp = {shell: {currentWidget: {content: {widgets: [{node, model}]}}}}; }"""


class Page(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.browser = cls.enterClassContext(lab.browser())
        cls.enterClassContext(mock.patch.dict(walking.LIMIT_MS, dict.fromkeys(walking.LIMIT_MS, 500)))

    def show(self, inside, widget="measured_chart"):
        self.page = self.browser.new_page(viewport={"width": lab.WIDTH, "height": lab.HEIGHT})
        self.addCleanup(self.page.close)
        self.page.set_content(PAGE % inside)
        self.page.add_script_tag(path=SCRIPT)
        self.page.evaluate(LAB % widget)
        return self.page

    def moved(self, inside, widget="measured_chart"):
        """Return what came of moving the only control."""
        (found,) = walking.walk(self.show(inside, widget), b"").values()
        return found

    def test_picture_without_words_is_found(self):
        page = self.show('<img src="data:,"><img src="data:," alt="A line that falls.">')
        self.assertEqual([one["alt"] for one in page.evaluate("course.images()")], ["", "A line that falls."])

    def test_what_sticks_out_is_found(self):
        wide = '<p>narrow</p><table style="width: 700px"><tr><td>wide</table>'
        found = self.show(wide).evaluate("course.offThePage()")
        self.assertIn("wide", {one["text"] for one in found})
        self.assertNotIn("narrow", {one["text"] for one in found})

    def test_long_line_of_code_is_found_as_code(self):
        line = '<div class="cm-editor"><div class="cm-scroller" style="overflow: auto; width: 90px">' + "x" * 80
        self.assertIn(True, {one["code"] for one in self.show(line).evaluate("course.offThePage()")})

    def test_pages_without_anything_on_them_are_found(self):
        words = "<p style='height: 500px; margin: 0'>words</p>"
        gap = "<div style='height: 1000px'></div>"
        frame = "<style>.jp-Notebook { height: 600px; overflow: auto; border: 3px solid } .jp-Cell { color: navy }"
        past = ".jp-Notebook::after { content: ''; display: block; height: 900px }</style>"
        for inside, empty, count in ((words + gap + words, ["page_02.png"], 4), (words, [], 1), (words * 3, [], 3)):
            with tempfile.TemporaryDirectory() as folder:
                Path(folder, "page_99.png").touch()
                self.assertEqual(pictures.shoot(self.show(frame + past + inside), Path(folder)), empty)
                self.assertEqual(len(list(Path(folder).iterdir())), count)

    def test_screens_follow_each_other_to_the_end(self):
        self.assertEqual(pictures.tops(2500, 1000), [0, 1000, 1500])
        self.assertEqual(pictures.tops(2000, 1000), [0, 1000])
        self.assertEqual(pictures.tops(300, 1000), [0])

    def test_faint_text_is_found_also_where_it_is_transparent(self):
        texts = {"#767676": "enough", "#777777": "faint", "rgba(0, 0, 0, 0.5)": "thin"}
        words = "".join(f"<p style='color: {colour}'>{text}</p>" for colour, text in texts.items())
        dark = "<div style='background: #333'><p style='color: #767676'>on dark</p></div>"
        large = "<p style='color: #8a8a8a; font-size: 24px'>large</p>"
        found = self.show(words + dark + large).evaluate("course.faint()")
        self.assertEqual([one["text"] for one in found], ["faint", "thin", "on dark"])

    def test_control_without_a_label_or_with_one_that_is_cut_is_found(self):
        self.assertEqual(self.moved(SELECT % "").label, "")
        self.assertEqual(self.moved(LABELLED % ("size", SELECT % "")).cut, ())
        long = "a label that is longer than its place"
        self.assertEqual(self.moved(LABELLED % (long, SELECT % "")).cut, (long,))
        narrow = SELECT.replace("<select", "<select style='width: 12px'")
        self.assertEqual(self.moved(LABELLED % ("size", narrow % "")).cut, ("first", "second"))

    def test_button_has_the_label_of_its_row_and_its_own(self):
        row = "<div><label class='widget-label'>look at</label><div><button>your own</button></div></div>"
        self.assertEqual(self.moved(row).label, "look at: your own")

    def test_control_that_answers_is_told_from_one_that_does_not(self):
        answering, silent = (LABELLED % ("size", SELECT % script) + ANSWER for script in (ANSWERED, ""))
        found = self.moved(answering)
        self.assertEqual((found.draws, len(found.milliseconds), len(found.answers)), ("recorded", 20, 1))
        self.assertEqual(self.moved(silent).answers, [])

    def test_prediction_answers_by_what_the_control_says(self):
        found = self.moved(LABELLED % ("size", SELECT % ""), "choice")
        self.assertEqual((found.draws, len(found.answers)), ("nothing", 2))

    def test_late_answer_takes_its_time(self):
        late = LABELLED % ("size", SELECT % f"setTimeout(() => {{ {ANSWERED} }}, 200)") + ANSWER
        (milliseconds,) = self.moved(late).answers
        self.assertGreaterEqual(milliseconds, 200)

    def test_control_that_tab_does_not_reach_is_found(self):
        page = self.show(LABELLED % ("size", SELECT.replace("<select", "<select tabindex=-1") % ""))
        self.assertEqual((len(page.evaluate("course.controls()")), walking.walk(page, b"")), (1, {}))

    def test_focus_that_cannot_be_seen_is_found(self):
        button = "<button class='jupyter-widgets' style='%s'>press</button>"
        self.assertTrue(self.moved(button % "").focus_seen)
        self.assertFalse(self.moved(button % "outline: none").focus_seen)
