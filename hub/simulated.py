"""A simulated learner: does over the network what a browser does, from the login to the last cell of a notebook."""

import asyncio
import json
import random
import time
import uuid
from dataclasses import dataclass, field

import aiohttp
import nbformat
import yarl

from course_utils import ROOT
from course_utils.cards import CourseError

PAGE = "lab/tree/notebooks/00_start_here.ipynb"
LARGEST = 2**27  # bytes of a message from a kernel; pictures are long


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
        For the answer of each cell.
    asked : float or None
        When the cell that is running was sent, by `time.perf_counter`.
    """

    ready: float = 0.0
    first: float = 0.0
    cells: list = field(default_factory=list)
    asked: float | None = None

    def longest(self):
        """Return the longest wait for a cell until now, the one that is running included."""
        running = [] if self.asked is None else [time.perf_counter() - self.asked]
        return max([*self.cells, *running], default=0.0)


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
        started = time.perf_counter()
        if not await self.sign_in():
            raise CourseError(f"Expected the hub to let {self.name} in. It did not.")
        async with self.browser.get(f"{self.hub.address}/hub/spawn"):
            pass
        while True:
            async with self.browser.get(f"{self.own}/{PAGE}") as answer:
                if answer.ok and answer.url.path.startswith(f"/user/{self.name}/"):
                    break
                if answer.status >= 400:
                    raise CourseError(f"Expected a server for {self.name}. The hub answers {answer.status}.")
            await asyncio.sleep(0.5)
        self.waits.ready = time.perf_counter() - started

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
                self.waits.asked = time.perf_counter()
                error, _ = await kernel.run(source)
                self.waits.cells.append(time.perf_counter() - self.waits.asked)
                self.waits.asked = None
                if not position:
                    self.waits.first = opened + self.waits.cells[0]
                if error:
                    raise CourseError(f"cell {position + 1} of {number} failed for {self.name}: {error}")
        finally:
            await kernel.close()


class Kernel:
    """The connection of a browser to a kernel."""

    def __init__(self, socket, session, name):
        self.socket, self.session, self.name = socket, session, name

    async def close(self):
        """End the connection; the kernel lives on, as when a browser is closed."""
        await self.socket.close()

    async def run(self, code):
        """Run code; return its error, or None, and what it printed.

        The answer is complete when the kernel has replied, and is idle again.
        """
        number = uuid.uuid4().hex
        header = {"msg_id": number, "msg_type": "execute_request", "username": "", "session": self.session}
        content = {"code": code, "silent": False, "store_history": True, "user_expressions": {}, "allow_stdin": False}
        message = {"header": {**header, "version": "5.3"}, "parent_header": {}, "metadata": {}, "content": content}
        await self.socket.send_json({**message, "channel": "shell", "buffers": []})
        error, printed, missing = None, "", {"execute_reply", "idle"}
        while missing:
            heard = await self.socket.receive()
            if heard.type not in (aiohttp.WSMsgType.TEXT, aiohttp.WSMsgType.BINARY):
                return "the connection to the kernel broke off", printed
            kind, parent, content = _read(heard)
            if kind == "status" and content["execution_state"] in ("restarting", "dead"):
                return "the kernel died", printed
            if parent != number:
                continue
            if kind == "error":
                error = f"{content['ename']}: {content['evalue']}"
            printed += content["text"] if kind == "stream" else ""
            missing.discard(content["execution_state"] if kind == "status" else kind)
        return error, printed


def _read(heard):
    """Return the kind of a message, the number of what it answers, and its content."""
    data = heard.data
    if heard.type == aiohttp.WSMsgType.BINARY:  # with widgets' buffers: how many parts, where each begins, the parts
        parts = int.from_bytes(data[:4], "big")
        begins = [int.from_bytes(data[4 * number : 4 * number + 4], "big") for number in range(1, parts + 1)]
        data = data[begins[0] : begins[1] if parts > 1 else None]
    message = json.loads(data)
    return message["header"]["msg_type"], message["parent_header"].get("msg_id"), message["content"]
