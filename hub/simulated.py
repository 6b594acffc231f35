"""A simulated learner: does over the network what a browser does, from the login to the last cell of a notebook."""

import asyncio
import contextlib
import random
import time
import uuid
from dataclasses import dataclass, field

import aiohttp
import nbformat
import yarl

from course_utils import ROOT
from course_utils.cards import CourseError
from hub.kernel import Kernel

PAGE = "lab/tree/notebooks/00_start_here.ipynb"
LARGEST = 2**27  # bytes of a message from a kernel; pictures are long
EVERY = 2.0  # seconds between two looks whether the page is there: a crowd that asks more often would slow the hub down


@dataclass
class Waits:
    """How long a learner waited, in seconds.

    Attributes
    ----------
    ready : float
        From pressing "Sign in" to JupyterLab's page.
    first : float
        From opening the notebook to the answer of its first cell, the start of its kernel included.
    cells : list of float
        For the answer of each cell; of one that was broken off, until then.
    pressed, asked : float or None
        While the page, or the answer of a cell, is awaited: since when, by `time.perf_counter`.
    """

    ready: float = 0.0
    first: float = 0.0
    cells: list = field(default_factory=list)
    pressed: float | None = None
    asked: float | None = None

    def for_server(self):
        """Return the wait for the server until now."""
        return self.ready if self.pressed is None else time.perf_counter() - self.pressed

    def longest(self):
        """Return the longest wait for a cell until now, the one that is running included."""
        running = [] if self.asked is None else [time.perf_counter() - self.asked]
        return max([*self.cells, *running], default=0.0)

    @contextlib.contextmanager
    def sign_in(self):
        """Note how long the page takes, also if the try is broken off."""
        self.pressed = time.perf_counter()
        try:
            yield
        finally:
            self.ready, self.pressed = self.for_server(), None

    @contextlib.contextmanager
    def cell(self):
        """Note how long a cell takes, also if the try is broken off."""
        self.asked = time.perf_counter()
        try:
            yield
        finally:
            self.cells.append(time.perf_counter() - self.asked)
            self.asked = None


def cells_of(number):
    """Return the source of each code cell of a notebook, such as "00"."""
    (path,) = ROOT.glob(f"notebooks/{number}_*.ipynb")
    return [cell.source for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]


class Learner:
    """A learner with a browser of their own.

    Parameters
    ----------
    hub : loopback.Hub
    name : str
    """

    def __init__(self, hub, name):
        self.hub, self.name = hub, name
        self.own = f"{hub.address}/user/{name}"
        self.waits = Waits()

    async def __aenter__(self):
        # The hub is at an address, not at a name: only an "unsafe" jar keeps cookies of such.
        self.browser = aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True))
        return self

    async def __aexit__(self, *_):
        await self.browser.close()

    def _xsrf(self, address):
        """Return the cookie that shows a page's form comes from the page."""
        return self.browser.cookie_jar.filter_cookies(yarl.URL(address))["_xsrf"].value

    async def sign_in(self, password=None):
        """Fill in the form of the login page; tell whether the hub lets the learner in."""
        page = f"{self.hub.address}/hub/login"
        async with self.browser.get(page):
            pass
        form = {"username": self.name, "password": password or self.hub.passwords[self.name]}
        async with self.browser.post(page, data={**form, "_xsrf": self._xsrf(page)}, allow_redirects=False) as answer:
            return answer.status == 302

    async def arrive(self):
        """Sign in, let the server start, and wait for JupyterLab's page.

        Raises
        ------
        CourseError
            If there is no such page in the end.
        """
        with self.waits.sign_in():
            if not await self.sign_in():
                raise CourseError(f"Expected the hub to let {self.name} in. It did not.")
            async with self.browser.get(f"{self.hub.address}/hub/spawn"):
                pass
            while not await self._page_is_there():
                await asyncio.sleep(EVERY)

    async def _page_is_there(self):
        """Tell whether JupyterLab's page comes; until then it is the hub's, which asks to wait."""
        async with self.browser.get(f"{self.own}/{PAGE}") as answer:
            if answer.status >= 400:
                raise CourseError(f"Expected a server for {self.name}. The hub answers {answer.status}.")
            return answer.url.path.startswith(f"/user/{self.name}/")

    async def ask(self, path, owner=None):
        """Return the status, and the JSON, of an answer of a server's API: the learner's own, or another's."""
        async with self.browser.get(f"{self.hub.address}/user/{owner or self.name}/api/{path}") as answer:
            return answer.status, await answer.json() if answer.content_type == "application/json" else None

    async def open(self, number):
        """Open a notebook: start its kernel, and return a `Kernel`, to be closed."""
        (path,) = ROOT.glob(f"notebooks/{number}_*.ipynb")
        wanted = {
            "path": f"notebooks/{path.name}",
            "name": path.name,
            "type": "notebook",
            "kernel": {"name": "python3"},
        }
        xsrf = {"X-XSRFToken": self._xsrf(f"{self.own}/")}
        async with self.browser.post(f"{self.own}/api/sessions", json=wanted, headers=xsrf) as answer:
            if answer.status != 201:
                raise CourseError(f"Expected a kernel for {self.name}. The server answers {answer.status}.")
            kernel = (await answer.json())["kernel"]["id"]
        session = uuid.uuid4().hex
        channels = f"{self.own}/api/kernels/{kernel}/channels?session_id={session}"
        return Kernel(await self.browser.ws_connect(channels, headers=xsrf, max_msg_size=LARGEST), session, kernel)

    async def work(self, number, pause=0.0, seed=0):
        """Run all cells of a notebook, in order, and note the waits.

        Parameters
        ----------
        number : str
            Such as "00".
        pause : float
            Mean seconds of reading before each cell; they are distributed exponentially.
        seed : int
            Of these pauses.

        Raises
        ------
        CourseError
            If a cell fails: which, and how.
        """
        reading = random.Random(seed)
        started = time.perf_counter()
        kernel = await self.open(number)
        opened = time.perf_counter() - started
        try:
            for position, source in enumerate(cells_of(number)):
                if pause:
                    await asyncio.sleep(reading.expovariate(1 / pause))
                with self.waits.cell():
                    error, _ = await kernel.run(source)
                if not position:
                    self.waits.first = opened + self.waits.cells[0]
                if error:
                    raise CourseError(f"cell {position + 1} of {number} failed for {self.name}: {error}")
        finally:
            await kernel.close()
