"""The connection of a simulated learner's browser to a kernel."""

import asyncio
import json
import uuid

import aiohttp

MESSAGES = (aiohttp.WSMsgType.TEXT, aiohttp.WSMsgType.BINARY)
BROKEN = "the connection to the kernel broke off"


class Kernel:
    """The connection of a browser to a kernel.

    It listens all the time: aiohttp answers a server's pings only meanwhile, and Jupyter closes after 90 seconds
    without an answer; a learner who reads may well take longer.
    """

    def __init__(self, socket, session, name):
        self.socket, self.session, self.name = socket, session, name
        self._heard = asyncio.Queue()  # messages; None when the connection has ended
        self._listener = asyncio.create_task(self._listen())

    async def _listen(self):
        """Keep each message for whoever awaits it."""
        try:
            while (heard := await self.socket.receive()).type in MESSAGES:
                self._heard.put_nowait(heard)
        finally:
            self._heard.put_nowait(None)

    async def close(self):
        """End the connection; the kernel lives on, as when a browser is closed."""
        self._listener.cancel()
        await asyncio.gather(self._listener, return_exceptions=True)
        await self.socket.close()

    async def run(self, code):
        """Run code; return its error, or None, and what it printed.

        The answer is complete when the kernel has replied, and is idle again.
        """
        if self._listener.done():
            return BROKEN, ""
        number = uuid.uuid4().hex
        header = {"msg_id": number, "msg_type": "execute_request", "username": "", "session": self.session}
        content = {"code": code, "silent": False, "store_history": True, "user_expressions": {}, "allow_stdin": False}
        message = {"header": {**header, "version": "5.3"}, "parent_header": {}, "metadata": {}, "content": content}
        await self.socket.send_json({**message, "channel": "shell", "buffers": []})
        error, printed, missing = None, "", {"execute_reply", "idle"}
        while missing:
            heard = await self._heard.get()
            if heard is None:
                return BROKEN, printed
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
