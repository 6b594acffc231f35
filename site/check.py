"""Look at the built reading site in Chromium: `make site-check`, with the authors' environment, after `make site`.

Every page of `site/_build/html` is opened at the width of a screen and of a phone, from a server on this machine. Told
are: an error in the console, a request to another host, a figure that is not shown, anything wider than the page, a
link that leads nowhere, a search that does not find. Pictures of all pages are kept in `site/_build/pictures`.
"""

import os
import shutil
import sys
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urldefrag

from playwright.sync_api import sync_playwright

HTML = Path(__file__).resolve().parent / "_build" / "html"
PICTURES = HTML.with_name("pictures")
WIDTHS = (1280, 400)
SEARCHES = (  # where, what, and the page that has to be found
    ("index.html", "probe gap", "notebooks/05_quadrant_chart.html"),
    ("ko/index.html", "과적합", "ko/notebooks/00_start_here.html"),
)
SEARCHED = "() => typeof Search !== 'undefined' && Search.status && Search.status.innerText"
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]
LOOK = """() => ({
  links: [...document.querySelectorAll('a[href]')].map(a => a.href),
  ids: [...document.querySelectorAll('[id], a[name]')].map(e => e.id || e.name),
  unseen: [...document.images].filter(i => !(i.complete && i.naturalWidth)).map(i => i.src),
  silent: [...document.images].filter(i => !i.alt).map(i => i.src),
  wide: document.documentElement.scrollWidth > document.documentElement.clientWidth
    ? [`${document.documentElement.scrollWidth} pixels`] : []})"""


class Quiet(SimpleHTTPRequestHandler):
    """A server that does not print each request."""

    def log_message(self, *args):
        """Print nothing."""


def serve():
    """Start a server of the site on this machine; return it."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=HTML))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def open_page(browser, width, base, mistakes):
    """Return an empty page of the browser that reaches no other host, and adds to `mistakes` what goes wrong on it."""
    page = browser.new_page(viewport={"width": width, "height": 900})

    def guard(route):
        if route.request.url.startswith(base):
            return route.continue_()
        mistakes.append(f"{page.url}: a request to another host: {route.request.url}")
        return route.abort()

    page.route("**/*", guard)
    page.on("pageerror", lambda error: mistakes.append(f"{page.url}: {error}"))
    page.on("console", lambda m: mistakes.append(f"{page.url}: {m.text}") if m.type in ("error", "warning") else None)
    return page


def look_at_pages(page, base, width, mistakes):
    """Open every page; return what it links to and which places it has: two dicts of address to list."""
    links, places = {}, {}
    for path in sorted(HTML.rglob("*.html")):
        name = path.relative_to(HTML).as_posix()
        if "_static" in path.parts:
            continue
        page.goto(f"{base}/{name}")
        seen = page.evaluate(LOOK)
        links[f"{base}/{name}"], places[f"{base}/{name}"] = seen["links"], set(seen["ids"])
        for what in ("unseen", "silent", "wide"):
            mistakes += [f"{name}, {width} pixels: {what}: {one[-80:]}" for one in seen[what]]
        page.screenshot(path=PICTURES / f"{name.removesuffix('.html').replace('/', '-')}-{width}.png", full_page=True)
    return links, places


def follow(page, base, links, places):
    """Return a sentence for each link within the site that leads nowhere."""
    sentences, answers = [], {}
    for name, addresses in links.items():
        for address in addresses:
            target, place = urldefrag(address)
            if not target.startswith(base):
                continue
            if target not in answers:
                answers[target] = page.request.get(target).ok
            if not answers[target] or (place and target in places and place not in places[target]):
                sentences.append(f"{name}: a link that leads nowhere: {address}")
    return sentences


def search(page, base):
    """Search as a reader does; return a sentence for each search that does not find what is there."""
    sentences = []
    for start, question, wanted in SEARCHES:
        page.goto(f"{base}/{start}")
        page.keyboard.press("Control+k")
        page.keyboard.type(question)
        page.keyboard.press("Enter")
        page.wait_for_url("**/search.html?*")
        page.wait_for_function(SEARCHED)
        found = page.eval_on_selector_all("#search-results li a", "all => all.map(a => a.pathname.slice(1))")
        if wanted not in found:
            sentences.append(f"{start}: expected to find {wanted} by {question!r}, received {found}")
    return sentences


def main():
    """Look, and say what is wrong."""
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if not HTML.is_dir() or not chromium:
        sys.exit(f"Expected a site in {HTML} and Chromium. Received no {'Chromium' if HTML.is_dir() else 'site'}.")
    shutil.rmtree(PICTURES, ignore_errors=True)
    PICTURES.mkdir()
    mistakes = []
    server = serve()
    base = f"http://127.0.0.1:{server.server_port}"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        for width in WIDTHS:
            page = open_page(browser, width, base, mistakes)
            links, places = look_at_pages(page, base, width, mistakes)
        mistakes += follow(page, base, links, places) + search(page, base)
        browser.close()
    server.shutdown()
    n_links = len({address for found in links.values() for address in found})
    print(*mistakes, f"{len(links)} pages, {n_links} links, mistakes: {len(mistakes)}", sep="\n")
    return 1 if mistakes else 0


if __name__ == "__main__":
    sys.exit(main())
