"""Downloads from a server on this machine: good, broken in many ways, twice at once; archives not to be trusted."""

import errno
import gzip
import hashlib
import io
import lzma
import subprocess
import sys
import tarfile
import threading
import time
import zipfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from unittest.mock import Mock

import numpy as np
import pytest
import requests
from PIL import Image

from course_utils import ROOT, archives, downloads, transfers
from course_utils.cards import CourseError
from course_utils.downloads import Download


def picture(number):
    file = io.BytesIO()
    Image.fromarray(np.full((8, 8, 3), number, np.uint8)).save(file, "PNG")
    return file.getvalue()


MEMBERS = {f"set/{part}/{kind}/{n}.png": picture(n) for part in "ab" for kind in ("x", "y") for n in range(3)}
NOISE = np.random.default_rng(0).bytes(10_000)


def zipped(members=MEMBERS):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()


def tarred(members=MEMBERS, more=()):
    """Return the bytes of a tgz, with further members whose TarInfo is given."""
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w:gz") as archive:
        for name, content in members.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
        for entry in more:
            archive.addfile(entry)
    return file.getvalue()


class Server(ThreadingHTTPServer):
    """Serves `files` by name; `way` says how it fails, `asked` counts the requests."""

    daemon_threads = True
    way, asked = "good", 0

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server_port}"
        self.both, self.held, self.go_on = threading.Barrier(2), threading.Event(), threading.Event()
        self.files = {"set.zip": zipped(), "set.tgz": tarred()}
        threading.Thread(target=self.serve_forever, daemon=True).start()


class Handler(BaseHTTPRequestHandler):
    def log_message(self, *arguments):
        pass

    def do_GET(self):  # noqa: N802 - the name is that of http.server
        server, way = self.server, self.server.way  # a test may change the way of the next answer
        server.asked += 1
        content = server.files.get(self.path.lstrip("/"))
        if way == "together":
            server.both.wait(60)  # none is served before the other has asked, too
        if way == "404" or content is None:
            return self.send_error(404)
        if way == "corrupted":
            place = content.index(picture(1)) + 40
            content = content[:place] + bytes([content[place] ^ 0xFF]) + content[place + 1 :]
        if way == "longer":
            content += b"more"
        length = len(content)
        if way == "truncated":  # and it does not say so
            content, length = content[:-200], len(content) - 200
        self.send_response(200)
        self.send_header("Content-Length", str(length))
        self.end_headers()
        middle = len(content) // 2
        self.wfile.write(content[:middle])
        if way == "dying":
            return self.connection.close()
        if way == "silent":
            return time.sleep(3)
        if way == "waiting":
            server.held.set()
            server.go_on.wait(60)
        return self.wfile.write(content[middle:])


@pytest.fixture
def server(tmp_path, monkeypatch):
    """Return a server whose sets are the only ones, in a cache of the test's own."""
    made = Server()
    sets = []
    for name, file in (("zip", "set.zip"), ("tgz", "set.tgz"), ("unsigned", "set.zip")):
        content = made.files[file]
        sha256 = None if name == "unsigned" else hashlib.sha256(content).hexdigest()
        sets.append(Download(name, f"{made.address}/{file}", len(content), sha256, len(MEMBERS), "set"))
    monkeypatch.setattr(downloads, "DOWNLOADS", tuple(sets))
    monkeypatch.setattr(downloads, "CACHE", tmp_path)
    monkeypatch.delenv(downloads.PLACE, raising=False)
    yield made
    made.shutdown()


def left(tmp_path):
    return sorted(path.name for path in (tmp_path / "downloads").iterdir())


@pytest.mark.parametrize("name", ["zip", "tgz"])
def test_a_set_is_fetched_once(server, tmp_path, name, capsys):
    assert downloads.folder(name) is None
    place = downloads.fetch(name)
    assert {str(file.relative_to(place.parent)) for file in place.rglob("*.png")} == set(MEMBERS)
    assert (place / "a" / "x" / "2.png").read_bytes() == picture(2)
    assert "100%" in capsys.readouterr().err
    assert downloads.fetch(name) == place == downloads.folder(name) and server.asked == 1
    assert left(tmp_path) == [name]


@pytest.mark.parametrize(
    ("name", "way", "words"),
    [
        ("zip", "404", "The server answered 404 (Not Found). Try again later; or put the file into a folder"),
        ("zip", "dying", "The connection broke before the end."),
        ("zip", "silent", "The server was silent for 1 seconds."),
        ("zip", "corrupted", "Its bytes are others. Download it anew."),
        ("zip", "truncated", "it is cut short, or another"),
        ("unsigned", "longer", "it is cut short, or another"),
        ("unsigned", "corrupted", "set.zip is damaged: Bad CRC-32"),
    ],
)
def test_what_fails_is_named_and_leaves_nothing(server, tmp_path, monkeypatch, name, way, words):
    monkeypatch.setattr(transfers, "SECONDS", 1)
    server.way = way
    with pytest.raises(CourseError) as error:
        downloads.fetch(name, progress=False)
    assert words in str(error.value)
    assert left(tmp_path) == []
    server.way = "good"
    assert downloads.fetch(name, progress=False).is_dir()  # it starts anew


@pytest.mark.parametrize(
    ("error", "words"),
    [("ConnectionError", "is no connection"), ("SSLError", "is not trusted"), ("ProxyError", "The proxy")],
)
def test_why_there_is_no_connection_is_named(server, monkeypatch, error, words):
    monkeypatch.setattr(requests, "get", Mock(side_effect=getattr(requests.exceptions, error)))
    with pytest.raises(CourseError, match=words):
        downloads.fetch("zip", progress=False)


def test_a_mirror_and_a_folder(server, tmp_path, monkeypatch):
    server.files["mirror/set.zip"] = server.files["set.zip"]
    monkeypatch.setenv(downloads.PLACE, f"{server.address}/mirror/")
    assert downloads.fetch("zip", progress=False).is_dir() and server.asked == 1
    shared = tmp_path / "shared"
    shared.mkdir()
    monkeypatch.setenv(downloads.PLACE, str(shared))
    with pytest.raises(CourseError, match="Expected set.tgz in the folder that COURSE_DOWNLOADS names"):
        downloads.fetch("tgz", progress=False)
    (shared / "set.tgz").write_bytes(server.files["set.tgz"])
    assert downloads.fetch("tgz", progress=False).is_dir() and server.asked == 1
    assert (shared / "set.tgz").is_file()


def test_a_set_that_one_person_fetched_is_found_by_all(server, tmp_path, monkeypatch):
    one, other = tmp_path / "one", tmp_path / "other"
    monkeypatch.setattr(downloads, "CACHE", one)
    place = downloads.fetch("zip", progress=False)
    monkeypatch.setattr(downloads, "CACHE", other)
    assert downloads.folder("zip") is None
    for home in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(home, str(tmp_path))
    for shared in (str(one / "downloads"), "~/one/downloads"):
        monkeypatch.setenv(downloads.PLACE, shared)
        found = downloads.folder("zip")
        assert found.samefile(place) and downloads.fetch("zip", progress=False) == found and server.asked == 1
    assert not list(other.rglob("*"))
    monkeypatch.setenv(downloads.PLACE, f"{server.address}/mirror/")
    assert downloads.folder("zip") is None


def test_a_full_disk(server, tmp_path, monkeypatch):
    free = 3 * downloads.find("zip").size
    usage = downloads.shutil.disk_usage(tmp_path)
    monkeypatch.setattr(downloads.shutil, "disk_usage", lambda place: usage._replace(free=free - 1))
    with pytest.raises(CourseError, match="Expected 0 MB of free disk for zip"):
        downloads.fetch("zip", progress=False)
    assert server.asked == 0
    monkeypatch.setattr(downloads.shutil, "disk_usage", lambda place: usage._replace(free=free))

    full = Mock(side_effect=OSError(errno.ENOSPC, "No space left on device"))
    with monkeypatch.context() as patch:
        patch.setattr(zipfile.ZipFile, "extractall", full)  # between the look and the end others may fill it
        with pytest.raises(CourseError, match="Make room, or set COURSE_CACHE"):
            downloads.fetch("zip", progress=False)
    assert left(tmp_path) == []
    assert downloads.fetch("zip", progress=False).is_dir()


def test_what_is_in_the_way_is_named(server, tmp_path, monkeypatch):
    notes = tmp_path / "downloads/zip/notes"
    notes.parent.mkdir(parents=True)
    notes.touch()
    with pytest.raises(CourseError, match="Expected to put zip into .*Something else is there"):
        downloads.fetch("zip", progress=False)
    assert left(tmp_path) == ["zip"] and notes.is_file()
    server.files["set.zip"] = zipped({name.replace("set", "two"): content for name, content in MEMBERS.items()})
    with pytest.raises(CourseError, match="Expected a folder set in set.zip. It is not there"):
        downloads.fetch("unsigned", progress=False)
    monkeypatch.setattr(downloads, "CACHE", notes)
    with pytest.raises(CourseError, match="Expected a folder that can be written to .* Set COURSE_CACHE"):
        downloads.fetch("tgz", progress=False)


def kernel(tmp_path):
    code = (
        "import sys; from pathlib import Path; from course_utils import downloads; "
        "downloads.DOWNLOADS = (downloads.Download(*eval(sys.argv[1])),); downloads.CACHE = Path(sys.argv[2]); "
        "print(downloads.fetch('zip', progress=False))"
    )
    one = tuple(vars(downloads.find("zip")).values())
    command = [sys.executable, "-c", code, repr(one), str(tmp_path)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def wait_for(condition):
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_two_kernels_at_once(server, tmp_path):
    server.way = "together"
    both = [kernel(tmp_path) for _ in range(2)]
    places = {kernel.communicate(timeout=60)[0].strip() for kernel in both}
    assert [kernel.returncode for kernel in both] == [0, 0]
    assert places == {str(downloads.folder("zip"))} and left(tmp_path) == ["zip"]
    assert server.asked == 2


@pytest.mark.parametrize("here", [False, True])
def test_what_a_killed_kernel_left_is_removed(server, tmp_path, here):
    if here:
        downloads.fetch("zip", progress=False)
        (tmp_path / "downloads" / "zip").rename(tmp_path / "kept")
    server.way = "waiting"
    killed = kernel(tmp_path)
    wait_for(lambda: list(tmp_path.glob("downloads/zip-*/set.zip")))  # some of it has come
    killed.kill()
    killed.wait()
    assert len(left(tmp_path)) > 0
    if here:
        (tmp_path / "kept").rename(tmp_path / "downloads" / "zip")
    server.way = "good"
    assert downloads.fetch("zip", progress=False).is_dir() and left(tmp_path) == ["zip"]


def test_a_download_under_way_is_left_alone(server, tmp_path):
    server.way = "waiting"
    other = kernel(tmp_path)
    wait_for(lambda: server.held.is_set() and list(tmp_path.glob("downloads/zip-*/set.zip")))
    server.way = "good"
    assert downloads.fetch("tgz", progress=False).is_dir()
    assert list(tmp_path.glob("downloads/zip-*/set.zip"))
    server.go_on.set()
    assert other.communicate(timeout=60)[0].strip() == str(downloads.folder("zip"))
    assert other.returncode == 0 and left(tmp_path) == ["tgz", "zip"]


@pytest.mark.parametrize("place", ["htps://a.b/c", "http:/a.b", "http//a.b", "http:///x", "ftp://a.b", "www.a.b"])
def test_a_mistyped_address_is_not_taken_for_a_folder(server, monkeypatch, place):
    monkeypatch.setenv(downloads.PLACE, place)
    with pytest.raises(CourseError, match="an address that begins with http:// or https://. Received") as error:
        downloads.fetch("zip", progress=False)
    assert place in str(error.value) and server.asked == 0


def test_folders_are_no_addresses():
    assert not any(map(transfers.is_address, (r"C:\sets", "sets", "/data/sets", "./sets", "httpd")))
    assert transfers.is_address("HTTP://localhost:8000/sets")


@pytest.mark.filterwarnings("ignore:Python 3.14 will:DeprecationWarning")  # newer ones say so without a filter
@pytest.mark.parametrize("options", [{}, archives.FILTER])
def test_a_tar_is_unpacked_by_older_pythons_too(tmp_path, monkeypatch, options):
    monkeypatch.setattr(archives, "FILTER", options)
    (tmp_path / "file.tgz").write_bytes(tarred())
    archives.unpack(tmp_path / "file.tgz", tmp_path / "inner", len(MEMBERS))
    assert (tmp_path / "inner" / "set" / "a" / "x" / "2.png").read_bytes() == picture(2)
    (tmp_path / "bad.tgz").write_bytes(tarred(more=[link("set/link", "/etc/passwd")]))
    with pytest.raises(CourseError, match="do not trust it"):
        archives.unpack(tmp_path / "bad.tgz", tmp_path / "other", len(MEMBERS))
    assert not (tmp_path / "other").exists()


def link(name, target, kind=tarfile.SYMTYPE):
    entry = tarfile.TarInfo(name)
    entry.type, entry.linkname = kind, target
    return entry


def damaged_xz():
    content = bytearray(lzma.compress(gzip.decompress(tarred(MEMBERS | {"set/noise.bin": NOISE}))))
    middle = len(content) // 2
    content[middle : middle + 40] = bytes(40)
    return bytes(content)


def zip_with_link():
    file = io.BytesIO(zipped())
    with zipfile.ZipFile(file, "a") as archive:
        entry = zipfile.ZipInfo("set/link")
        entry.external_attr = 0o120777 << 16
        archive.writestr(entry, "/etc/passwd")
    return file.getvalue()


@pytest.mark.parametrize(
    ("ending", "content", "words"),
    [
        ("zip", zipped({"../out.png": b"x"}), "holds '../out.png'"),
        ("zip", zipped({"/out.png": b"x"}), "holds '/out.png'"),
        ("zip", zipped({"C:\\out.png": b"x"}), "do not trust it"),
        ("tgz", tarred({"set/../../out.png": b"x"}), "do not trust it"),
        ("tgz", tarred(more=[link("set/link", "/etc/passwd")]), "the link 'set/link'"),
        ("tgz", tarred(more=[link("set/link", "set/a/x/0.png", tarfile.LNKTYPE)]), "the link"),
        ("zip", zip_with_link(), "the link 'set/link'"),
        ("zip", zipped({"set/only.png": b"x"}), "Expected 12 pictures in file.zip. Found 1"),
        ("zip", zipped()[:-50], "is damaged"),
        ("tgz", tarred()[:-50], "is damaged"),
        ("zip", zipped().replace(picture(1)[30:40], b"0123456789"), "is damaged: Bad CRC-32"),
        ("zip", zipped().replace(b"\x14\0\0\0", b"\x14\0\1\0"), "cannot be: it is encrypted"),  # its flags say so
        ("zip", zipped(MEMBERS | {"set/a": b"x"}), "cannot be: "),  # a file where a folder is
        ("zip", zipped({"set/a": b"x"} | MEMBERS), "cannot be: "),  # a folder where a file is
        ("tgz", tarred({"set/a": b"x"} | MEMBERS), "cannot be: "),
        ("tgz", tarred(MEMBERS | {"set/a": b"x"}), "cannot be: "),
        ("zip", zipped(MEMBERS | {f"set/{'n' * 300}.png": b"x"}), "cannot be: "),
        ("tar.xz", damaged_xz(), "is damaged: "),
    ],
)
def test_archives_that_are_not_trusted(tmp_path, ending, content, words):
    file = tmp_path / f"file.{ending}"
    file.write_bytes(content)
    with pytest.raises(CourseError) as error:
        archives.unpack(file, tmp_path / "inner" / "folder", len(MEMBERS))
    assert words in str(error.value)
    assert [path.name for path in tmp_path.iterdir() if path.name != "inner"] == [file.name]
    assert not list(tmp_path.glob("inner/*"))  # neither half of it, nor anything else


def test_an_archive_may_grow_to_twenty_times_its_size(tmp_path):
    room = 100_000 - sum(map(len, MEMBERS.values()))
    content = tarred(MEMBERS | {"set/zeros.bin": bytes(room)})
    for size in (5000, 4999):
        (tmp_path / f"{size}.tgz").write_bytes(content.ljust(size, b"\0"))  # zeros at its end change nothing
    archives.unpack(tmp_path / "5000.tgz", tmp_path / "inner", len(MEMBERS))
    with pytest.raises(CourseError, match="would grow to 100,000 bytes: do not trust it"):
        archives.unpack(tmp_path / "4999.tgz", tmp_path / "other", len(MEMBERS))


@pytest.mark.parametrize("name", ["folder", "folder/notes"])
def test_something_else_where_a_set_should_be(tmp_path, name):
    (tmp_path / "file.zip").write_bytes(zipped())
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text("mine")
    with pytest.raises(CourseError, match="Something else is there"):
        archives.unpack(tmp_path / "file.zip", tmp_path / "folder", len(MEMBERS))
    assert (tmp_path / name).read_text() == "mine" and len(list(tmp_path.iterdir())) == 2


def test_a_set_of_another_name_is_refused():
    with pytest.raises(CourseError, match="Expected one of flower_photos, colorectal_histology, cats_and_dogs"):
        downloads.fetch("imagenet")
