"""A folder of pictures as people have them: what is odd is found and named, none of it is fatal, nothing is changed."""

import io
import os
import shutil
import struct
import subprocess
import sys
import time
import tracemalloc
import unicodedata
import zlib

import numpy as np
import pytest
from PIL import Image, ImageEnhance, features

from course_utils import ROOT, class_folders, data, findings, inspection, lookalikes, reading, sides
from course_utils.cards import CourseError, CourseWarning

RNG = np.random.default_rng(0)
GREY = bytes([128]) * 108  # the colours of a grey picture, as a `Look` has them


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


def odd_note():
    """Return a camera's notes: turned, and one whose kind cannot be written again (a fraction for a unit)."""
    turned = struct.pack(">HHIHH", 0x0112, 3, 1, 6, 0)
    unit = struct.pack(">HHIf", 0x0128, 11, 1, 1.5)
    return b"Exif\0\0MM\0*" + struct.pack(">IH", 8, 2) + turned + unit + bytes(4)


def lame_tiff():
    """Return a TIFF of two pictures, of which the second one does not say how large it is."""
    data = content(photo(1), "TIFF", save_all=True, append_images=[photo(2)])
    width = data.rindex(struct.pack("<HH", 256, 4))
    return data[:width] + struct.pack("<H", 255) + data[width + 2 :]


UNUSABLE = {
    "truncated.jpg": (content(photo(1, 200), "JPEG")[:900], "damaged: "),
    "empty.jpg": (b"", "the file is empty"),
    "text.jpg": ("고양이".encode(), "no known kind of picture, whatever its name says"),
    "drawing.jpg": (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 90 90\n", "no known kind of picture"),
    "phone.HEIC": (b"\0\0\0\x18ftypheic", "HEIC cannot be read here: save it as JPEG or PNG"),
    "phone.jpg": (b"\0\0\0\x18ftypheic" + bytes(99), "HEIC cannot be read here: save it as JPEG or PNG"),
    "dot.png": (content(photo(1, 1), "PNG"), "a side below 16 pixels shows nothing"),
    "large.png": (content(Image.new("1", (10_000, 9_000)), "PNG"), "more than 80 million pixels: save it smaller"),
    "bomb.png": (bomb(), "more than 80 million pixels: save it smaller"),
    "damaged.tif": (lame_tiff(), "damaged: "),
    "notes.txt": (b"my cats", "no known ending of a picture"),
    "no_ending": (content(photo(1), "PNG"), "no known ending of a picture"),
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
    "sixteen.png": (content(Image.fromarray(SIXTEEN), "PNG"), "are not plain RGB"),
    "twelve.png": (
        content(Image.fromarray(SIXTEEN // 16), "PNG"),
        "use 12 of 16 bits a value",
    ),
    "alpha.png": (content(photo(1).convert("RGBA"), "PNG"), "are not plain RGB"),
    "really_png.jpg": (content(photo(1), "PNG"), "are of another format than their name says"),
    "moving.gif": (
        content(photo(1).convert("P"), "GIF", save_all=True, append_images=[photo(2).convert("P")]),
        "hold several pictures",
    ),
    "small.png": (content(photo(1, 30), "PNG"), "have a side below 64 pixels"),
    "odd_note.jpg": (content(photo(1), "JPEG", exif=odd_note()), "were taken with a turned camera"),
}


@pytest.mark.parametrize("name", ODD)
def test_what_is_unusual_is_named_and_read(folder, name):
    data, words = ODD[name]
    save(folder, f"cat/{name}", data)
    assert any(what.startswith(words) and files == (f"cat/{name}",) for what, (files, _) in found(folder).items())
    task = findings.read(plan(folder), 32, "mine")
    assert len(task.train) + len(task.test) == 25


@pytest.mark.parametrize("name", ["gray.png", "web.webp", "고양이 사진 1.jpg", "upper.JPG", "saved.jfif"])
def test_what_is_usual_needs_no_word(folder, name):
    image = photo(1).convert("L") if name == "gray.png" else photo(1)
    save(folder, f"cat/{name}", image)
    assert found(folder) == {} and len(plan(folder).kept) == 25


def test_what_something_installed_reads_is_read(folder, monkeypatch):
    save(folder, "cat/phone.heic", content(photo(1), "PNG"))
    monkeypatch.setitem(Image.EXTENSION, ".heic", "HEIF")  # as pillow_heif does it
    assert found(folder) == {
        "are of another format than their name says": (("cat/phone.heic",), "read as what they are")
    }
    if features.check("avif"):
        monkeypatch.undo()
        save(folder, "cat/phone.heic", photo(1), format="AVIF")
        (folder / "cat/phone.heic").rename(folder / "cat/new.avif")
        assert found(folder) == {}
        assert len(reading.read_pictures(folder, 32)[0]) == 25


def test_an_installed_reader_of_heic_is_registered(tmp_path):
    (tmp_path / "pillow_heif.py").write_text("register_heif_opener = lambda: print('registered')")
    command = [sys.executable, "-c", "import course_utils.as_seen"]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), str(ROOT)])}
    assert subprocess.run(command, env=environment, capture_output=True, text=True).stdout == "registered\n"


def test_letters_that_a_mac_stores_in_pieces(tmp_path):
    for form, part in (("NFD", "Train"), ("NFC", "Test")):
        for number in range(16):
            name = unicodedata.normalize(form, ("고양이", "개")[number % 2])
            save(tmp_path, f"{part}/{name}/{number}.png", photo(number + 100 * (part == "Test")))
    made = plan(tmp_path)
    assert made.findings == [] and {look.label for look in made.kept} == {"고양이", "개"}
    task = findings.read(made, 32, "mine")
    assert task.class_names == ("개", "고양이") and (len(task.train), len(task.test)) == (16, 16)
    strict = data.folder_task(tmp_path, 32)
    assert strict.class_names == ("개", "고양이") and (len(strict.train), len(strict.test)) == (16, 16)


def test_a_hundred_files_that_are_cut_short_are_one_finding(folder):
    for number in range(5):
        save(folder, f"cat/short {number}.jpg", content(photo(number, 200), "JPEG")[: 900 + 10 * number])
    ((what, (files, _)),) = found(folder).items()
    assert what.startswith("damaged: ") and len(files) == 5


def test_the_bar_moves_with_every_file(folder, monkeypatch):
    moves = []

    class Bar(inspection.tqdm):
        def update(self, n=1):
            moves.append(n)
            return super().update(n)

    monkeypatch.setattr(inspection, "tqdm", Bar)
    inspection.look_at(folder)
    assert moves == [1] * 24


def test_large_pictures_are_read_one_at_a_time(folder, monkeypatch):
    inside, most = [], []

    def watched(real):
        def call(image):
            inside.append(image)
            most.append(len(inside))
            time.sleep(0.02)
            inside.remove(image)
            return real(image)

        return call

    monkeypatch.setattr(Image.Image, "getextrema", watched(Image.Image.getextrema))  # it unpacks what has 16 bits
    monkeypatch.setattr(class_folders.as_seen, "plain", watched(class_folders.as_seen.plain))
    monkeypatch.setattr(class_folders.as_seen, "LARGE", 50)
    for number in range(6):
        save(folder, f"cat/large {number}.png", photo(number, 300))
        save(folder, f"dog/sixteen {number}.png", Image.fromarray((SIXTEEN // (number + 1)).astype(np.uint16)))
    made = plan(folder)
    assert max(most) == 1
    most.clear()
    findings.read(made, 32, "mine")
    assert max(most) == 1


def test_a_turned_camera(folder):
    exif = Image.Exif()
    exif[274] = 6
    save(folder, "cat/turned.jpg", photo(1), exif=exif)
    assert found(folder)["were taken with a turned camera"] == (("cat/turned.jpg",), "turned upright")


def test_transparency_is_seen_on_white(folder):
    clear = Image.new("RGBA", (64, 64), (0, 0, 0, 0))
    path = save(folder, "cat/clear.png", clear)
    pictures = reading.read_files([path], [0], 32)
    assert pictures.images.min() == 255


def test_hidden_files_are_passed_over(folder):
    for name in ("cat/.hidden.jpg", "cat/._cat.jpg", ".git/a.jpg", "notes.txt"):
        save(folder, name, b"x")
    assert found(folder) == {}


def test_pictures_in_no_class_are_named(folder, tmp_path):
    save(folder, "loose.jpg", photo(1))
    assert found(folder) == {class_folders._LOOSE: (("loose.jpg",), "left out")}
    for part in ("train", "test"):
        shutil.copytree(folder, tmp_path / "parts" / part)
    looks = inspection.look_at(tmp_path / "parts", progress=False)
    assert [look.part for look in looks if look.problem == class_folders._LOOSE] == ["test", "train"]


def test_links(folder, tmp_path):
    outside = save(tmp_path, "outside.jpg", photo(1))
    (folder / "cat" / "out.jpg").symlink_to(outside)
    (folder / "cat" / "nothing.jpg").symlink_to(folder / "gone.jpg")
    problems = {what for what in found(folder)}
    assert problems == {"a link that leaves the folder: copy the picture itself", "a link to nothing, or no file"}


def test_folders_and_files_without_permission(folder, monkeypatch):
    inside, read = class_folders.inside, inspection.Path.read_bytes

    def denied(path, real=inside):
        if path.name in ("secret", "03.jpg"):
            raise PermissionError(13, "Permission denied")
        return real(path)

    save(folder, "secret/1.jpg", photo(1))
    monkeypatch.setattr(class_folders, "inside", denied)  # these tests may run as root, who may do all
    monkeypatch.setattr(inspection.Path, "read_bytes", lambda path: denied(path, read))
    problems = found(folder)
    assert problems["the folder may not be listed: ask its owner"][0] == ("secret",)
    assert problems["it may not be read: ask its owner, or copy it"][0] == ("cat/03.jpg", "dog/03.jpg")
    assert problems["classes without a usable picture"] == (("secret",), "left out")


def test_copies(folder):
    cat = photo(1000)
    save(folder, "cat/copy.jpg", (folder / "cat/00.jpg").read_bytes())
    save(folder, "cat/lighter.png", ImageEnhance.Brightness(photo(1001)).enhance(1.15))
    save(folder, "cat/smaller.jpg", photo(1002).resize((48, 48)), quality=60)
    save(folder, "dog/wrong.jpg", photo(1003), quality=60)
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
    assert files == ("train/cat/leak.jpg",) and action.startswith("left out of the training pictures")
    task = findings.read(plan(tmp_path), 32, "mine")
    assert (len(task.train), len(task.test)) == (16, 16)


def test_classes_of_unequal_size(folder):
    for number in range(6):
        save(folder, f"bird/{number}.jpg", photo(5000 + number))
    for number in range(12, 20):
        save(folder, f"cat/{number}.jpg", photo(1000 + number))
    (folder / "empty").mkdir()
    problems = found(folder)
    assert problems["classes with fewer than 10 pictures"][0] == ("bird",)
    assert "classes of unequal size: cat 20, bird 6" in problems
    assert problems["the folder holds no pictures"][0] == ("empty",)
    assert "| classes without a usable picture | 1 | `empty` | left out |" in plan(folder).table()


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        ({"cat": 12}, "two classes or more. Found 1 (cat)"),
        ({"cat": 12, "dog": 2}, "at least 6 usable pictures of every class. Found 2 of 'dog'"),
        ({"cat": 12, "dog": 2, "bird": 3}, "at least 6 usable pictures of every class. Found 2 of 'dog'"),
        ({"cat": 2, "dog": 2}, "at least 6 usable pictures of every class. Found 2 of 'cat'"),
        (
            {"train/cat": 9, "train/dog": 3, "test/cat": 5, "test/dog": 5},
            "at least 4 usable training pictures of every",
        ),
        ({}, "one folder of pictures per class"),
    ],
)
def test_too_few(tmp_path, counts, words):
    for kind, count in counts.items():
        for number in range(count):
            save(tmp_path, f"{kind}/{number}.jpg", photo(number + 100 * len(kind) + 1000 * ("dog" in kind)))
    with pytest.raises(CourseError) as error:
        plan(tmp_path)
    assert words in str(error.value)


def test_a_class_with_few_pictures_is_left_out_while_two_are_left(folder):
    for number in range(2):
        save(folder, f"bird/{number}.jpg", photo(number))
    for number in range(5):
        save(folder, f"fish/{number}.jpg", photo(7), quality=60 + number)  # all look alike
    made = plan(folder)
    ((what, files, action, _),) = [vars(one).values() for one in made.findings if "fewer than 6" in one.what]
    assert files == ("bird", "fish") and action.startswith("left out")
    assert not [one for one in made.findings if "without a usable" in one.what]
    assert findings.read(made, 32, "mine").class_names == ("cat", "dog")


@pytest.mark.parametrize("count", [6, 7])
def test_of_the_smallest_class_that_is_kept_enough_are_left_to_train_on(folder, count):
    for number in range(count):
        save(folder, f"bird/{number}.jpg", photo(number))
    task = findings.read(plan(folder), 32, "mine")
    assert task.class_names == ("bird", "cat", "dog") and np.bincount(task.train.labels).min() >= 4
    assert np.bincount(task.test.labels).min() >= 1


def test_a_group_does_not_take_what_training_needs():
    labels = np.array(["cat"] * 6 + ["dog"] * 23)
    for seed in range(20):
        groups = np.concatenate([[0, 0, 0, 1, 2, 3], [10] * 20, [11, 12, 13]])
        order = np.random.default_rng(seed).permutation(len(labels))
        aside = sides._quarter(labels[order], groups[order])
        assert (labels[order][~aside] == "cat").sum() >= sides.TO_TRAIN and "cat" in labels[order][aside]


@pytest.mark.parametrize("large", [3, 4, 5])
def test_large_groups_of_every_class_stay_with_what_is_trained_on(large):
    labels = np.repeat(["ant", "bee", "cat", "dog"], large + 3)
    groups = np.concatenate([np.array([0] * large + [1, 2, 3]) + 10 * place for place in range(4)])
    aside = sides._quarter(labels, groups)
    for name in set(labels):
        assert aside[labels == name].any() and (labels[~aside] == name).sum() >= sides.TO_TRAIN
    assert not set(groups[aside]) & set(groups[~aside])


def test_small_classes_of_a_divided_folder_are_left_out_too(tmp_path):
    for part, first in (("train", 0), ("test", 100)):
        for kind, count in (("cat", 8), ("dog", 8), ("bird", 3)):
            for number in range(count):
                save(tmp_path, f"{part}/{kind}/{number}.png", photo(first + number + 300 * len(kind + kind[0])))
                first += 10
    made = plan(tmp_path)
    assert [(one.what, one.files) for one in made.findings if "fewer than 4" in one.what] == [
        ("classes with fewer than 4 usable training pictures", ("bird",))
    ]
    assert findings.read(made, 32, "mine").class_names == ("cat", "dog")


def test_who_is_in_the_test_is_not_trained_on(tmp_path):
    for part, people in (("train", ("anna", "ben", "cleo")), ("test", ("cleo", "dan"))):
        for kind in ("cat", "dog"):
            for number in range(4):
                for who in people:
                    name = f"{part}/{kind}/{who}_{number}.png"
                    save(tmp_path, name, photo(abs(zlib.crc32(name.encode()))))
    looks = inspection.look_at(tmp_path, progress=False)
    made = findings.judge(looks, 32, together=lambda path: path.name.split("_")[0])
    ((what, files, _, _),) = [vars(one).values() for one in made.findings if one.what.startswith("belong together")]
    assert what == "belong together with a test picture" and len(files) == 8 and "train/cat/cleo_0.png" in files
    assert {look.path.name[0] for look, test in zip(made.kept, made.aside, strict=True) if not test} == {"a", "b"}


def test_a_line_between_columns_in_a_name_is_no_column(folder):
    save(folder, "cat/a|b.jpg", b"")
    assert "| the file is empty | 1 | `cat/a\\|b.jpg` | left out |" in plan(folder).table()
    for number in range(6):
        save(folder, f"o|d/{number}.jpg", photo(number))
    for number in range(8):
        save(folder, f"cat/more {number}.jpg", photo(100 + number))
    assert "| classes of unequal size: cat 20, o\\|d 6 | 2 |" in plan(folder).table()


def test_what_belongs_together_leaves_every_class_on_both_sides():
    refused = 0
    for seed in range(40):
        rng = np.random.default_rng(seed)
        labels = np.repeat(["cat", "dog", "owl"], 12)
        groups = np.where(rng.random(36) < 0.5, rng.integers(0, 8, 36), np.arange(100, 136))  # some across classes
        try:
            aside = sides._quarter(labels, groups)
        except CourseError as error:
            assert "belongs together stays on one side" in str(error)
            refused += 1
            continue
        assert set(labels[aside]) == set(labels[~aside]) == {"cat", "dog", "owl"}
        assert not set(groups[aside]) & set(groups[~aside])
    assert refused < 10


def test_no_way_to_divide_is_said():
    labels, groups = np.repeat(["cat", "dog"], 8), np.arange(16) % 8  # each patient has a cat and a dog
    assert sides._quarter(labels, groups).sum() == 4
    groups = np.array([*[0] * 5, 1, 2, 3, *[0] * 5, 1, 2, 3])
    aside = sides._quarter(labels, groups)
    assert set(labels[aside]) == {"cat", "dog"} and len(set(groups[aside]) & set(groups[~aside])) == 0
    groups[8:] = 0
    with pytest.raises(CourseError, match="No such division was found.*belong together: dog.*Add others"):
        sides._quarter(labels, groups)


def test_a_larger_network_than_the_folder_was_looked_at_for(folder):
    save(folder, "cat/small.png", photo(1, 70))
    with pytest.warns(CourseWarning, match="looked at for 64 x 64 pixels, and is read at 96 x 96: 1 pictures"):
        assert findings.read(plan(folder), 96, "mine").train.images.shape[1] == 96


def test_no_folder(tmp_path):
    with pytest.raises(CourseError, match="Found nothing there"):
        inspection.look_at(tmp_path / "nowhere")


def test_nothing_is_changed(folder):
    before = {path: (path.stat().st_mtime_ns, path.stat().st_size) for path in folder.rglob("*")}
    findings.read(plan(folder), 32, "mine")
    assert before == {path: (path.stat().st_mtime_ns, path.stat().st_size) for path in folder.rglob("*")}


def test_many_files_are_looked_at_in_bounded_memory(tmp_path):
    first = save(tmp_path, "cat/0.png", Image.fromarray(RNG.integers(0, 256, (400, 400, 3), np.uint8)))
    (tmp_path / "dog").mkdir()
    for number in range(1, 600):
        (tmp_path / ("cat", "dog")[number % 2] / f"{number}.png").hardlink_to(first)
    tracemalloc.start()
    looks = inspection.look_at(tmp_path, progress=False)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(looks) == 600 and peak < 0.2 * 600 * first.stat().st_size


def test_lookalikes_of_many_in_bounded_time():
    hashes = RNG.integers(0, 256, (100_000, 18), np.uint8)
    hashes[50_000:50_100] = hashes[:100]
    hashes[50_000:50_100, 3] ^= 0b1011  # three bits
    hashes[60_000:70_000] = hashes[5]  # ten thousand times the same
    started = time.perf_counter()
    numbers = lookalikes.groups([row.tobytes() for row in hashes], [GREY] * len(hashes))
    assert time.perf_counter() - started < 60
    assert (numbers[50_000:50_100] == numbers[:100]).all() and (numbers[60_000:70_000] == numbers[5]).all()
    assert len(set(numbers)) == 100_000 - 100 - 10_000


def test_the_distance_counts():
    hashes = np.zeros((3, 18), np.uint8)
    hashes[1, :10] = 1  # ten bits from the first
    hashes[2, :10], hashes[2, 10:] = 1, 3  # eleven and more from both
    first, second, third = lookalikes.groups([row.tobytes() for row in hashes], [GREY] * 3)
    assert first == second != third
    assert len(lookalikes.groups([], [])) == 0


def test_many_that_differ_in_colour_alone_in_bounded_memory():
    grid = 51 * np.indices((6, 6, 6), np.uint8).reshape(3, -1).T  # 216 colours
    flat = grid[np.arange(3000) % len(grid), None].repeat(36, 1)
    flat[500:] = 100, 100, 100
    flat[500:] += RNG.integers(0, 10, (2500, 36, 3), np.uint8)  # nearly the same: three million pairs
    tracemalloc.start()
    numbers = lookalikes.groups([bytes(18)] * 3000, [one.tobytes() for one in flat])
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(set(numbers[500:])) == 1 and len(set(numbers)) == 6**2  # 51 more of brightness is near
    assert peak < 64 * 2**20


def square(colour, seed):
    """Return a square of one colour on a ground that is another for each seed."""
    image = Image.fromarray(np.full((96, 96, 3), 200 + seed % 40, np.uint8))
    left, top = 4 + 7 * (seed % 8), 4 + 7 * (seed // 8 % 8)
    image.paste(colour, (left, top, left + 24, top + 24))
    return image


def test_classes_that_differ_in_colour_alone_are_no_copies(tmp_path):
    for number in range(12):
        save(tmp_path, f"red/{number}.png", square((220, 0, 0), 5 * number))
        save(tmp_path, f"green/{number}.png", square((0, 113, 0), 5 * number))  # as bright as that red
    made = plan(tmp_path)
    assert "look the same, but lie in two classes" not in {one.what for one in made.findings}
    assert len(made.kept) == 24


@pytest.mark.parametrize("way", ["white, black", "sixteen bits", "cut out"])
def test_pictures_without_colours_are_no_copies_either(folder, way):
    for number in range(4):
        image = photo(number).convert("L")
        if way == "white, black":
            image = Image.new("L", (96, 96), 85 * number)
        elif way == "sixteen bits":
            image = Image.fromarray(np.asarray(image).astype(np.uint16) * 257)
        else:  # black, and all that is seen is how transparent it is
            image = Image.merge("LA", (Image.new("L", (96, 96)), image))
        save(folder, f"{('cat', 'dog')[number % 2]}/more {number}.png", image)
    made = plan(folder)
    assert not [one.what for one in made.findings if "look" in one.what] and len(set(made.groups)) == 28


EDITS = {
    "saved again": lambda image: Image.open(io.BytesIO(content(image, "JPEG", quality=60))),
    "halved": lambda image: image.resize((48, 48)),
    "lighter": lambda image: ImageEnhance.Brightness(image).enhance(1.15),
    "darker": lambda image: ImageEnhance.Brightness(image).enhance(0.87),
    "more colourful": lambda image: ImageEnhance.Color(image).enhance(1.1),
    "turned, with a note": lambda image: image.transpose(Image.Transpose.ROTATE_90),  # the camera's note is below
}


@pytest.mark.parametrize("edit", EDITS)
def test_edited_pictures_are_found(folder, edit):
    for number in range(6):
        note = Image.Exif()
        note[274] = 6 if "note" in edit else 1
        save(folder, f"cat/edited {number}.png", EDITS[edit](photo(1000 + number)), exif=note)
    files, _ = found(folder)["look like another"]
    assert len(files) == 12


def refused(folder):
    """Return the message of the refusal."""
    with pytest.raises(CourseError) as error:
        findings.read(plan(folder), 32, "mine")
    return str(error.value)


def test_a_class_of_lookalikes_cannot_be_divided(folder):
    for path in (folder / "cat").iterdir():
        path.unlink()
    (folder / "cat").rmdir()  # with two other classes it would be left out
    for number in range(12):
        save(folder, f"bird/{number}.png", photo(3000 + number // 6, 80 + number))
    words = refused(folder)
    assert "at least 4 pictures of every class that do not look alike" in words
    assert "Found 2 of 'bird': the other 10 go with these. Add others" in words


def test_every_class_is_on_both_sides_whatever_the_groups(folder):
    for number in range(20):  # one large group of a class, and three pictures alone
        save(folder, f"bird/{number}.png", photo(3000, 80 + number))
    for number in range(3):
        save(folder, f"bird/other {number}.png", photo(3001 + number))
    task = findings.read(plan(folder), 32, "mine")
    assert np.bincount(task.test.labels).tolist() == [1, 3, 3] and np.bincount(task.train.labels).tolist() == [22, 9, 9]


def test_train_without_test(folder):
    folder.rename(folder.parent / "train")
    words = refused(folder.parent)
    assert "Expected a folder 'test' beside 'train'" in words and "Found none. Add one; or move the class" in words


def parts(folder, **classes):
    """Write eight pictures for each class of each part."""
    for place, (part, labels) in enumerate(classes.items()):
        for label in labels:
            for number in range(8):
                save(folder, f"{part}/{label}/{number}.png", photo(1000 * place + 100 * len(label) + number))


def test_other_classes_in_train_and_in_test(tmp_path):
    parts(tmp_path, train=("cat", "horse"), test=("cat", "donkey"))
    words = refused(tmp_path)
    assert "Found only on one of the sides: donkey (test), horse (train). Put pictures of these classes into" in words


def test_a_class_whose_training_pictures_all_are_copies_of_the_test(tmp_path):
    parts(tmp_path, train=("cat", "horse"), test=("cat", "horse"))
    for path in (tmp_path / "test" / "cat").iterdir():
        (tmp_path / "train" / "cat" / path.name).write_bytes(path.read_bytes())
    words = refused(tmp_path)
    assert "Found only on one of the sides: cat (test)." in words and "look like a test picture: 8" in words


def test_of_several_tests_one_is_used_and_the_others_are_named(tmp_path):
    parts(tmp_path, train=("cat", "horse"), validation=("cat", "horse"), test=("cat", "horse"), more=("cat", "horse"))
    made = plan(tmp_path)
    problems = {one.what: one.files for one in made.findings}
    assert set(problems["the folder is not used: the test is 'test'"]) == {"validation", "more"} and len(problems) == 1
    assert {look.part for look in made.kept} == {"train", "test"}
    assert findings.read(made, 32, "mine").test.images.shape[0] == 16


def test_links_that_lead_back_or_away(folder, tmp_path):
    save(tmp_path, "elsewhere/1.jpg", photo(1))
    (folder / "away").symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    (folder / "back").symlink_to(folder, target_is_directory=True)
    (folder / "further").symlink_to(tmp_path, target_is_directory=True)
    (folder / "itself").symlink_to(folder / "itself")
    (folder / "gone").symlink_to(folder / "nowhere")
    (folder / "cat" / "up").symlink_to(folder, target_is_directory=True)
    (folder / "cat" / "itself.jpg").symlink_to(folder / "cat" / "itself.jpg")
    problems = {what: set(files) for what, (files, _) in found(folder).items()}
    assert problems.pop(class_folders._ASTRAY) == {"away", "back", "further"}
    assert problems.pop("a link to nothing") == {"itself", "gone"}
    assert problems.pop(class_folders._NESTED) == {"cat/up"}
    assert problems.pop("a link to nothing, or no file") == {"cat/itself.jpg"}
    assert set(problems) == {"classes without a usable picture"} and len(plan(folder).kept) == 24


def test_a_folder_in_a_class_is_named(folder):
    save(folder, "cat/holiday/1.jpg", photo(1))
    assert found(folder) == {class_folders._NESTED: (("cat/holiday",), "left out")}


def test_a_phones_picture_is_a_jpeg(folder):
    path = save(folder, "cat/phone.jpg", photo(1), format="MPO", save_all=True, append_images=[photo(2)])
    assert Image.open(path).format == "MPO"
    assert found(folder) == {} and len(plan(folder).kept) == 25


@pytest.mark.parametrize("place", ["mine", "train", "test"])
def test_folders_that_cannot_be_listed(tmp_path, monkeypatch, place):
    parts(tmp_path / "mine", train=("cat", "horse"), test=("cat", "horse"))

    def denied(path, real=class_folders.inside):
        if path.name == place:
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(class_folders, "inside", denied)
    words = refused(tmp_path / "mine")
    assert "It may not: ask its owner." in words or "the folder may not be listed: ask its owner: 1" in words


def test_folders_that_cannot_be_entered(folder, monkeypatch):
    """Names in them can be listed; what they are cannot be asked."""
    real = class_folders.Path.stat

    def denied(path, **options):
        if path.name == "secret" or path.parent.name == "dog":
            raise PermissionError(13, "Permission denied")
        return real(path, **options)

    save(folder, "bird/1.jpg", photo(1))
    save(folder, "secret/1.jpg", photo(1))
    monkeypatch.setattr(class_folders.Path, "stat", denied)
    looks = inspection.look_at(folder, progress=False)
    problems = {(look.label, look.problem) for look in looks if look.problem}
    assert problems == {
        ("secret", "it may not be looked at: ask its owner"),
        ("dog", "it may not be read: ask its owner, or copy it"),
    }
    assert sum(look.label == "dog" for look in looks) == 12
