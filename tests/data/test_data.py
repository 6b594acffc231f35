"""Tasks and pictures: what the course's own tasks hold, and how any folder or zip of pictures is read."""

import contextlib
import io
import os
import shutil
import subprocess
import sys
import threading
import time
import zipfile

import numpy as np
import pytest
from PIL import Image

from course_utils import DATA, ROOT, data, reading
from course_utils.cards import CourseError, Pictures

RED, GREEN, BLUE = (220, 30, 30), (30, 200, 30), (30, 30, 220)


def noise(seed, width=12, height=12):
    return Image.fromarray(np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8))


def plain(colour, width=12, height=12):
    return Image.new("RGB", (width, height), colour)


def file_bytes(picture, form, **options):
    buffer = io.BytesIO()
    picture.save(buffer, form, **options)
    return buffer.getvalue()


def make(folder, names):
    """Fill a folder with pictures, each another one, at the paths named; return the folder."""
    for seed, name in enumerate(names):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        noise(seed).save(folder / name)
    return folder


def zipped(folder):
    return shutil.make_archive(str(folder), "zip", folder)


def only_picture(place, picture, size, name="picture.png", **options):
    """Write one picture, read it back as the course does, and return its pixels."""
    (place / "class").mkdir()
    picture.save(place / "class" / name, **options)
    pictures, _ = data.read_pictures(place, size)
    assert pictures.images.shape == (1, size, size, 3) and pictures.images.dtype == np.uint8
    return pictures.images[0]


def assert_colour(pixels, colour, tolerance=12):
    assert np.abs(pixels.reshape(-1, 3).astype(int) - colour).max() <= tolerance


def pictures_of(*counts):
    """Return pictures of 1 x 1 pixels, all different, `counts` of each class, the classes mixed."""
    labels = np.random.default_rng(0).permutation(np.repeat(np.arange(len(counts)), counts))
    numbers = np.arange(len(labels))
    images = np.stack([numbers % 256, numbers // 256, labels], axis=-1).astype(np.uint8)[:, None, None, :]
    return Pictures(images, labels)


def rows(pictures):
    """Return each picture's bytes with its label."""
    return [(image.tobytes(), int(label)) for image, label in zip(pictures.images, pictures.labels, strict=True)]


# The course's own tasks


@pytest.mark.parametrize("name", data.TASKS)
def test_course_task(name):
    task = data.task(name)
    assert task.name == name and len(set(task.class_names)) == 8
    for pictures, per_class in ((task.train, 512), (task.test, 128)):
        assert pictures.images.shape == (8 * per_class, 64, 64, 3) and pictures.images.dtype == np.uint8
        assert np.bincount(pictures.labels).tolist() == [per_class] * 8 and pictures.labels.dtype == np.int64
    # Labels follow the folders: a picture of the last class, read on its own, has the last label.
    with zipfile.ZipFile(DATA / f"tasks/{name}.zip") as archive:
        with Image.open(archive.open(f"test/{task.class_names[-1]}/0005.webp")) as image:
            assert np.array_equal(task.test.images[task.test.labels == 7][5], np.asarray(image))
        contents = [(info.CRC, info.file_size) for info in archive.infolist()]
    assert len(set(contents)) == len(contents), "a picture is there twice"


def test_a_thousand_pictures_are_soon_in_memory():
    code = (
        "from course_utils import data, manifest; place = manifest.verified('tasks/garden.zip');"
        "assert len(data.read_pictures(place, 64, part='train', per_class=125)[0]) == 1000"
    )
    seconds = []
    while len(seconds) < 3 and min(seconds, default=9) >= 2:
        start = time.perf_counter()
        subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)
        seconds.append(time.perf_counter() - start)
    assert min(seconds) < 2


# Folders and zips

LAYOUTS = {
    "plain": [
        "train/cat/b.png",
        "train/cat/a.PNG",
        "train/dog/a.jpg",
        "test/cat/c.png",
        "test/dog/d.webp",
        "test/dog/e.tif",
    ],
    "class name that begins another": [
        "train/oak/a.png",
        "train/oak red/b.png",
        "test/oak/c.png",
        "test/oak red/d.png",
    ],
    "folder that begins like a part": ["train/cat/a.png", "training/cat/b.png", "test/cat/c.png", "tests/dog/d.png"],
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_folder_and_its_zip_read_the_same(tmp_path, layout):
    folder = make(tmp_path / "mine", LAYOUTS[layout])
    (folder / "train/notes.txt").write_text("not a picture")
    (folder / LAYOUTS[layout][0]).with_name("notes.txt").write_text("not a picture")
    (folder / LAYOUTS[layout][0]).with_name("._a.png").write_text("left by a Mac")
    make(folder, ["train/.ipynb_checkpoints/a.png"])
    archive = zipped(folder)
    for part in ("train", "test"):
        from_folder, from_zip = (data.read_pictures(place, 12, part=part) for place in (folder, archive))
        files = sorted(name for name in LAYOUTS[layout] if name.startswith(f"{part}/"))
        assert from_folder[1] == from_zip[1] == tuple(sorted({name.split("/")[1] for name in files}))
        assert sorted(rows(from_folder[0])) == sorted(rows(from_zip[0])) and len(from_folder[0]) == len(files)
        assert np.array_equal(from_folder[0].images, from_zip[0].images)
    task = data.folder_task(archive, 12)
    assert task.name == "mine" and task.class_names == from_folder[1]


def test_pictures_are_decoded_side_by_side(tmp_path, monkeypatch):
    both = threading.Barrier(2, timeout=30)  # lets no one on before two have come
    decode = reading._decode
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    monkeypatch.setattr(reading, "_decode", lambda *given: (both.wait(), decode(*given))[1])
    pictures, _ = data.read_pictures(make(tmp_path / "mine", ["a/1.png", "b/1.png"]), 12)
    assert len(pictures) == 2


def test_what_cannot_be_read_ends_the_reading(tmp_path, monkeypatch):
    decoded = []
    decode = reading._decode
    monkeypatch.setattr(os, "cpu_count", lambda: 1)

    def slowly(*given):
        decoded.append(given[1])
        time.sleep(0.01)  # on a busy machine the thread that waits for the result comes late
        return decode(*given)

    monkeypatch.setattr(reading, "_decode", slowly)
    folder = make(tmp_path / "mine", [f"a/{number:03}.png" for number in range(100)])
    (folder / "a/001.png").write_bytes(b"no picture")
    with pytest.raises(CourseError, match="001.png"):
        data.read_pictures(folder, 12)
    assert len(decoded) < 50, "the others were not decoded first"


def test_first_pictures_of_each_class_by_name(tmp_path):
    folder = make(tmp_path / "mine", ["cat/2.png", "cat/1.png", "cat/3.png", "dog/9.png"])
    pictures, _ = data.read_pictures(folder, 12, per_class=2)
    expected = [noise(1), noise(0), noise(3)]
    assert np.array_equal(pictures.images, np.stack([np.asarray(image) for image in expected]))
    assert pictures.labels.tolist() == [0, 0, 1]


def test_a_task_with_few_pictures_of_each_class(tmp_path):
    files = [
        "train/cat/1.png",
        "train/cat/2.png",
        "train/dog/3.png",
        "test/cat/4.png",
        "test/cat/5.png",
        "test/dog/6.png",
    ]
    task = data.folder_task(make(tmp_path / "mine", files), 12, per_class=1)
    assert task.train.labels.tolist() == task.test.labels.tolist() == [0, 1]


def test_a_quarter_is_set_aside_where_there_are_no_parts(tmp_path):
    folder = make(
        tmp_path / "mine", [f"{kind}/{n}.png" for kind, count in (("cat", 8), ("dog", 5)) for n in range(count)]
    )
    task = data.folder_task(folder, 12)
    assert np.bincount(task.train.labels).tolist() == [6, 4] and np.bincount(task.test.labels).tolist() == [2, 1]
    assert not set(rows(task.train)) & set(rows(task.test)) and task.class_names == ("cat", "dog")
    again = data.folder_task(zipped(folder), 12)
    assert rows(again.train) == rows(task.train) and rows(again.test) == rows(task.test)


@pytest.mark.parametrize("part", ["validation", "val"])
def test_test_pictures_may_be_called_otherwise(tmp_path, part):
    task = data.folder_task(make(tmp_path / "mine", ["train/cat/1.png", "train/cat/2.png", f"{part}/cat/3.png"]), 12)
    assert (len(task.train), len(task.test)) == (2, 1)


def test_orientation_of_the_camera_is_applied(tmp_path):
    # The camera lay on its side: the red left half of what it stored belongs on top.
    stored = plain(BLUE, 256, 256)
    stored.paste(RED, (0, 0, 128, 256))
    exif = Image.Exif()
    exif[0x0112] = 6
    pixels = only_picture(tmp_path, stored, 32, "photo.jpg", exif=exif, quality=95)
    assert_colour(pixels[:14], RED)
    assert_colour(pixels[18:], BLUE)


@pytest.mark.parametrize("side", [(300, 100), (100, 300)], ids=["wide", "high"])
def test_the_centred_square_is_read(tmp_path, side):
    picture = plain(RED, *side)
    picture.paste(GREEN, ((side[0] - 100) // 2, (side[1] - 100) // 2, (side[0] + 100) // 2, (side[1] + 100) // 2))
    picture.paste(BLUE, (0, 0, 60, 60))  # outside of the square
    pixels = only_picture(tmp_path, picture, 20)
    assert_colour(pixels[1:-1, 1:-1], GREEN)  # at its edges, smoothing looks a little further


MODES = {
    "1": (plain((255, 255, 255)).convert("1"), (255, 255, 255)),
    "L": (Image.new("L", (12, 12), 107), (107, 107, 107)),
    "LA": (Image.new("LA", (12, 12), (107, 255)), (107, 107, 107)),
    "16 bit": (Image.fromarray(np.full((12, 12), 107 * 257, np.uint16)), (107, 107, 107)),
    "F": (Image.fromarray(np.full((12, 12), 107 / 255, np.float32)), (107, 107, 107)),
    "F up to 255": (Image.fromarray(np.full((12, 12), 107, np.float32)), (107, 107, 107)),
    "CMYK": (plain(GREEN).convert("CMYK"), GREEN),
    "P": (plain(GREEN).quantize(4), GREEN),
    "RGBA": (Image.new("RGBA", (12, 12), (*GREEN, 255)), GREEN),
}


@pytest.mark.parametrize("mode", MODES)
def test_colour_modes_become_rgb(tmp_path, mode):
    picture, shown = MODES[mode]
    name = "photo.tif" if mode.startswith("F") or mode == "CMYK" else "photo.png"
    assert_colour(only_picture(tmp_path, picture, 6, name), shown, tolerance=1)


# Bad input: each mistake, and what its message must say: what was expected, what was found, what to do


def no_folder(place):
    data.read_pictures(place / "nowhere", 12)


def no_class_folders(place):
    data.read_pictures(make(place / "loose", ["a.png", "b.png"]), 12)


def too_few_for_a_quarter(place):
    data.folder_task(zipped(make(place / "few", ["cat/a.png"])), 12)


def no_test_part(place):
    data.folder_task(make(place / "mine", ["train/cat/a.png"]), 12)


def different_classes(place):
    data.folder_task(
        make(place / "mine", ["train/cat/a.png", "train/dog/a.png", "test/cat/a.png", "test/cow/a.png"]), 12
    )


def cut_zip(place):
    archive = place / "mine.zip"
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("cat/a.png", file_bytes(noise(0), "PNG"))
    archive.write_bytes(archive.read_bytes()[:-30])
    data.read_pictures(archive, 12)


def text_as_zip(place):
    (place / "mine.zip").write_text("404: Not Found")
    data.read_pictures(place / "mine.zip", 12)


def damaged_in_zip(place, compression):
    archive = place / "mine.zip"
    with zipfile.ZipFile(archive, "w", compression) as file:
        file.writestr("cat/good.png", file_bytes(noise(0), "PNG"))
        file.writestr("cat/bad.png", file_bytes(plain(RED, 200, 200), "BMP"))
        start = file.getinfo("cat/bad.png").header_offset + 30 + len("cat/bad.png")
    changed = bytearray(archive.read_bytes())
    changed[start : start + 60] = b"\xff" * 60
    archive.write_bytes(changed)
    data.read_pictures(archive, 12)


def bad_picture(place, name, content):
    make(place / "mine", ["cat/good.png"])
    (place / "mine/cat" / name).write_bytes(content)
    data.read_pictures(place / "mine", 12)


def cut(form):
    content = file_bytes(noise(0, 100, 100), form)
    return content[: len(content) // 2]


REPLACE = "Remove it or replace it."
MISTAKES = {
    "missing folder": (no_folder, "a folder or a zip file at ", "nowhere", "Found nothing", "Check the path"),
    "no class folders": (no_class_folders, "one folder of pictures per class in", "loose", "Found none", "Put the"),
    "too few for a quarter": (
        too_few_for_a_quarter,
        "at least 4 pictures of every class in",
        "Found 1 in 'cat'",
        "make folders 'train' and 'test'",
    ),
    "no test pictures": (no_test_part, "one folder of pictures per class in ", "mine/test", "Found none", "Put the"),
    "other classes in test": (different_classes, "same class folders", "mine", "cow, dog", "Rename or move"),
    "zip cut short": (cut_zip, "zip file", "mine.zip", "damaged", "Fetch it again"),
    "text named zip": (text_as_zip, "zip file", "mine.zip", "damaged", "Fetch it again"),
    "stored picture damaged": (lambda place: damaged_in_zip(place, zipfile.ZIP_STORED), "cat/bad.png", REPLACE),
    "packed picture damaged": (lambda place: damaged_in_zip(place, zipfile.ZIP_DEFLATED), "cat/bad.png", REPLACE),
    "jpeg cut short": (lambda place: bad_picture(place, "z.jpg", cut("JPEG")), "a picture in", "cat/z.jpg", REPLACE),
    "png cut short": (lambda place: bad_picture(place, "z.png", cut("PNG")), "a picture in", "cat/z.png", REPLACE),
    "webp cut short": (lambda place: bad_picture(place, "z.webp", cut("WEBP")), "a picture in", "cat/z.webp", REPLACE),
    "text named jpg": (lambda place: bad_picture(place, "z.jpg", b"<html>"), "a picture in", "cat/z.jpg", REPLACE),
    "empty picture": (lambda place: bad_picture(place, "z.png", b""), "a picture in", "cat/z.png", REPLACE),
    "unknown task": (lambda place: data.task("roses"), "garden, biopsy, butterflies", "Received: 'roses'"),
    "path as task": (lambda place: data.task("../tasks/garden"), "garden, biopsy, butterflies", "../tasks/garden"),
    "sample too large": (lambda place: data.sample(pictures_of(9, 5), 12, 0), "6 pictures", "5", "Take a smaller"),
    "sample one too large": (
        lambda place: data.sample(pictures_of(3, 3), 7, 0),
        "4 pictures",
        "3",
        "Take a smaller",
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_bad_input_is_explained(tmp_path, mistake):
    cause, *said = MISTAKES[mistake]
    with pytest.raises(CourseError) as error:
        cause(tmp_path)
    text = str(error.value)
    assert text.startswith("Expected ") and "\n" not in text
    assert [part for part in said if part not in text.replace("\\", "/")] == [], text


def test_reading_writes_nothing(tmp_path, monkeypatch):
    """No mistake, and no successful reading either, opens a file for writing or changes a folder."""
    written = []
    watching = False
    for_writing = os.O_WRONLY | os.O_RDWR | os.O_CREAT

    def watch(event, arguments):
        changes = event in ("os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.truncate")
        opens = event == "open" and arguments[2] & for_writing and "__pycache__" not in str(arguments[0])
        if watching and (changes or opens):
            written.append((event, str(arguments[0])))

    sys.addaudithook(watch)  # cannot be taken away again, hence `watching`
    reading = data.read_pictures, data.folder_task, data.task, data.sample

    def watched(function):
        def call(*arguments, **options):
            nonlocal watching
            watching = True
            try:
                return function(*arguments, **options)
            finally:
                watching = False

        return call

    for function in reading:
        monkeypatch.setattr(data, function.__name__, watched(function))
    for place, (cause, *_) in enumerate(MISTAKES.values()):
        (tmp_path / str(place)).mkdir()
        with contextlib.suppress(Exception):  # which error it is, the test above tells
            cause(tmp_path / str(place))
    folder = make(tmp_path / "good", LAYOUTS["plain"])
    data.folder_task(folder, 12)
    data.folder_task(zipped(folder), 12)
    assert written == []


# Samples, splits, and some classes alone


def test_sample_is_balanced_and_decided_by_its_seed():
    pool = pictures_of(40, 30, 50)
    for n in (3, 30, 31, 90):
        drawn = data.sample(pool, n, seed=4)
        counts = np.bincount(drawn.labels, minlength=3)
        assert len(drawn) == n and counts.max() - counts.min() <= 1
        assert len(set(rows(drawn))) == n and set(rows(drawn)) <= set(rows(pool))
    assert rows(data.sample(pool, 30, seed=4)) == rows(data.sample(pool, 30, seed=4))
    assert set(rows(data.sample(pool, 30, seed=4))) != set(rows(data.sample(pool, 30, seed=5)))
    assert np.any(np.diff(drawn.labels) < 0), "in random order, not class by class"
    spare = {int(np.bincount(data.sample(pool, 4, seed).labels).argmax()) for seed in range(20)}
    assert spare == {0, 1, 2}, "the one more goes to any class"


def test_split_sets_the_same_share_of_each_class_aside():
    pool = pictures_of(40, 30, 50)
    kept, aside = data.split(pool, share=0.3, seed=1)
    assert np.bincount(aside.labels).tolist() == [12, 9, 15] and np.bincount(kept.labels).tolist() == [28, 21, 35]
    assert sorted(rows(kept) + rows(aside)) == sorted(rows(pool))
    assert rows(data.split(pool, share=0.3, seed=1)[1]) == rows(aside)
    assert set(rows(data.split(pool, share=0.3, seed=2)[1])) != set(rows(aside))


def test_only_numbers_classes_in_the_order_given():
    pool = pictures_of(4, 3, 5)
    chosen = data.only(pool, [2, 0])
    assert np.bincount(chosen.labels).tolist() == [5, 4]
    # The third channel holds the label that each picture had.
    assert chosen.images[:, 0, 0, 2].tolist() == [(2, 0)[label] for label in chosen.labels]
    assert len(set(rows(chosen))) == 9
