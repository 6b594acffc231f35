"""JupyterHub on loopback, with simulated learners: they work at the same time, and none reaches another's files.

Whether files are kept apart can only be tried with accounts of the machine, which only root can make. Elsewhere those
tests fail and say so; all others run there, too, with learners who share the account that runs them.
"""

import asyncio
import contextlib
import json
import os
import pwd
import re
import socket
import time

import psutil
import pytest

from course_utils import ROOT
from course_utils.cards import CourseError
from hub import accounts, load, loopback, proxy, record, simulated, watching

ONE, TWO, IDLE = "course-test-1", "course-test-2", "course-test-3"
WHY_NOT = accounts.why_not()
STATUS = """
import os, urllib.error, urllib.request
def status(address):
    key = {"Authorization": "token " + os.environ["JUPYTERHUB_API_TOKEN"]}
    try:
        return urllib.request.urlopen(urllib.request.Request(address, headers=key)).status
    except urllib.error.HTTPError as error:
        return error.code
"""
LONGEST_IDLE = 180  # seconds: JupyterLab looks once a minute whether its time has come


@pytest.fixture
def separate():
    """Fail where learners cannot have accounts of their own: nothing would have been tried."""
    assert WHY_NOT is None, WHY_NOT


@pytest.fixture(scope="module")
def hub():
    """Run a hub for two learners, and a third, who opens a notebook and then does nothing."""
    with loopback.running([ONE, TWO, IDLE], separate=WHY_NOT is None, idle=[IDLE]) as running:
        assert printed(running, IDLE, "print(6 * 7)") == "42"
        yield running


@contextlib.asynccontextmanager
async def at_work(hub, name):
    """Give a learner who is at JupyterLab's page."""
    async with simulated.Learner(hub, name) as learner:
        await learner.arrive()
        yield learner


def printed(hub, name, code):
    """Return what code prints in a learner's kernel."""

    async def run():
        async with at_work(hub, name) as learner:
            kernel = await learner.open("00")
            error, text = await kernel.run(code)
            await kernel.close()
            assert error is None, error
            return text.strip()

    return asyncio.run(run())


def refused(hub, name, code):
    """Return the name of the error that code ends with in a learner's kernel."""
    return printed(hub, name, f"try: {code}\nexcept OSError as error: print(type(error).__name__)\nelse: print('done')")


def home_of(hub, name):
    """Return the folder in which a learner works."""
    return printed(hub, name, "import os; print(os.path.dirname(os.getcwd()))")


def test_two_learners_run_a_notebook_at_the_same_time(hub):
    """All cells run, though both train at once and share the course's files."""

    async def one(name):
        async with at_work(hub, name) as learner:
            await learner.work("00")
            return learner.waits

    async def both():
        return await asyncio.gather(one(ONE), one(TWO))

    for waits in asyncio.run(both()):
        assert len(waits.cells) == len(simulated.cells_of("00")) > 20
        assert waits.ready > 0 and waits.first > waits.cells[0]


def test_a_wrong_password_is_refused(hub):
    """So is another's, and a name that nobody has."""

    async def tries():
        async with simulated.Learner(hub, ONE) as learner:
            wrong = [await learner.sign_in(password) for password in ("wrong", hub.passwords[TWO])]
            learner.name = "nobody-here"
            return [*wrong, await learner.sign_in("wrong")]

    assert asyncio.run(tries()) == [False, False, False]


def test_the_first_page_is_notebook_00(hub):
    """Whoever signs in finds the lesson open."""

    async def page():
        async with at_work(hub, ONE) as learner, learner.browser.get(f"{learner.own}/") as answer:
            return answer.url.path

    assert asyncio.run(page()) == f"/user/{ONE}/lab/tree/notebooks/00_start_here.ipynb"


def test_a_closed_notebook_ends_its_kernel(hub):
    """As JupyterLab's settings say: else each notebook that a learner had open would keep its memory."""

    async def settings():
        async with at_work(hub, ONE) as learner:
            place = f"{learner.own}/lab/api/settings/@jupyterlab/notebook-extension:tracker"
            async with learner.browser.get(place) as answer:
                return await answer.json(content_type=None)

    assert asyncio.run(settings())["schema"]["properties"]["kernelShutdown"]["default"] is True


def test_exercises_are_kept_in_the_learners_own_folder_under_their_name(hub):
    """Also where accounts have other names than learners."""
    code = "import sys; sys.path.insert(0, '..'); from course_utils import progress; progress.note('00.1', 'correct')"
    printed(hub, ONE, code)
    (line,) = printed(hub, ONE, "print(open('../my_progress.jsonl').read())").splitlines()
    assert json.loads(line)["who"] == ONE
    assert refused(hub, TWO, "open('../my_progress.jsonl')") == "FileNotFoundError"


def test_no_learner_reads_anothers_files(hub, separate):
    """Neither what is in the folder of the course, nor that there is something in it, nor the home's other files."""
    home = home_of(hub, ONE)
    printed(hub, ONE, "open('../mine.txt', 'w').write('what one learner wrote')")
    assert refused(hub, ONE, f"open({home + '/mine.txt'!r})") == "done"
    for code in (f"open({home + '/mine.txt'!r})", f"os.listdir({home!r})", f"os.listdir({os.path.dirname(home)!r})"):
        assert refused(hub, TWO, f"import os; {code}") == "PermissionError"


def test_no_learner_listens_to_anothers_kernel(hub, separate):
    """Kernels speak through files, which are as private as others; through ports, all could listen to what they say."""
    code = "from ipykernel import get_connection_file; print(get_connection_file())"
    file = printed(hub, ONE, code)
    assert json.loads(printed(hub, ONE, f"print(open({file!r}).read())"))["transport"] == "ipc"
    assert refused(hub, TWO, f"import os; os.stat({file!r})") == "PermissionError"


def test_no_learner_opens_anothers_server(hub):
    """Neither as their browser, nor with the key that their own server has."""

    async def tries():
        async with at_work(hub, ONE), at_work(hub, TWO) as learner:
            return [(await learner.ask("contents/", owner))[0] for owner in (TWO, ONE)]

    assert asyncio.run(tries()) == [200, 403]
    addresses = [f"{hub.address}/user/{owner}/api/contents" for owner in (TWO, ONE)]
    assert printed(hub, TWO, f"{STATUS}print(*map(status, {addresses}))") == "200 403"


@pytest.mark.parametrize("name", ["data/manifest.json", "data/new.csv", "course_utils/data.py", "course_utils/new.py"])
def test_what_all_share_cannot_be_changed(hub, separate, name):
    """Learners find the course's files beside their notebooks, and may only read them."""
    assert (ROOT / name).exists() != ("new" in name)
    assert refused(hub, ONE, f"open('../{name}', 'a')") == "PermissionError"


def test_an_idle_server_is_closed_and_others_stay(hub):
    """First its kernel, then the server: so memory comes back from those who went home."""

    async def servers():
        return set(await watching.servers(hub))

    printed(hub, ONE, "1")
    until = time.monotonic() + LONGEST_IDLE
    while IDLE in asyncio.run(servers()):
        assert time.monotonic() < until, hub.log.read_text()[-2000:]
        time.sleep(2)
    assert ONE in asyncio.run(servers())


LATE = "broken off: more than 5 of 100 waited over {} seconds for {}"


@pytest.mark.parametrize(
    ("cells", "spare", "bounds", "outcome"),
    [
        (["1", "print(2)"], 0, (60, 60), record.FINISHED),
        (["1", "1 / 0"], 0, (60, 60), "cell 2 of 00 failed for learner-1: ZeroDivisionError: division by zero"),
        (["import time; time.sleep(60)"], 10**6, (60, 60), "less than 1000000 GiB of memory were left"),
        (["import time; time.sleep(60)"], 0, (60, 4), LATE.format(4, "a cell")),
        (["1"], 0, (0, 60), LATE.format(0, "their server")),
    ],
)
def test_a_try_says_how_it_ended(cells, spare, bounds, outcome, monkeypatch):
    """What is recorded of it can be read again; of what was broken off, the time until then."""
    monkeypatch.setattr(simulated, "cells_of", lambda _: cells)
    monkeypatch.setattr(watching, "SPARE", spare)
    for name, bound in zip(("READY_BOUND", "CELL_BOUND"), bounds, strict=True):
        monkeypatch.setattr(record, name, bound)
    row = load.measure(1, "00", record.AT_ONCE, 0)
    assert row["outcome"] == outcome
    if outcome in (LATE.format(4, "a cell"), LATE.format(0, "their server")):
        assert any(float(row[name] or 0) > bound for name, bound in zip(("ready_p95", "cell_p95"), bounds, strict=True))
    assert record.held({name: str(value) for name, value in row.items()}) == (outcome == record.FINISHED)


def test_nothing_is_left_when_something_fails():
    """Neither processes, nor files, nor accounts."""
    name = "course-test-4"
    with pytest.raises(ZeroDivisionError), loopback.running([name], separate=WHY_NOT is None) as hub:
        assert printed(hub, name, "print(1)") == "1"
        folder = hub.log.parent
        assert len(started_by(folder)) >= 3  # the hub, the server, the kernel
        raise ZeroDivisionError
    assert not started_by(folder) and not folder.exists()
    assert name not in {account.pw_name for account in pwd.getpwall()}


def started_by(folder):
    """Return the processes of a hub, by its folder."""
    found = []
    for one in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            found += [one] if one.environ().get(loopback.MARK, "").startswith(str(folder)) else []
    return found


def test_a_port_in_use_is_named():
    """Before anything is started."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with (
            pytest.raises(CourseError, match=f"Expected port {port} to be free. Another program listens there"),
            loopback.running([ONE], port=port),
        ):
            pass


def test_a_hub_that_does_not_start_says_why(monkeypatch, tmp_path):
    """In its last words."""
    (tmp_path / "loopback_config.py").write_text("raise RuntimeError('a broken configuration')")
    monkeypatch.setattr(loopback, "HERE", tmp_path)
    with (
        pytest.raises(CourseError, match="Its last words: RuntimeError: a broken configuration"),
        loopback.running([ONE]),
    ):
        pass


def test_a_missing_node_is_named(tmp_path):
    """And what brings it."""
    with pytest.raises(CourseError, match=r"Expected node in the hub's environment\..* run make hub-setup"):
        proxy.command(node=tmp_path / "node")


def test_a_proxy_that_cannot_be_installed_is_named(tmp_path):
    """Here the lock file does not fit."""
    (tmp_path / "package.json").write_text((proxy.HERE / "package.json").read_text())
    (tmp_path / "package-lock.json").write_text('{"lockfileVersion": 3, "packages": {}}')
    with pytest.raises(CourseError, match="Expected npm to bring configurable-http-proxy. It says: npm error"):
        proxy.command(here=tmp_path)


def test_an_account_that_is_somebodys_is_left_alone():
    """Simulated learners get new accounts only."""
    with pytest.raises(CourseError, match="There is root"), accounts.temporary(["root"]):
        pass


@pytest.mark.parametrize(
    ("account", "sentence"),
    [
        (1000, r"Expected to run as root.* run make hub-test as root\."),
        (0, r"Expected a Python and a course that every account may read\..* PYTHON=/usr/bin/python3 or another"),
    ],
)
def test_why_learners_cannot_have_accounts_is_said(account, sentence, monkeypatch):
    """In one sentence, which the tests of separation fail with."""
    monkeypatch.setattr(accounts.os, "geteuid", lambda: account)
    monkeypatch.setattr(accounts, "_others_can_run", lambda _: False)
    assert re.fullmatch(sentence + ".*", accounts.why_not())
