"""Simulated learners and those who watch them, against small servers in place of a hub."""

import asyncio
import contextlib
import json
from types import SimpleNamespace

import aiohttp
import pytest
from aiohttp import web

from hub import kernel, load, record, simulated, watching

PING = 0.2  # seconds between two pings of a server, which closes half of that after one without an answer


@contextlib.asynccontextmanager
async def serving(handler):
    """Let a handler answer on loopback; give the address."""
    app = web.Application()
    app.router.add_route("*", "/{rest:.*}", handler)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


async def kernel_server(request):
    """Answer each request as a kernel does that prints its code, and look often whether the other side is there.

    At the code "bye" it ends the connection.
    """
    socket = web.WebSocketResponse(heartbeat=PING)
    await socket.prepare(request)
    async for message in socket:
        asked = json.loads(message.data)
        if asked["content"]["code"] == "bye":
            await socket.close()
            break
        answers = [
            ("stream", {"text": asked["content"]["code"]}),
            ("execute_reply", {}),
            ("status", {"execution_state": "idle"}),
        ]
        for kind, content in answers:
            header = {"msg_type": kind, "msg_id": "1"}
            await socket.send_json({"header": header, "parent_header": asked["header"], "content": content})
    return socket


def with_kernel(use):
    """Return what a coroutine function makes of the connection to a kernel."""

    async def run():
        async with serving(kernel_server) as address, aiohttp.ClientSession() as browser:
            connection = kernel.Kernel(await browser.ws_connect(address), "session", "name")
            try:
                return await asyncio.wait_for(use(connection), 20)
            finally:
                await connection.close()

    return asyncio.run(run())


def test_a_learner_who_reads_stays_connected():
    """Jupyter looks every 30 seconds whether the browser is there, and waits 90 for an answer; here all is quicker."""

    async def use(connection):
        before = await connection.run("one")
        await asyncio.sleep(5 * PING)
        return before, await connection.run("two")

    assert with_kernel(use) == ((None, "one"), (None, "two"))


def test_a_connection_that_broke_off_is_named_each_time():
    async def use(connection):
        return [(await connection.run(code))[0] for code in ("one", "bye", "two")]

    assert with_kernel(use) == [None, kernel.BROKEN, kernel.BROKEN]


@pytest.mark.parametrize(
    ("bounds", "late", "said"),
    [
        ((0, 60), {"sign_in": 2}, "0 seconds for their server"),
        ((60, 0), {"cell": 2}, "0 seconds for a cell"),
        ((60, 60), {"sign_in": 20, "cell": 20}, None),
        ((0, 0), {"sign_in": 1, "cell": 1}, None),
    ],
)
def test_a_try_is_broken_off_when_more_than_five_of_a_hundred_wait(bounds, late, said, monkeypatch):
    """Of twenty learners, one may be late."""
    monkeypatch.setattr(record, "READY_BOUND", bounds[0])
    monkeypatch.setattr(record, "CELL_BOUND", bounds[1])
    waits = [simulated.Waits() for _ in range(20)]

    async def wait():
        with contextlib.ExitStack() as stack:
            for name, count in late.items():
                for one in waits[:count]:
                    stack.enter_context(getattr(one, name)())
            return await asyncio.wait_for(load.too_many_wait(waits, 20), 0.5)

    if said:
        assert asyncio.run(wait()) == said
    else:
        with pytest.raises(TimeoutError):
            asyncio.run(wait())


@pytest.mark.parametrize(("name", "found"), [("sign_in", "for_server"), ("cell", "longest")])
def test_what_is_broken_off_has_taken_the_time_until_then(name, found):
    """Else a table would say "no" beside short waits."""
    waits = simulated.Waits()

    async def work():
        with getattr(waits, name)():
            await asyncio.sleep(60)

    async def broken_off():
        await asyncio.wait([asyncio.create_task(work())], timeout=0.2)
        assert getattr(waits, found)() >= 0.2
        # asyncio.run cancels the task

    asyncio.run(broken_off())
    assert 0.2 <= getattr(waits, found)() < 10
    assert waits.ready or len(waits.cells) == 1


def test_memory_is_looked_at_while_the_hub_is_silent(monkeypatch):
    """A hub with much to do may take long to say what its servers are."""
    monkeypatch.setattr(watching, "SPARE", 10**6)
    monkeypatch.setattr(watching, "ANSWER", 0.2)

    async def silent(_):
        await asyncio.sleep(60)

    async def watch():
        async with serving(silent) as address:
            hub = SimpleNamespace(address=address, token="", passwords={"anna": ""})
            await asyncio.wait_for(watching.watch(hub, watching.Watch()), 20)

    asyncio.run(watch())
