"""Build the reading site from the notebooks with their outputs: `make site`, or `python site/build.py`.

Each edition is put together in `site/_build/source`, built by Jupyter Book, whose warnings are errors, and put into
`site/_build/html`: English, and in `ko/` Korean. Then every link is followed. Neither to build nor to read it needs a
network. Set SITE_REPOSITORY to the address of the course's repository on GitHub, and all pages get a link to it, and
notebooks get buttons that open them on Binder and on Colab.
"""

import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import links
import nbformat
import pages
import yaml
from editions import EDITIONS
from translations import SITE

BUILD = SITE / "_build"
HTML = BUILD / "html"
REPOSITORY = os.environ.get("SITE_REPOSITORY", "")
LAUNCH = {  # buttons that open a notebook elsewhere; both services need the address of the repository
    "binderhub_url": "https://mybinder.org",
    "colab_url": "https://colab.research.google.com",
    "notebook_interface": "jupyterlab",
}


def configuration(edition):
    """Return the configuration of an edition for Jupyter Book: a dict."""
    settings = yaml.safe_load((SITE / "_config.yml").read_text(encoding="utf-8"))
    settings["title"] = edition.title
    settings["sphinx"]["local_extensions"] = {"course_site": str(SITE)}
    show, hide = edition.fold
    settings["sphinx"]["config"] |= {
        "language": edition.language,
        "html_search_language": edition.language,
        "course_english_pages": [
            page.rpartition(".")[0] for page in pages.every_page() if pages.falls_back(page, edition)
        ],
        "nb_code_prompt_show": show,
        "nb_code_prompt_hide": hide,
    }
    settings["sphinx"]["config"]["html_theme_options"] |= {
        "toc_title": edition.contents,
        "search_bar_text": edition.search,
        "extra_footer": edition.licence,
    }
    if REPOSITORY:
        settings["repository"] = {"url": REPOSITORY, "branch": "main"}
        settings["html"]["use_repository_button"] = True
        settings["launch_buttons"] = LAUNCH
    return settings


def build(edition):
    """Build one edition."""
    source = BUILD / "source" / edition.language
    for folder in ("_static", "_templates"):
        shutil.copytree(SITE / folder, source / folder)
    pages.assemble(edition, source, HTML / pages.FIGURES)
    for name, value in {"_config.yml": configuration(edition), "_toc.yml": pages.contents(edition)}.items():
        (source / name).write_text(yaml.safe_dump(value, allow_unicode=True), encoding="utf-8")
    book = BUILD / "books" / edition.language
    strict = ["-W", "-n", "--keep-going", "-q"]
    tool = shutil.which("jupyter-book", path=Path(sys.executable).parent)
    command = [tool, "build", source, "--path-output", book, *strict]
    if subprocess.run(command, stdout=subprocess.DEVNULL, check=False).returncode:
        sys.exit("Expected Jupyter Book to build without a warning. Received those above: mend what they name.")
    shutil.copytree(book / "_build" / "html", HTML / edition.place, dirs_exist_ok=True)
    for page in pages.notebooks():  # what readers download is a notebook that runs
        nbformat.write(pages.to_download(page, edition), HTML / edition.place / "_sources" / page)


def main():
    """Build all editions, check their links, and say what there is."""
    if REPOSITORY and not re.fullmatch(r"https://github\.com/[\w.-]+/[\w.-]+", REPOSITORY):
        sys.exit(f"Expected SITE_REPOSITORY=https://github.com/OWNER/NAME. Received: {REPOSITORY}.")
    began = time.monotonic()
    shutil.rmtree(BUILD, ignore_errors=True)
    for edition in EDITIONS:
        build(edition)
    found = links.mistakes(HTML)
    if found:
        sys.exit("\n".join(found))
    size = sum(path.stat().st_size for path in HTML.rglob("*") if path.is_file()) / 1e6
    seconds = time.monotonic() - began
    print(f"{HTML}: {len(links.read(HTML))} pages, {size:.0f} MB, in {seconds:.0f} seconds. All links lead somewhere.")


if __name__ == "__main__":
    main()
