"""A folder of pictures as people have them: what is odd is found and named, none of it is fatal, nothing is changed."""

import io
import struct
import time
import zlib

import numpy as np
import pytest
from PIL import Image, ImageEnhance

from course_utils import findings, inspection, lookalikes
from course_utils.cards import CourseError

RNG = np.random.default_rng(0)


def photo(seed, side=96):
    """Return a cloudy picture, another for each seed."""
    small = np.random.default_rng(seed).integers(0, 256, (24, 24, 3), np.uint8)
    return Image.fromarray(small).resize((side, side), Image.Resampling.BICUBIC)


def save(folder, name, image=None, **options):
    """Save a picture, or bytes, at a path; return the path."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(image, bytes):
        path.write_bytes(image)
    else:
        (image or photo(len(list(folder.rglob("*"))))).save(path, **options)
    return path


@pytest.fixture
def folder(tmp_path):
    """Return a good folder: two classes of twelve pictures."""
    for kind, first in (("cat", 1000), ("dog", 2000)):
        for number in range(12):
            save(tmp_path / "mine", f"{kind}/{number:02}.jpg", photo(first + number))
    return tmp_path / "mine"


def plan(folder, image_size=64):
    return findings.judge(inspection.look_at(folder, progress=False), image_size)


def found(folder):
    """Return what was found: a dict of what to files and action."""
    return {one.what: (one.files, one.action) for one in plan(folder).findings}


def content(image, form, **options):
    file = io.BytesIO()
    image.save(file, form, **options)
    return file.getvalue()


def bomb():
    """Return a PNG that says it has 30,000 x 30,000 pixels, and is small itself."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 30000, 30000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    )


def test_a_good_folder_is_good(folder):
    made = plan(folder)
    assert made.findings == [] and len(made.kept) == 24 and len(set(made.groups)) == 24
    task = findings.read(made, 32, "mine")
    assert task.class_names == ("cat", "dog") and task.train.images.shape == (18, 32, 32, 3)
    assert np.bincount(task.train.labels).tolist() == [9, 9] and np.bincount(task.test.labels).tolist() == [3, 3]


UNUSABLE = {
    "truncated.jpg": (content(photo(1, 200), "JPEG")[:900], "damaged: "),
    "empty.jpg": (b"", "the file is empty"),
    "text.jpg": ("고양이".encode(), "no picture, whatever its name says"),
    "phone.HEIC": (b"\0\0\0\x18ftypheic", "HEIC cannot be read here: save it as JPEG or PNG"),
    "dot.png": (content(photo(1, 1), "PNG"), "1 x 1 pixels show nothing"),
    "bomb.png": (bomb(), "more than 80 million pixels: save it smaller"),
}


@pytest.mark.parametrize("name", UNUSABLE)
def test_what_cannot_be_used_is_named_and_left_out(folder, name):
    data, words = UNUSABLE[name]
    save(folder, f"cat/{name}", data)
    ((what, (files, action)),) = found(folder).items()
    assert what.startswith(words) and files == (f"cat/{name}",) and action == "left out"
    assert len(findings.read(plan(folder), 32, "mine").train) == 18


SIXTEEN = np.asarray(photo(1).convert("L")).astype(np.uint16) * 257
ODD = {
    "cmyk.jpg": (content(photo(1).convert("CMYK"), "JPEG"), "are not plain RGB"),
    "palette.png": (content(photo(1).convert("P"), "PNG"), "are not plain RGB"),
    "sixteen.png": (
        content(Image.fromarray(SIXTEEN), "PNG"),
        "are not",
    ),
    "alpha.png": (content(photo(1).convert("RGBA"), "PNG"), "are not plain RGB"),
    "really_png.jpg": (content(photo(1), "PNG"), "are of another format than their name says"),
    "moving.gif": (
        content(photo(1).convert("P"), "GIF", save_all=True, append_images=[photo(2).convert("P")]),
        "hold several pictures",
    ),
    "small.png": (content(photo(1, 30), "PNG"), "have a side below 64 pixels"),
}


@pytest.mark.parametrize("name", ODD)
def test_what_is_unusual_is_named_and_read(folder, name):
    data, words = ODD[name]
    save(folder, f"cat/{name}", data)
    assert any(what.startswith(words) and files == (f"cat/{name}",) for what, (files, _) in found(folder).items())
    task = findings.read(plan(folder), 32, "mine")
    assert len(task.train) + len(task.test) == 25


@pytest.mark.parametrize("name", ["gray.png", "web.webp", "고양이 사진 1.jpg", "upper.JPG"])
def test_what_is_usual_needs_no_word(folder, name):
    image = photo(1).convert("L") if name == "gray.png" else photo(1)
    save(folder, f"cat/{name}", image)
    assert found(folder) == {} and len(plan(folder).kept) == 25


def test_a_turned_camera(folder):
    exif = Image.Exif()
    exif[274] = 6
    save(folder, "cat/turned.jpg", photo(1), exif=exif)
    assert found(folder)["were taken with a turned camera"] == (("cat/turned.jpg",), "turned upright")


def test_transparency_is_seen_on_white(folder):
    clear = Image.new("RGBA", (64, 64), (0, 0, 0, 0))
    path = save(folder, "cat/clear.png", clear)
    pictures = findings.read_files([path], [0], 32)
    assert pictures.images.min() == 255


def test_hidden_files_and_others_are_passed_over(folder):
    for name in ("cat/.hidden.jpg", "cat/._cat.jpg", ".git/a.jpg", "cat/notes.txt", "cat/Thumbs.db", "notes.jpg"):
        save(folder, name, b"x")
    assert found(folder) == {}


def test_links(folder, tmp_path):
    outside = save(tmp_path, "outside.jpg", photo(1))
    (folder / "cat" / "out.jpg").symlink_to(outside)
    (folder / "cat" / "nothing.jpg").symlink_to(folder / "gone.jpg")
    problems = {what for what in found(folder)}
    assert problems == {"a link that leaves the folder: copy the picture itself", "a link to nothing, or no file"}


def test_folders_and_files_without_permission(folder, monkeypatch):
    inside, read = inspection._inside, inspection.Path.read_bytes

    def denied(path, real=inside):
        if path.name in ("secret", "03.jpg"):
            raise PermissionError(13, "Permission denied")
        return real(path)

    save(folder, "secret/1.jpg", photo(1))
    monkeypatch.setattr(inspection, "_inside", denied)  # these tests may run as root, who may do all
    monkeypatch.setattr(inspection.Path, "read_bytes", lambda path: denied(path, read))
    problems = found(folder)
    assert problems["the folder may not be listed: ask its owner"][0] == (("secret/secret",))
    assert problems["it may not be read: ask its owner, or copy it"][0] == ("cat/03.jpg", "dog/03.jpg")
    assert problems["classes without a usable picture"] == (("secret",), "left out")


def test_copies(folder):
    cat = photo(1000)
    save(folder, "cat/copy.jpg", (folder / "cat/00.jpg").read_bytes())
    save(folder, "cat/lighter.png", ImageEnhance.Brightness(photo(1001)).enhance(1.15))
    save(folder, "cat/smaller.jpg", photo(1002).resize((48, 48)), quality=60)
    save(folder, "dog/wrong.jpg", photo(1003).convert("L"))
    problems = found(folder)
    assert problems["are exact copies of another"] == (("cat/copy.jpg",), "left out: one is kept")
    wrong, action = problems["look the same, but lie in two classes"]
    assert set(wrong) == {"cat/03.jpg", "dog/wrong.jpg"} and action.startswith("left out")
    alike, _ = problems["look like another"]
    assert set(alike) >= {"cat/01.jpg", "cat/lighter.png", "cat/02.jpg", "cat/smaller.jpg"}
    made = plan(folder)
    assert len(made.kept) == 24 + 4 - 1 - 2 and cat.size == (96, 96)


def test_lookalikes_stay_on_one_side(folder):
    for number in range(12):
        save(folder, f"cat/again_{number}.png", photo(1000 + number).resize((80, 80)))
    made = plan(folder)
    assert len(set(made.groups)) == 24
    task = findings.read(made, 16, "mine")

    cats = [part.images[part.labels == 0].astype(int) for part in (task.train, task.test)]
    apart = np.abs(cats[0][:, None] - cats[1][None]).mean((2, 3, 4))
    assert len(cats[1]) >= 5 and apart.min() > 20  # a copy of another size differs by 10 at most


def test_a_leak_from_test_to_training(tmp_path):
    for part, first in (("train", 0), ("validation", 100)):
        for kind in ("cat", "dog"):
            for number in range(8):
                save(tmp_path, f"{part}/{kind}/{number}.png", photo(first + number + 500 * (kind == "dog")))
    save(tmp_path, "train/cat/leak.jpg", photo(101).resize((64, 64)))
    files, action = found(tmp_path)["look like a test picture"]
    assert files == ("cat/leak.jpg",) and action.startswith("left out of the training pictures")
    task = findings.read(plan(tmp_path), 32, "mine")
    assert (len(task.train), len(task.test)) == (16, 16)


def test_classes_of_unequal_size(folder):
    for number in range(5):
        save(folder, f"bird/{number}.jpg", photo(5000 + number))
    for number in range(12, 20):
        save(folder, f"cat/{number}.jpg", photo(1000 + number))
    (folder / "empty").mkdir()
    problems = found(folder)
    assert problems["classes with fewer than 10 pictures"][0] == ("bird",)
    assert "classes of unequal size: cat 20, bird 5" in problems
    assert problems["the folder holds no pictures"][0] == ("empty/empty",)
    assert "| classes without a usable picture | 1 | `empty` | left out |" in plan(folder).table()


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        ({"cat": 12}, "two classes or more. Found 1 (cat)"),
        ({"cat": 12, "dog": 2}, "at least 4 usable pictures of every class. Found 2 of 'dog'"),
        ({}, "one folder of pictures per class"),
    ],
)
def test_too_few(tmp_path, counts, words):
    for kind, count in counts.items():
        for number in range(count):
            save(tmp_path, f"{kind}/{number}.jpg", photo(number + 100 * len(kind) + 1000 * (kind == "dog")))
    with pytest.raises(CourseError) as error:
        plan(tmp_path)
    assert words in str(error.value)


def test_no_folder(tmp_path):
    with pytest.raises(CourseError, match="Found nothing there"):
        inspection.look_at(tmp_path / "nowhere")


def test_nothing_is_changed(folder):
    before = {path: (path.stat().st_mtime_ns, path.stat().st_size) for path in folder.rglob("*")}
    findings.read(plan(folder), 32, "mine")
    assert before == {path: (path.stat().st_mtime_ns, path.stat().st_size) for path in folder.rglob("*")}


def test_lookalikes_of_many_in_bounded_time():
    hashes = RNG.integers(0, 256, (100_000, 18), np.uint8)
    hashes[50_000:50_100] = hashes[:100]
    hashes[50_000:50_100, 3] ^= 0b1011  # three bits
    hashes[60_000:70_000] = hashes[5]  # ten thousand times the same
    started = time.perf_counter()
    numbers = lookalikes.groups([row.tobytes() for row in hashes])
    assert time.perf_counter() - started < 60
    assert (numbers[50_000:50_100] == numbers[:100]).all() and (numbers[60_000:70_000] == numbers[5]).all()
    assert len(set(numbers)) == 100_000 - 100 - 10_000


def test_the_distance_counts():
    hashes = np.zeros((3, 18), np.uint8)
    hashes[1, :10] = 1  # ten bits from the first
    hashes[2, :10], hashes[2, 10:] = 1, 3  # eleven and more from both
    first, second, third = lookalikes.groups([row.tobytes() for row in hashes])
    assert first == second != third
    assert len(lookalikes.groups([])) == 0
