"""Tasks and pictures: what the course's own tasks hold, and how any folder or zip of pictures is read."""

import io
import os
import shutil
import sys
import threading
import time
import timeit
import zipfile

import numpy as np
import pytest
from PIL import Image, ImageOps

from course_utils import DATA, data, reading
from course_utils.cards import CourseError, Pictures

RED, GREEN, BLUE, GREY, WHITE = (220, 30, 30), (30, 200, 30), (30, 30, 220), (107, 107, 107), (255, 255, 255)


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
    return [(image.tobytes(), int(label)) for image, label in zip(pictures.images, pictures.labels, strict=True)]


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


def test_reading_takes_little_longer_than_decoding():
    place = DATA / "tasks/garden.zip"

    def decode():
        with zipfile.ZipFile(place) as archive:
            for name in archive.namelist()[:200]:
                np.asarray(Image.open(archive.open(name)))

    reading_it = timeit.repeat(lambda: data.read_pictures(place, 64, part="train", per_class=25), number=1)
    assert min(reading_it) < 2 * min(timeit.repeat(decode, number=1))


LAYOUTS = {
    "plain": ["train/cat/b.png", "train/cat/a.PNG", "train/dog/a.jpg", "test/cat/c.png", "test/dog/d.webp"],
    "class that begins another": ["train/oak/a.png", "train/oak red/b.png", "test/oak/c.png", "test/oak red/d.png"],
    "folder that begins like a part": ["train/cat/a.png", "training/cat/b.png", "test/cat/c.png", "tests/dog/d.png"],
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_folder_and_its_zip_read_the_same(tmp_path, layout):
    folder = make(tmp_path / "mine", LAYOUTS[layout])
    first = LAYOUTS[layout][0].rpartition("/")[0]
    for name in ("train/notes.txt", "train/.ipynb_checkpoints/a.png", f"{first}/notes.txt", f"{first}/._a.png"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("not a picture")
    archive = zipped(folder)
    for part in ("train", "test"):
        files = sorted(name.split("/") for name in LAYOUTS[layout] if name.startswith(f"{part}/"))
        classes = sorted({label for _, label, _ in files})
        shown = [Image.open(folder.joinpath(*file)).convert("RGB").tobytes() for file in files]
        expected = [(content, classes.index(label)) for content, (_, label, _) in zip(shown, files, strict=True)]
        for place in (folder, archive):
            pictures, class_names = data.read_pictures(place, 12, part=part)
            assert class_names == tuple(classes) and rows(pictures) == expected
    assert data.folder_task(archive, 12).name == "mine"


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


@pytest.mark.parametrize("part", ["test", "validation", "val"])
def test_the_first_pictures_of_each_class_by_name(tmp_path, part):
    files = ["train/cat/2.png", "train/cat/1.png", "train/cat/3.png", "train/dog/9.png"]
    files += [f"{part}/cat/6.png", f"{part}/cat/5.png", f"{part}/cat/4.png", f"{part}/dog/7.png"]
    task = data.folder_task(make(tmp_path / "mine", files), 12, per_class=2)
    assert rows(task.train) == [(noise(seed).tobytes(), label) for seed, label in ((1, 0), (0, 0), (3, 1))]
    assert rows(task.test) == [(noise(seed).tobytes(), label) for seed, label in ((6, 0), (5, 0), (7, 1))]


def test_a_quarter_is_set_aside_where_there_are_no_parts(tmp_path):
    files = [f"{kind}/{n}.png" for kind, count in (("cat", 8), ("dog", 5)) for n in range(count)]
    folder = make(tmp_path / "mine", files)
    task = data.folder_task(folder, 12)
    assert np.bincount(task.train.labels).tolist() == [6, 4] and np.bincount(task.test.labels).tolist() == [2, 1]
    assert not set(rows(task.train)) & set(rows(task.test)) and task.class_names == ("cat", "dog")
    again = data.folder_task(zipped(folder), 12)
    always = data.split(data.read_pictures(folder, 12)[0], 0.25, seed=0)
    assert [rows(task.train), rows(task.test)] == [rows(again.train), rows(again.test)] == [*map(rows, always)]


@pytest.mark.parametrize("turn", range(1, 9))
def test_orientation_of_the_camera_is_applied(tmp_path, turn):
    exif = Image.Exif()
    exif[0x0112] = turn
    stored = noise(0, 4, 4).resize((256, 256))
    pixels = only_picture(tmp_path, stored, 32, "photo.jpg", exif=exif, quality=95)
    upright = ImageOps.exif_transpose(Image.open(tmp_path / "class/photo.jpg")).resize((32, 32))
    assert np.abs(pixels.astype(int) - upright).mean() < 3
    assert (np.abs(pixels.astype(int) - stored.resize((32, 32))).mean() < 3) == (turn == 1)


@pytest.mark.parametrize("side", [(300, 100), (100, 300)], ids=["wide", "high"])
def test_the_centred_square_is_read(tmp_path, side):
    picture = plain(RED, *side)
    picture.paste(GREEN, ((side[0] - 100) // 2, (side[1] - 100) // 2, (side[0] + 100) // 2, (side[1] + 100) // 2))
    picture.paste(BLUE, (0, 0, 60, 60))  # outside of the square
    pixels = only_picture(tmp_path, picture, 20)
    assert_colour(pixels[1:-1, 1:-1], GREEN)  # at its edges, smoothing looks a little further


def clear(colour):
    """Return a picture without transparency of its own, that says of its colour that it is transparent."""
    picture = plain(colour)
    picture.info["transparency"] = colour
    return picture


MODES = {
    "1": (plain(WHITE).convert("1"), WHITE),
    "L": (Image.new("L", (12, 12), 107), GREY),
    "LA": (Image.new("LA", (12, 12), (107, 255)), GREY),
    "LA, clear": (Image.new("LA", (12, 12), (107, 0)), WHITE),
    "16 bit": (Image.fromarray(np.full((12, 12), 107 * 257, np.uint16)), GREY),
    "F": (Image.fromarray(np.full((12, 12), 107 / 255, np.float32)), GREY),
    "F up to 255": (Image.fromarray(np.full((12, 12), 107, np.float32)), GREY),
    "CMYK": (plain(GREEN).convert("CMYK"), GREEN),
    "P": (plain(GREEN).quantize(4), GREEN),
    "RGBA": (Image.new("RGBA", (12, 12), (*GREEN, 255)), GREEN),
    "RGBA, clear": (Image.new("RGBA", (12, 12), (0, 0, 0, 0)), WHITE),
    "RGBA, half clear": (Image.new("RGBA", (12, 12), (*GREEN, 51)), (210, 244, 210)),  # a fifth of it, the rest white
    "RGB, clear": (clear(GREEN), WHITE),
}


@pytest.mark.parametrize("mode", MODES)
def test_colour_modes_become_rgb_on_white(tmp_path, mode):
    picture, shown = MODES[mode]
    name = "photo.tif" if mode.startswith("F") or mode == "CMYK" else "photo.png"
    assert_colour(only_picture(tmp_path, picture, 6, name), shown, tolerance=1)


def zip_of(place, content, damage=lambda content: content, compression=zipfile.ZIP_STORED):
    archive = place / "mine.zip"
    with zipfile.ZipFile(archive, "w", compression) as file:
        file.writestr("cat/good.png", file_bytes(noise(0), "PNG"))
        file.writestr("cat/bad.png", content)
    archive.write_bytes(damage(archive.read_bytes()))
    data.read_pictures(archive, 12)


def overwritten(content):
    start = content.index(b"cat/bad.png") + len("cat/bad.png")
    return content[:start] + b"\xff" * 60 + content[start + 60 :]


def bad_picture(place, name, content):
    make(place / "mine", ["cat/good.png"])
    (place / "mine/cat" / name).write_bytes(content)
    data.read_pictures(place / "mine", 12)


def cut(form):
    content = file_bytes(noise(0, 100, 100), form)
    return content[: len(content) // 2]


def task_of(place, files):
    data.folder_task(make(place / "mine", [f"{file}.png" for file in files.split()]), 12)


BMP = file_bytes(plain(RED, 200, 200), "BMP")
DAMAGED = ("zip file", "mine.zip", "damaged", "Fetch it again")
ONE_FOLDER = ("one folder of pictures per class in ", "Found none", "Put the")
REPLACE = "Remove it or replace it."
TASKS = "garden, biopsy, butterflies"
# What each message must say: what was expected, what was found, what to do.
MISTAKES = {
    "missing folder": (lambda place: data.read_pictures(place / "nowhere", 12), "nowhere", "Found nothing", "Check"),
    "no class folders": (lambda place: task_of(place, "a b"), *ONE_FOLDER, "mine"),
    "no test pictures": (lambda place: task_of(place, "train/cat/a"), *ONE_FOLDER, "mine/test"),
    "too few": (lambda place: task_of(place, "a/1 a/2 a/3"), "at least 4 ", "Found 3 in 'a'", "make folders"),
    "other classes": (lambda place: task_of(place, "train/a/1 train/b/1 test/a/1 test/c/1"), "b, c", "Rename or move"),
    "zip cut short": (lambda place: zip_of(place, BMP, lambda content: content[:-30]), *DAMAGED),
    "text named zip": (lambda place: zip_of(place, b"", lambda _: b"404: Not Found"), *DAMAGED),
    "stored picture damaged": (lambda place: zip_of(place, BMP, overwritten), "cat/bad.png", REPLACE),
    "packed one damaged": (lambda place: zip_of(place, BMP, overwritten, zipfile.ZIP_DEFLATED), "cat/bad.png", REPLACE),
    "jpeg cut short": (lambda place: bad_picture(place, "z.jpg", cut("JPEG")), "a picture in", "cat/z.jpg", REPLACE),
    "png cut short": (lambda place: bad_picture(place, "z.png", cut("PNG")), "a picture in", "cat/z.png", REPLACE),
    "webp cut short": (lambda place: bad_picture(place, "z.webp", cut("WEBP")), "a picture in", "cat/z.webp", REPLACE),
    "text named jpg": (lambda place: bad_picture(place, "z.jpg", b"<html>"), "a picture in", "cat/z.jpg", REPLACE),
    "empty picture": (lambda place: bad_picture(place, "z.png", b""), "a picture in", "cat/z.png", REPLACE),
    "unknown task": (lambda _: data.task("roses"), TASKS, "Received: 'roses'"),
    "path as task": (lambda _: data.task("../tasks/garden"), TASKS, "../tasks/garden"),
    "sample too large": (lambda _: data.sample(pictures_of(9, 5), 12, 0), "6 pictures", "5", "Take a smaller"),
    "sample one too large": (lambda _: data.sample(pictures_of(3, 3), 7, 0), "4 pictures", "3", "Take a smaller"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_bad_input_is_explained(tmp_path, mistake):
    cause, *said = MISTAKES[mistake]
    with pytest.raises(CourseError) as error:
        cause(tmp_path)
    text = str(error.value)
    assert text.startswith("Expected ") and "\n" not in text
    assert [part for part in said if part not in text.replace("\\", "/")] == [], text


def test_a_picture_that_would_fill_the_memory_is_not_unpacked(tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "LARGEST_FILE", len(BMP))
    zip_of(tmp_path, BMP)
    with pytest.raises(CourseError, match=r"cat/bad\.png.*120,055 bytes are more than the 120,054 allowed"):
        zip_of(tmp_path, BMP + b"x")


def test_reading_writes_nothing(tmp_path):
    folder = make(tmp_path / "good", LAYOUTS["plain"])
    places, written, watching = (folder, zipped(folder)), [], True
    for_writing = os.O_WRONLY | os.O_RDWR | os.O_CREAT

    def watch(event, arguments):
        changes = event in ("os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.truncate")
        opens = event == "open" and arguments[2] & for_writing and "__pycache__" not in str(arguments[0])
        if watching and (changes or opens):
            written.append((event, str(arguments[0])))

    sys.addaudithook(watch)  # cannot be taken away again, hence `watching`
    for place in places:
        data.folder_task(place, 12)
    (tmp_path / "noticed").touch()
    watching = False
    assert written == [("open", str(tmp_path / "noticed"))]


def test_sample_is_balanced_and_in_random_order():
    pool = pictures_of(40, 30, 50)
    for n in (3, 30, 31, 90):
        drawn = data.sample(pool, n, seed=4)
        counts = np.bincount(drawn.labels, minlength=3)
        assert len(drawn) == n and counts.max() - counts.min() <= 1
        assert len(set(rows(drawn))) == n and set(rows(drawn)) <= set(rows(pool))
    assert np.any(np.diff(drawn.labels) < 0), "in random order, not class by class"
    spare = {int(np.bincount(data.sample(pool, 4, seed).labels).argmax()) for seed in range(20)}
    assert spare == {0, 1, 2}, "the one more goes to any class"
    assert sorted(rows(data.sample(pool, 120, seed=4))) == sorted(rows(pool)), "of all pictures none is missing"


def test_split_sets_the_same_share_of_each_class_aside():
    pool = pictures_of(40, 30, 50)
    kept, aside = data.split(pool, share=0.3, seed=1)
    assert np.bincount(aside.labels).tolist() == [12, 9, 15] and np.bincount(kept.labels).tolist() == [28, 21, 35]
    assert sorted(rows(kept) + rows(aside)) == sorted(rows(pool))


@pytest.mark.parametrize(("seed", "drawn", "aside"), [(3, [0, 4, 7, 1, 6], [1, 6]), (4, [6, 5, 3, 4, 7], [5, 7])])
def test_seeds_draw_what_they_always_drew(seed, drawn, aside):
    """All recorded results hang on it."""
    pool = pictures_of(4, 4)
    assert data.sample(pool, 5, seed).images[:, 0, 0, 0].tolist() == drawn
    assert data.split(pool, 0.25, seed)[1].images[:, 0, 0, 0].tolist() == aside


def test_only_numbers_classes_in_the_order_given():
    pool = pictures_of(4, 3, 5)
    chosen = data.only(pool, [2, 0])
    assert np.bincount(chosen.labels).tolist() == [5, 4]
    # The third channel holds the label that each picture had.
    assert chosen.images[:, 0, 0, 2].tolist() == [(2, 0)[label] for label in chosen.labels]
    assert len(set(rows(chosen))) == 9
