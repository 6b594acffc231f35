"""What is wrong with the links of built pages: targets that are not there, and files that another host would serve."""

from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

FETCHED = {"script": "src", "img": "src", "iframe": "src", "source": "src", "link": "href"}  # at once, by the browser


class Page(HTMLParser):
    """The ids of a page, the addresses it links to and those it fetches: three lists of str."""

    def __init__(self, text):
        super().__init__()
        self.ids, self.links, self.fetched = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        """Take what a tag names or links to."""
        attributes = dict(attrs)
        self.ids += filter(None, [attributes.get("id"), attributes.get("name") if tag == "a" else None])
        if tag == "a" and attributes.get("href"):
            self.links.append(attributes["href"])
        if attributes.get(FETCHED.get(tag)):
            self.fetched.append(attributes[FETCHED[tag]])


def read(folder):
    """Return the pages in a folder: a dict of path to Page."""
    # In `_static` lie templates of the theme.
    paths = [path for path in sorted(folder.rglob("*.html")) if "_static" not in path.parts]
    return {path: Page(path.read_text(encoding="utf-8")) for path in paths}


def mistakes(folder):
    """Return a sentence for each link within a site that leads nowhere, and for each file from another host.

    Parameters
    ----------
    folder : Path
        The site.
    """
    pages, sentences = read(folder.resolve()), []
    for path, page in pages.items():
        name = path.relative_to(folder.resolve()).as_posix()
        for address in page.fetched:
            if urlsplit(address).netloc:
                sentences.append(f"{name}: expected to fetch files of the site only, received {address}")
        for address in page.links + page.fetched:
            if (
                not urlsplit(address).scheme
                and not urlsplit(address).netloc
                and not leads_somewhere(address, path, pages)
            ):
                sentences.append(f"{name}: expected a link that leads somewhere, received {address}")
    return sentences


def leads_somewhere(address, path, pages):
    """Tell whether an address on a page names a file of the site, and a place in it if it names one."""
    parts = urlsplit(address)
    target = Path(path.parent, unquote(parts.path)).resolve() if parts.path else path
    if not target.is_file():
        return False
    place = unquote(parts.fragment)
    return not place or target not in pages or place in pages[target].ids
