"""The reading site: what its pages are made of, its Korean edition, and the links of what was built."""

import json
import re
import sys

import nbformat
import pytest
from nbformat.v4 import new_markdown_cell, new_notebook, new_output

from course_utils import ROOT

sys.path.append(str(ROOT / "site"))  # a folder of scripts; as a package it would be the `site` of Python itself

import links  # noqa: E402
import pages  # noqa: E402
import translations  # noqa: E402
import widgets  # noqa: E402
from editions import EDITIONS, ENGLISH, KOREAN  # noqa: E402

START = "notebooks/00_start_here.ipynb"
HANGUL = re.compile("[가-힣]")


@pytest.fixture
def texts(tmp_path, monkeypatch):
    monkeypatch.setattr(translations, "TEXTS", tmp_path / "ko")
    return tmp_path / "ko"


def cells(notebook, kind):
    return [cell for cell in notebook.cells if cell.cell_type == kind]


def pairs(page):
    """Return the English and the Korean text of each cell that is translated."""
    translated = translations.read(page)
    marked = [(text, translated.get(translations.mark_of(text))) for text in translations.english(page)]
    return [(text, korean) for text, korean in marked if korean]


class TestContents:
    def test_every_notebook_is_there_in_order(self):
        shown = [chapter["file"] for chapter in pages.contents(ENGLISH)["parts"][0]["chapters"]]
        assert shown == sorted(f"notebooks/{path.name}" for path in ROOT.glob("notebooks/[0-9]*.ipynb"))

    def test_every_page_is_there_once(self):
        assert all(translations.original(page).is_file() for page in pages.every_page()) and pages.kept_back() == []
        assert len(set(pages.every_page())) == len(pages.every_page())

    @pytest.mark.parametrize("edition", EDITIONS, ids=lambda edition: edition.language)
    def test_editions_have_the_same_pages(self, edition):
        files = [[chapter["file"] for chapter in part["chapters"]] for part in pages.contents(edition)["parts"]]
        assert files == [list(part) for part in pages.parts()]


class TestKorean:
    def test_no_translation_is_outdated(self):
        assert translations.check()[0] == []

    def test_notebook_00_is_translated(self):
        # Not necessarily whole: who changes the English and knows no Korean deletes the outdated cell.
        translated = translations.read(START)
        assert len(translated) > 0.75 * len(translations.english(START))
        assert all(HANGUL.search(text) for text in translated.values())

    def test_code_and_results_are_the_english_ones(self):
        english, korean = [pages.to_download(START, edition) for edition in (ENGLISH, KOREAN)]
        assert [cell.cell_type for cell in korean.cells] == [cell.cell_type for cell in english.cells]
        assert cells(korean, "code") == cells(english, "code") and korean.metadata == english.metadata

    @pytest.mark.parametrize("pattern", [r"`[^`]+`", r"(?m)^#+ (?:\d+)?", r"\]\(([^)]+)\)", r"(?m)\b\d+(?=.*\|$)"])
    def test_code_headings_links_and_numbers_in_tables_are_kept(self, pattern):
        kept = [[sorted(re.findall(pattern, text)) for text in pair] for pair in pairs(START)]
        assert any(english for english, _ in kept)
        assert [(english, korean) for english, korean in kept if korean != english] == []

    def test_terms_are_those_of_the_glossary(self):
        rows = re.findall(r"^\| ([^|]+) \| ([^|]+) \|", (ROOT / "notebooks" / "glossary.md").read_text(), re.MULTILINE)
        terms = {english: korean for english, korean in rows if HANGUL.search(korean) and english != "term"}
        met = set()
        for text, korean in pairs(START):
            words = " ".join(re.sub(r"`[^`]*`", "", text).lower().split())
            for term in (term for term in terms if re.search(rf"\b{term}s?\b", words)):
                assert terms[term] in korean, f"{term}: {terms[term]}"
                met.add(term)
        assert len(met) >= 8

    def test_a_change_in_english_is_noticed(self):
        old, new = "Six times seven:", "Six times eight:"
        translated = {translations.mark_of(old): "육 곱하기 칠:"}
        assert translations.compare([old], translated) == ([], [])
        assert translations.compare([new], translated) == ([translations.mark_of(old)], [new])
        book = translations.merge(new_notebook(cells=[new_markdown_cell(new)]), translated)
        assert book.cells[0].source == new  # nothing outdated is shown

    def test_from_a_file_to_translate_to_a_notebook_to_run(self, texts, tmp_path, monkeypatch, capsys):
        assert translations.main(["start", START]) == 0
        file = texts / "notebooks" / "00_start_here.md"
        assert pages.falls_back(START, KOREAN)  # as long as it holds the English texts
        title = translations.english(START)[0]
        file.write_text(file.read_text(encoding="utf-8").replace(title, "# 제목"), encoding="utf-8")
        assert not pages.falls_back(START, KOREAN)
        assert translations.main(["check"]) == 0
        left = len(translations.english(START)) - 1
        assert f"outdated: 0, not translated yet: {left}" in capsys.readouterr().out
        monkeypatch.setattr(translations, "original", lambda page: tmp_path / "00.ipynb")
        nbformat.write(nbformat.read(ROOT / START, as_version=4), tmp_path / "00.ipynb")
        translations.write(START)
        written = nbformat.read(tmp_path / "my_00_ko.ipynb", as_version=4)
        assert [cell.source for cell in cells(written, "markdown")][:2] == ["# 제목", translations.english(START)[1]]

    def test_check_fails_for_an_outdated_translation(self, texts, capsys):
        texts.mkdir()
        (texts / "README.md").write_text("<!-- en 00000000 -->\n# 제목\n", encoding="utf-8")
        assert translations.main(["check"]) == 1
        assert "README.md: the English of 00000000 has changed" in capsys.readouterr().out

    @pytest.mark.parametrize(
        ("arguments", "sentence"),
        [
            (["start", START], "Expected a page without translation."),
            (["start", "notebooks/77_none.ipynb"], "Expected a page of the course, such as"),
            (["start"], "Expected a page of the course, such as"),
            (["write", "README.md"], "Expected a notebook with a translation."),
        ],
    )
    def test_bad_input_gets_a_sentence(self, arguments, sentence):
        with pytest.raises(SystemExit, match=re.escape(sentence)):
            translations.main(arguments)


class TestPages:
    @pytest.mark.parametrize("edition", EDITIONS, ids=lambda edition: edition.language)
    @pytest.mark.parametrize("page", pages.notebooks(), ids=lambda page: page[10:12])
    def test_a_notebook_is_readable_without_a_kernel(self, page, edition, tmp_path):
        notebook = pages.readable(page, edition, tmp_path)
        text = json.dumps(notebook, ensure_ascii=False)
        for unwanted in (widgets.VIEW, "VBox(", "HBox(", "data:image", "Not attempted", '"widgets"'):
            assert unwanted not in text
        stored = nbformat.read(ROOT / page, as_version=4)
        before, after = [
            [output for cell in cells(book, "code") for output in cell.outputs if "data" in output]
            for book in (stored, notebook)
        ]
        controls = [one for one in before if widgets.VIEW in one.data and widgets.as_html(stored, one, "x")]
        assert text.count(edition.widget) == len(controls)
        pictures, figures = ["".join(one.data.get("text/html", "") for one in some) for some in (before, after)]
        told, kept = [set(re.findall(r'<img alt="([^"]*)"', html)) for html in (pictures, figures)]
        assert told <= kept
        place = {"en": "../figures", "ko": "../../figures"}[edition.language]
        names = re.findall(r'src="([^"]+)"', figures)
        assert names and {name.rpartition("/")[0] for name in names} == {place}
        assert {name.rpartition("/")[2] for name in names} == {path.name for path in tmp_path.iterdir()}

    def test_cells_that_set_up_are_folded_and_no_others(self, tmp_path):
        code = cells(pages.readable(START, ENGLISH, tmp_path), "code")
        folded = ["hide-input" in cell.metadata.get("tags", []) for cell in code]
        assert folded == [True, True] + [False] * (len(code) - 2)

    def test_a_page_that_is_not_translated_says_so_below_its_title(self, texts, tmp_path):
        for edition, expected in ((ENGLISH, False), (KOREAN, True)):
            pages.write_text("CHANGELOG.md", edition, tmp_path)
            title, _, second = (tmp_path / "CHANGELOG.md").read_text(encoding="utf-8").splitlines()[:3]
            assert title == "# Changes" and (KOREAN.untranslated in second) == expected
            cell = pages.readable(START, edition, tmp_path).cells[0]
            assert cell.source.startswith("# 00 · Start here") and (KOREAN.untranslated in cell.source) == expected

    def test_files_that_a_page_shows_come_with_it(self, tmp_path):
        (tmp_path / "data").mkdir()
        pages.write_text("data/README.md", ENGLISH, tmp_path)
        assert (tmp_path / "data" / "figures" / "garden.webp").is_file()

    def test_what_a_handout_has_not_is_no_page_and_no_link(self, tmp_path, monkeypatch):
        monkeypatch.setattr(pages, "kept_back", lambda: ["INSTRUCTORS.md"])
        pages.write_text("README.md", ENGLISH, tmp_path)
        text = (tmp_path / "README.md").read_text(encoding="utf-8")
        assert "INSTRUCTORS.md" in text and "INSTRUCTORS.md)" not in text and "CONTRIBUTING.md)" in text
        assert "INSTRUCTORS.md" not in pages.every_page() and "CONTRIBUTING.md" in pages.every_page()

    def test_the_title_of_the_course_is_not_there_twice(self, tmp_path):
        for edition in EDITIONS:
            pages.write_text("README.md", edition, tmp_path)
            assert (tmp_path / "README.md").read_text(encoding="utf-8").startswith(f"# {edition.install}\n\n")

    def test_a_picture_of_another_host_becomes_its_words(self, tmp_path, monkeypatch):
        monkeypatch.setattr(translations, "original", lambda page: tmp_path / "stored.md")
        (tmp_path / "stored.md").write_text("[![Open 00](https://elsewhere.example/a.svg)](https://elsewhere.example)")
        pages.write_text("README.md", ENGLISH, tmp_path)
        assert (tmp_path / "README.md").read_text() == "[Open 00](https://elsewhere.example)"

    def test_a_heading_in_a_result_is_no_section_of_the_page(self):
        output = new_output("display_data", {"text/markdown": "# A card\n\nIts text, with # in it."})
        (shown,) = pages.shown({}, output, "note")
        assert shown.data["text/markdown"] == "**A card**\n\nIts text, with # in it."

    def test_a_question_comes_before_its_controls_and_a_figure_after_them(self):
        question, figure = "<b>How many?</b>", '<img alt="A chart" src="data:image/webp;base64,AAAA">'
        for value, order in ((question, (question, "epoch", "note")), (figure, ("epoch", figure, "note"))):
            state = {
                "a": {"model_name": "VBoxModel", "state": {"children": ["IPY_MODEL_b", "IPY_MODEL_c"]}},
                "b": {"model_name": "HTMLModel", "state": {"value": value}},
                "c": {"model_name": "IntSliderModel", "state": {"description": "epoch"}},
            }
            notebook = {"metadata": {"widgets": {widgets.STATE: {"state": state}}}}
            html = widgets.as_html(notebook, {"data": {widgets.VIEW: {"model_id": "a"}}}, "note")
            places = [html.index(part) for part in order]
            assert places == sorted(places)


class TestLinks:
    def test_mistakes_and_no_others_are_named(self, tmp_path):
        leads = '<a href="b.html"><a href="b.html#here"><a href="#top"></a><p id="top"><img src="b.html">'
        wrong = '<a href="c.html"><a href="b.html#there"><a href="#bottom"><img src="c.webp">'
        fetched = '<a href="https://keras.io"><script src="https://a.b/a.js"></script><link href="//a.b/a.css">'
        (tmp_path / "a.html").write_text(f"<body>{leads}{wrong}{fetched}</body>")
        (tmp_path / "b.html").write_text('<p id="here">')
        fetch, follow = "to fetch files of the site only", "a link that leads somewhere"
        found = [(fetch, "https://a.b/a.js"), (fetch, "//a.b/a.css"), (follow, "c.html"), (follow, "b.html#there")]
        found += [(follow, "#bottom"), (follow, "c.webp")]
        assert links.mistakes(tmp_path) == [
            f"a.html: expected {wanted}, received {address}" for wanted, address in found
        ]


def test_every_page_that_a_page_names_is_on_the_site():
    every = pages.every_page()
    for page in every:
        for text in translations.english(page):
            for link in pages.LINK.findall(text):
                place = (translations.original(page).parent / link).resolve()
                if place.suffix in (".md", ".ipynb") and page != pages.FRONT:
                    assert place.relative_to(ROOT).as_posix() in every, f"{page} names {link}"
