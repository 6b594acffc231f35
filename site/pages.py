"""The pages of the reading site: which there are, and how they are made ready for Jupyter Book."""

import base64
import hashlib
import re
import shutil

import nbformat
import translations
import widgets
from editions import ENGLISH
from translations import ROOT

FRONT, INSTALL = "index.md", "README.md"
TO_LOOK_UP = ("notebooks/glossary.md", INSTALL, "data/README.md")
FOR_THOSE_WHO_TEACH = ("INSTRUCTORS.md", "hub/README.md", "CONTRIBUTING.md", "CHANGELOG.md")
LINK = re.compile(r"\]\(([^)#:\s]+)[^)\s]*\)")  # the path in a link to a file of the course
ELSEWHERE = re.compile(r"!\[([^\]]*)\]\(https?://[^)]*\)")  # a picture of another host, such as a button
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
FIGURE = re.compile(r'src="data:image/(\w+);base64,([^"]+)"')
FIGURES = "figures"  # their folder in the built site


def notebooks():
    """Return the notebooks there are, such as "notebooks/00_start_here.ipynb": a list of str."""
    return sorted(f"notebooks/{path.name}" for path in (ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb"))


def parts():
    """Return the pages of each part of the table of contents: a tuple of sequences of str."""
    return notebooks(), TO_LOOK_UP, [page for page in FOR_THOSE_WHO_TEACH if page not in kept_back()]


def kept_back():
    """Return the pages that a handout has not, though others link to them: a list of str."""
    return [page for page in FOR_THOSE_WHO_TEACH if not (ROOT / page).exists()]


def every_page():
    """Return all pages, the front page first: a list of str."""
    return [FRONT, *(page for part in parts() for page in part)]


def contents(edition):
    """Return the table of contents as Jupyter Book reads it: a dict."""
    return {
        "format": "jb-book",
        "root": FRONT,
        "parts": [
            {"caption": caption, "chapters": [{"file": page} for page in part]}
            for caption, part in zip(edition.parts, parts())
        ],
    }


def translated(page, edition):
    """Return what an edition has of a page in its own language, as `translations.read`; nothing in English."""
    return {} if edition is ENGLISH else translations.read(page)


def falls_back(page, edition):
    """Tell whether an edition in another language shows a page in English."""
    texts = translations.english(page)
    return edition is not ENGLISH and len(translations.compare(texts, translated(page, edition))[1]) == len(set(texts))


def with_notice(text, edition):
    """Put the sentence that a page is not translated below its title."""
    title, _, rest = text.partition("\n")
    return f'{title}\n\n<p class="course-note" lang="{edition.language}">{edition.untranslated}</p>\n{rest}'


def assemble(edition, folder, figures):
    """Write what an edition is built from, each file in its usual place.

    Parameters
    ----------
    edition : editions.Edition
    folder : Path
    figures : Path
        Where figures go: the folder `FIGURES` of the built site.
    """
    for page in every_page():
        (folder / page).parent.mkdir(parents=True, exist_ok=True)
        if page.endswith(".ipynb"):
            nbformat.write(readable(page, edition, figures), folder / page)
        else:
            write_text(page, edition, folder)


def write_text(page, edition, folder):
    """Write a page of text, and bring the files that it shows or offers."""
    text = translations.original(page).read_text(encoding="utf-8")
    text = translated(page, edition).get(translations.mark_of(text), text)
    if page == INSTALL:  # its own title is that of the course, which the front page has already
        text = re.sub("^# .*", f"# {edition.install}", text)
    for gone in kept_back():
        text = re.sub(rf"\[([^]]*)\]\([./]*{re.escape(gone)}\)", r"\1", text)
    text = ELSEWHERE.sub(r"\1", text)  # no page fetches anything from another host: the words of the picture stay
    (folder / page).write_text(with_notice(text, edition) if falls_back(page, edition) else text, encoding="utf-8")
    for place in {(ROOT / page).parent.joinpath(link).resolve().relative_to(ROOT) for link in LINK.findall(text)}:
        if (ROOT / place).is_file() and place.as_posix() not in every_page():
            (folder / place).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / place, folder / place)


def to_download(page, edition):
    """Return the notebook that readers of a page download: as it is run, in the edition's language."""
    return translations.merge(nbformat.read(ROOT / page, as_version=4), translated(page, edition))


def readable(page, edition, figures):
    """Return a notebook as it is read: widgets as they stood, cells that only set up folded, figures as files."""
    notebook = to_download(page, edition)
    if falls_back(page, edition):
        notebook.cells[0].source = with_notice(notebook.cells[0].source, edition)
    fold_setup(notebook)
    up = "../" * (page.count("/") + bool(edition.place))
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = [new for output in cell.outputs for new in shown(notebook, output, edition.widget)]
            for output in cell.outputs:
                keep_figures(output, figures, up)
    notebook.metadata.pop("widgets", None)
    return notebook


def fold_setup(notebook):
    """Fold the cells before the first section: they find the course's files and load its tools."""
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.metadata.tags = [*cell.metadata.get("tags", ()), "hide-input"]
        elif re.search(r"^## ", cell.source, re.MULTILINE):
            return


def shown(notebook, output, note):
    """Yield what a reader sees of an output: a widget as HTML, nothing of an exercise that nobody tried yet."""
    data = output.get("data", {})
    if widgets.VIEW in data:
        html = widgets.as_html(notebook, output, note)
        if html:
            yield nbformat.v4.new_output("display_data", {"text/html": html})
    elif not data.get("text/plain", "").startswith("· Not attempted."):
        if "text/markdown" in data:  # a heading there is none of the page
            data["text/markdown"] = HEADING.sub(r"**\1**", data["text/markdown"])
        yield output


def keep_figures(output, folder, up):
    """Write the figures of an output as files, which both editions share, and let the output name them."""

    def keep(match):
        content = base64.b64decode(match[2])
        name = f"{hashlib.sha256(content).hexdigest()[:16]}.{match[1]}"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
        return f'src="{up}{FIGURES}/{name}"'

    if "text/html" in output.get("data", {}):
        output.data["text/html"] = FIGURE.sub(keep, output.data["text/html"])
