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
from PIL import Image, ImageEnhance

from course_utils import ROOT, as_seen, class_folders, data, findings, inspection, lookalikes, reading, sides
from course_utils.cards import CourseError, CourseWarning

RNG = np.random.default_rng(0)
GREY = bytes([128]) * 108  # the colours of a grey picture, as a `Look` has them


def photo(name, side=96):
    """Return a cloudy picture, another for each name."""
    small = np.random.default_rng(zlib.crc32(name.encode())).integers(0, 256, (24, 24, 3), np.uint8)
    return Image.fromarray(small).resize((side, side), Image.Resampling.BICUBIC)


def save(folder, name, image=None, **options):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(image, bytes):
        path.write_bytes(image)
    else:
        (image or photo(name)).save(path, **options)
    return path


def fill(folder, counts):
    """Save so many pictures into each folder of a class; return the folder."""
    for kind, count in counts.items():
        for number in range(count):
            save(folder, f"{kind}/{number:02}.jpg")
    return folder


@pytest.fixture
def folder(tmp_path):
    return fill(tmp_path / "mine", {"cat": 12, "dog": 12})


def plan(folder, image_size=64, **options):
    return findings.judge(inspection.look_at(folder, progress=False), image_size, **options)


def found(folder):
    return {one.what: set(one.files) for one in plan(folder).findings}


def counted(task):
    return [np.bincount(part.labels, minlength=len(task.class_names)).tolist() for part in (task.train, task.test)]


def content(image, form, **options):
    file = io.BytesIO()
    image.save(file, form, **options)
    return file.getvalue()


def bomb():
    """Return a PNG that says it has 30,000 x 30,000 pixels, and is small itself."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 30000, 30000, 8, 2, 0, 0, 0)
    parts = chunk(b"IHDR", header), chunk(b"IDAT", zlib.compress(bytes(1000))), chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def odd_note():
    """Return a camera's notes: turned, and one whose kind cannot be written again (a fraction for a unit)."""
    turned = struct.pack(">HHIHH", 0x0112, 3, 1, 6, 0)
    unit = struct.pack(">HHIf", 0x0128, 11, 1, 1.5)
    return b"Exif\0\0MM\0*" + struct.pack(">IH", 8, 2) + turned + unit + bytes(4)


def two_pictures(form):
    return content(photo("1"), form, save_all=True, append_images=[photo("2")])


def lame_tiff():
    """Return a TIFF of two pictures, of which the second one does not say how large it is."""
    data = two_pictures("TIFF")
    width = data.rindex(struct.pack("<HH", 256, 4))
    return data[:width] + struct.pack("<H", 255) + data[width + 2 :]


def sixteen_bits(largest):
    values = np.asarray(photo("1").convert("L")).astype(np.uint16) * 16
    values[0, 0] = largest
    return content(Image.fromarray(values), "PNG")


def test_a_good_folder_is_good(folder):
    made = plan(folder)
    assert made.findings == [] and len(made.kept) == 24 and len(set(made.groups)) == 24
    assert [look.path for look in made.kept] == sorted(folder.glob("*/*"))
    task = findings.read(made, 32, "mine")
    assert task.class_names == ("cat", "dog") and task.train.images.shape == (18, 32, 32, 3)
    assert counted(task) == [[9, 9], [3, 3]] and not set(task.train.groups) & set(task.test.groups)
    for part, places in ((task.train, ~made.aside), (task.test, made.aside)):
        paths = [look.path for look, wanted in zip(made.kept, places, strict=True) if wanted]
        assert np.array_equal(part.images, reading.read_files(paths, part.labels, 32).images)
        assert [task.class_names[label] for label in part.labels] == [path.parent.name for path in paths]


JPEG = content(photo("1"), "JPEG")
UNUSABLE = {
    "truncated.jpg": (JPEG[:900], "damaged: "),
    "empty.jpg": (b"", "the file is empty"),
    "text.jpg": ("고양이".encode(), "no known kind of picture, whatever its name says"),
    "drawing.jpg": (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 90 90\n", "no known kind of picture"),
    "phone.HEIC": (b"\0\0\0\x18ftypheic", "HEIC cannot be read here: save it as JPEG or PNG"),
    "phone.jpg": (b"\0\0\0\x18ftypheic" + bytes(99), "HEIC cannot be read here: save it as JPEG or PNG"),
    "dot.png": (content(photo("1", 15), "PNG"), "a side below 16 pixels shows nothing"),
    "bomb.png": (bomb(), "more than 80 million pixels: save it smaller"),
    "damaged.tif": (lame_tiff(), "damaged: "),
    "notes.txt": (b"my cats", "no known ending of a picture"),
    "no_ending": (content(photo("1"), "PNG"), "no known ending of a picture"),
}


@pytest.mark.parametrize("name", UNUSABLE)
def test_what_cannot_be_used_is_named_and_left_out(folder, name):
    data, words = UNUSABLE[name]
    save(folder, f"cat/{name}", data)
    made = plan(folder)
    (one,) = made.findings
    assert one.what.startswith(words) and one.files == (f"cat/{name}",) and one.action == "left out"
    assert len(findings.read(made, 32, "mine").train) == 18


@pytest.mark.parametrize(
    ("owner", "name", "most", "words"),
    [
        (as_seen, "MOST_PIXELS", 96**2, "more than 80 million pixels"),
        (reading, "LARGEST_FILE", len(JPEG), "more than 0 MB"),
    ],
)
def test_what_is_too_large_is_not_unpacked(tmp_path, monkeypatch, owner, name, most, words):
    save(tmp_path, "cat/large.jpg", JPEG)
    for limit, problem in ((most, ""), (most - 1, words)):
        monkeypatch.setattr(owner, name, limit)
        (look,) = inspection.look_at(tmp_path, progress=False)
        assert look.problem.partition(":")[0] == problem


NOT_PLAIN = "are not plain RGB (CMYK, palette, 16 bits, transparent)"
SMALL = "have a side below 64 pixels"
USABLE = {
    "gray.png": (content(photo("1").convert("L"), "PNG"),),
    "web.webp": (content(photo("1"), "WEBP"),),
    "고양이 사진 1.jpg": (JPEG,),
    "upper.JPG": (JPEG,),
    "saved.jfif": (JPEG,),
    "phone.jpg": (two_pictures("MPO"),),
    "just_large.png": (content(photo("1", 64), "PNG"),),
    "small.png": (content(photo("1", 63), "PNG"), SMALL),
    "smallest.png": (content(photo("1", 16), "PNG"), SMALL),
    "cmyk.jpg": (content(photo("1").convert("CMYK"), "JPEG"), NOT_PLAIN),
    "palette.png": (content(photo("1").convert("P"), "PNG"), NOT_PLAIN),
    "alpha.png": (content(photo("1").convert("RGBA"), "PNG"), NOT_PLAIN),
    "sixteen.png": (sixteen_bits(4096), NOT_PLAIN),
    "twelve.png": (sixteen_bits(4095), NOT_PLAIN, "use 12 of 16 bits a value"),
    "really_png.jpg": (content(photo("1"), "PNG"), "are of another format than their name says"),
    "several.tif": (two_pictures("TIFF"), "hold several pictures"),
    "odd_note.jpg": (content(photo("1"), "JPEG", exif=odd_note()), "were taken with a turned camera"),
}


@pytest.mark.parametrize("name", USABLE)
def test_what_is_unusual_is_named_and_all_of_it_is_read(folder, name):
    data, *words = USABLE[name]
    save(folder, f"cat/{name}", data)
    made = plan(folder)
    assert [(one.what, one.files) for one in made.findings] == [(what, (f"cat/{name}",)) for what in words]
    task = findings.read(made, 32, "mine")
    assert len(task.train) + len(task.test) == 25


def test_what_something_installed_reads_is_read(folder, monkeypatch):
    save(folder, "cat/new.avif")
    assert found(folder) == {} and len(reading.read_pictures(folder, 32)[0]) == 25
    save(folder, "cat/phone.heic", content(photo("1"), "PNG"))
    monkeypatch.setitem(Image.EXTENSION, ".heic", "HEIF")  # as pillow_heif does it
    assert found(folder) == {"are of another format than their name says": {"cat/phone.heic"}}


def test_an_installed_reader_of_heic_is_registered(tmp_path):
    (tmp_path / "pillow_heif.py").write_text("register_heif_opener = lambda: print('registered')")
    command = [sys.executable, "-c", "import course_utils.as_seen"]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), str(ROOT)])}
    assert subprocess.run(command, env=environment, capture_output=True, text=True).stdout == "registered\n"


def test_letters_that_a_mac_stores_in_pieces(tmp_path):
    for form, part in (("NFD", "Train"), ("NFC", "Test")):
        fill(tmp_path, {f"{part}/{unicodedata.normalize(form, name)}": 8 for name in ("고양이", "개")})
    made = plan(tmp_path)
    assert made.findings == [] and {look.label for look in made.kept} == {"고양이", "개"}
    for task in (findings.read(made, 32, "mine"), data.folder_task(tmp_path, 32)):
        assert task.class_names == ("개", "고양이") and counted(task) == [[8, 8], [8, 8]]


def test_a_hundred_files_that_are_cut_short_are_one_finding(folder):
    for number in range(5):
        save(folder, f"cat/short {number}.jpg", JPEG[: 900 + 10 * number])
    ((what, files),) = found(folder).items()
    assert what.startswith("damaged: ") and len(files) == 5


def test_large_pictures_are_read_one_at_a_time(tmp_path, monkeypatch):
    inside, most = [], []

    def watched(real):
        def call(image):
            inside.append(image)
            most.append(len(inside))
            time.sleep(0.02)
            inside.remove(image)
            return real(image)

        return call

    folder = fill(tmp_path, {"cat": 4, "dog": 4})
    for number in range(4):
        save(folder, f"cat/large {number}.png", photo(f"{number}", 300))
        save(folder, f"dog/sixteen {number}.png", sixteen_bits(5000 + number))
    usual = findings.read(plan(folder), 32, "mine").train.images.astype(int)
    monkeypatch.setattr(Image.Image, "getextrema", watched(Image.Image.getextrema))  # it unpacks what has 16 bits
    monkeypatch.setattr(as_seen, "plain", watched(as_seen.plain))
    monkeypatch.setattr(as_seen, "LARGE", 50)
    made = plan(folder)
    assert max(most) == 1
    most.clear()
    images = findings.read(made, 32, "mine").train.images
    assert max(most) == 1 and np.abs(usual - images).mean((1, 2, 3)).max() < 10


def test_hidden_files_are_passed_over(folder):
    for name in ("cat/.hidden.jpg", "cat/._cat.jpg", ".git/a.jpg", "notes.txt"):
        save(folder, name, b"x")
    assert found(folder) == {}


def test_pictures_in_no_class_or_too_deep_are_named(folder, tmp_path):
    save(folder, "loose.jpg")
    save(folder, "cat/holiday/1.jpg")
    assert found(folder) == {class_folders._LOOSE: {"loose.jpg"}, class_folders._NESTED: {"cat/holiday"}}
    for part in ("train", "test"):
        shutil.copytree(folder, tmp_path / "parts" / part)
    looks = inspection.look_at(tmp_path / "parts", progress=False)
    assert [look.part for look in looks if look.problem == class_folders._LOOSE] == ["test", "train"]


def test_links_to_nothing_or_that_lead_back_or_away(folder, tmp_path):
    elsewhere = save(tmp_path, "elsewhere/1.jpg")
    links = {"away": elsewhere.parent, "back": folder, "further": tmp_path, "itself": folder / "itself"}
    links |= {"gone": folder / "nowhere", "cat/up": folder, "cat/itself.jpg": folder / "cat/itself.jpg"}
    links |= {"cat/out.jpg": elsewhere, "cat/nothing.jpg": folder / "gone.jpg"}
    for name, target in links.items():
        (folder / name).symlink_to(target, target_is_directory=target.is_dir())
    assert found(folder) == {
        class_folders._ASTRAY: {"away", "back", "further"},
        class_folders._NESTED: {"cat/up"},
        "a link to nothing": {"itself", "gone"},
        "a link to nothing, or no file": {"cat/itself.jpg", "cat/nothing.jpg"},
        "a link that leaves the folder: copy the picture itself": {"cat/out.jpg"},
        "classes without a usable picture": {"away", "back", "further", "itself", "gone"},
    }
    assert len(plan(folder).kept) == 24


def deny(monkeypatch, owner, name, whom):
    """Let a function of a path be denied to some: these tests may run as root, who may do all."""
    real = getattr(owner, name)

    def denied(path, **options):
        if whom(path):
            raise PermissionError(13, "Permission denied")
        return real(path, **options)

    monkeypatch.setattr(owner, name, denied)


def test_folders_and_files_without_permission(folder, monkeypatch):
    save(folder, "secret/1.jpg")
    deny(monkeypatch, class_folders, "inside", lambda path: path.name == "secret")
    deny(monkeypatch, inspection.Path, "read_bytes", lambda path: path.name == "03.jpg")
    assert found(folder) == {
        "the folder may not be listed: ask its owner": {"secret"},
        "it may not be read: ask its owner, or copy it": {"cat/03.jpg", "dog/03.jpg"},
        "classes without a usable picture": {"secret"},
    }


def test_folders_that_cannot_be_entered(folder, monkeypatch):
    save(folder, "secret/1.jpg")
    deny(monkeypatch, class_folders.Path, "stat", lambda path: path.name == "secret" or path.parent.name == "dog")
    looks = inspection.look_at(folder, progress=False)
    assert {(look.label, look.problem) for look in looks if look.problem} == {
        ("secret", "it may not be looked at: ask its owner"),
        ("dog", "it may not be read: ask its owner, or copy it"),
    }
    assert sum(look.label == "dog" for look in looks) == 12


PARTS = {f"{part}/{kind}": 8 for part in ("train", "test") for kind in ("cat", "horse")}


@pytest.mark.parametrize(
    ("place", "words"),
    [("mine", "It may not: ask its"), ("train", "cat (test), horse (test)."), ("test", "cat (train), horse (train).")],
)
def test_folders_that_cannot_be_listed(tmp_path, monkeypatch, place, words):
    fill(tmp_path / "mine", PARTS)
    deny(monkeypatch, class_folders, "inside", lambda path: path.name == place)
    with pytest.raises(CourseError) as error:
        plan(tmp_path / "mine")
    assert words in str(error.value)
    assert place == "mine" or "the folder may not be listed: ask its owner: 1" in str(error.value)


def test_copies(folder):
    save(folder, "cat/copy.jpg", (folder / "cat/00.jpg").read_bytes())
    save(folder, "dog/wrong.jpg", photo("cat/03.jpg"), quality=60)
    assert found(folder) == {
        "are exact copies of another": {"cat/copy.jpg"},
        "look the same, but lie in two classes": {"cat/03.jpg", "dog/wrong.jpg"},
    }
    assert len(plan(folder).kept) == 24 - 1


def test_lookalikes_stay_on_one_side(folder):
    for number in range(12):
        save(folder, f"cat/again_{number}.png", photo(f"cat/{number:02}.jpg").resize((80, 80)))
    made = plan(folder)
    assert len(made.kept) == 36 and len(set(made.groups)) == 24
    assert not set(made.groups[made.aside]) & set(made.groups[~made.aside])
    assert counted(findings.read(made, 32, "mine")) == [[18, 9], [6, 3]]


def test_a_leak_from_test_to_training(tmp_path):
    fill(tmp_path, {f"{part}/{kind}": 8 for part in ("train", "validation") for kind in ("cat", "dog")})
    save(tmp_path, "train/cat/leak.jpg", photo("validation/cat/01.jpg").resize((64, 64)))
    assert found(tmp_path) == {"look like a test picture": {"train/cat/leak.jpg"}}
    assert counted(findings.read(plan(tmp_path), 32, "mine")) == [[8, 8], [8, 8]]


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
        save(folder, f"cat/edited {number}.png", EDITS[edit](photo(f"cat/{number:02}.jpg")), exif=note)
    names = [[f"cat/{number:02}.jpg", f"cat/edited {number}.png"] for number in range(6)]
    assert found(folder)["look like another"] == {*sum(names, [])}


def square(colour, seed):
    image = Image.fromarray(np.full((96, 96, 3), 200 + seed % 40, np.uint8))  # the ground is another for each seed
    left, top = 4 + 7 * (seed % 8), 4 + 7 * (seed // 8 % 8)
    image.paste(colour, (left, top, left + 24, top + 24))
    return image


COLOURS = (220, 0, 0), (0, 113, 0)  # of one brightness
DIFFERENT = {
    "in colour alone": lambda number: square(COLOURS[number % 2], 5 * (number // 2)),
    "white, black": lambda number: Image.new("L", (96, 96), 85 * number),
    "sixteen bits": lambda number: Image.fromarray(np.asarray(photo(f"{number}").convert("L")).astype(np.uint16) * 257),
    # Black, and all that is seen is how transparent it is.
    "cut out": lambda number: Image.merge("LA", (Image.new("L", (96, 96)), photo(f"{number}").convert("L"))),
}


@pytest.mark.parametrize("way", DIFFERENT)
def test_pictures_that_differ_are_no_copies(folder, way):
    for number in range(4):
        save(folder, f"{('cat', 'dog')[number % 2]}/more {number}.png", DIFFERENT[way](number))
    made = plan(folder)
    assert not [one.what for one in made.findings if "look" in one.what] and len(set(made.groups)) == 28


def alike(bits, colours=(GREY, GREY)):
    first, second = lookalikes.groups([row.tobytes() for row in np.packbits(bits, axis=1)], colours)
    return first == second


def test_hashes_may_differ_in_ten_bits_and_not_in_eleven():
    parts = np.array_split(np.arange(144), 11)
    for same in range(11):  # ten bits may lie in ten of the eleven parts by which others are looked for
        bits = np.zeros((2, 144), bool)
        bits[1, [part[-1] for part in parts[:same] + parts[same + 1 :]]] = True
        assert bits.sum() == 10 and alike(bits)
        bits[1, parts[same - 1][0]] = True
        assert not alike(bits)
    assert len(lookalikes.groups([], [])) == 0


@pytest.mark.parametrize(("channel", "most"), [(0, 60), (1, 20), (2, 20)], ids=["brightness", "blueness", "redness"])
def test_colours_may_differ_a_little_in_each_part(channel, most):
    for more, near in ((most, True), (most + 1, False)):
        colours = np.full((2, 36, 3), 128, np.uint8)
        colours[1, :, channel] = 128 + most
        colours[1, 17, channel] = 128 - more
        assert alike(np.zeros((2, 144), bool), [one.tobytes() for one in colours]) == near


def test_of_many_pictures_only_few_are_compared(monkeypatch):
    compared, near = [], lookalikes._near

    def watched(rows, colours, keys, some, others):
        compared.append(len(some) * len(others))
        return near(rows, colours, keys, some, others)

    monkeypatch.setattr(lookalikes, "_near", watched)
    hashes = np.random.default_rng(0).integers(0, 256, (5000, 18), np.uint8)
    hashes[2500:2600] = hashes[:100]
    hashes[2500:2600, 3] ^= 0b1011  # three bits
    hashes[4500:] = hashes[5]  # many times the same
    numbers = lookalikes.groups([row.tobytes() for row in hashes], [GREY] * 5000)
    assert (numbers[2500:2600] == numbers[:100]).all()
    assert (numbers[4500:] == numbers[5]).all() and len(set(numbers)) == 4400
    assert 0 < sum(compared) < 0.003 * 5000**2


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


LOOK = """
import sys
import psutil
from course_utils import inspection

class Bar(inspection.tqdm):
    def update(self):
        taken.append(psutil.Process().memory_info().rss)

taken, inspection.tqdm = [], Bar
looks = inspection.look_at(sys.argv[1])
print(sum(not look.problem for look in looks), len(taken), max(taken) - taken[9])
"""


def test_the_bar_moves_with_every_file_and_memory_is_bounded(tmp_path):
    noise = Image.fromarray(RNG.integers(0, 256, (1000, 1000, 3), np.uint8))
    first = save(tmp_path, "cat/0.bmp", noise)  # as large on the disk as in memory
    for number in range(1, 60):
        (tmp_path / "cat" / f"{number}.bmp").hardlink_to(first)
    done = subprocess.run([sys.executable, "-c", LOOK, tmp_path], cwd=ROOT, check=True, capture_output=True, text=True)
    looked, moves, more = map(int, done.stdout.split())
    assert looked == moves == 60 and more < 0.2 * 50 * first.stat().st_size


def test_classes_that_are_small_or_of_unequal_size(folder):
    assert found(fill(folder, {"bird": 10, "cat": 30})) == {}
    assert found(fill(folder, {"cat": 31})) == {"classes of unequal size: cat 31, bird 10": {"bird", "cat"}}
    assert found(fill(folder, {"fish": 9}))["classes with fewer than 10 pictures"] == {"fish"}


def test_names_in_the_table(folder):
    (folder / "empty").mkdir()
    save(folder, "cat/a|b.jpg", b"")
    rows = plan(fill(folder, {"o|d": 6, "cat": 20})).table().splitlines()
    assert "| classes without a usable picture | 1 | `empty` | left out |" in rows
    assert "| the file is empty | 1 | `cat/a\\|b.jpg` | left out |" in rows  # no column
    assert "| classes of unequal size: cat 20, o\\|d 6 | 2 | `o\\|d` | " in plan(folder).table()


def test_a_class_with_few_pictures_is_left_out_while_two_are_left(folder):
    fill(folder, {"bird": 5, "cow": 6})
    for kind, different in (("fish", 3), ("frog", 4)):
        for number in range(6):
            save(folder, f"{kind}/{number}.jpg", photo(f"{kind} {number % different}"), quality=60 + number)
    made = plan(folder)
    ((files, action),) = [(one.files, one.action) for one in made.findings if "fewer than 6" in one.what]
    assert files == ("bird", "fish") and action == "left out: too few to train on and to test"
    assert not [one for one in made.findings if "without a usable" in one.what]
    task = findings.read(made, 32, "mine")
    assert task.class_names == ("cat", "cow", "dog", "frog")
    assert min(counted(task)[0]) >= 4 and min(counted(task)[1]) >= 1


def test_small_classes_of_a_divided_folder_are_left_out_too(tmp_path):
    train = {"train/cat": 4, "train/dog": 8, "train/bird": 3}
    made = plan(fill(tmp_path, {**train, "test/cat": 4, "test/dog": 8, "test/bird": 8}))
    assert found(tmp_path)["classes with fewer than 4 usable training pictures"] == {"bird"}
    assert findings.read(made, 32, "mine").class_names == ("cat", "dog")


def few_birds(folder):
    fill(folder, {"cat": 12})
    for number in range(12):
        save(folder, f"bird/{number}.png", photo(f"bird {number // 6}", 80 + number))


def copies_of_the_test(folder):
    fill(folder, PARTS)
    shutil.rmtree(folder / "train/cat")
    shutil.copytree(folder / "test/cat", folder / "train/cat")


ENOUGH, ONLY = "at least 6 usable pictures of every class. Found ", "Found only on one of the sides: "
REFUSED = {
    "no folder": (lambda folder: None, "Expected a folder at ", "Found nothing there."),
    "a file": (lambda folder: folder.touch(), "Expected a folder at ", "Found a file there."),
    "no class": (lambda folder: folder.mkdir(), "one folder of pictures per class"),
    "one class": ({"cat": 12}, "two classes or more. Found 1 (cat)"),
    "two, one too small": ({"cat": 12, "dog": 5}, f"{ENOUGH}5 of 'dog'"),
    "three, two too small": ({"cat": 12, "dog": 2, "bird": 5}, f"{ENOUGH}2 of 'dog'"),
    "all too small": ({"cat": 5, "dog": 5}, f"{ENOUGH}5 of 'cat'"),
    "too few to train": (PARTS | {"train/cat": 3}, "4 usable training pictures of every class. Found 3 of 'cat'"),
    "lookalikes": (few_birds, "4 pictures of every class that do not look alike", "Found 2 of 'bird': the other 10 go"),
    "train without test": ({"train/cat": 8}, "Expected a folder 'test' beside 'train'", "Found none. Add one; or move"),
    "other classes in test": (PARTS | {"train/dog": 8, "test/ape": 8}, f"{ONLY}ape (test), dog (train). Put pictures"),
    "copies of the test": (copies_of_the_test, f"{ONLY}cat (test).", "look like a test picture: 8"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_a_task_is_refused(tmp_path, name):
    make, *words = REFUSED[name]
    make(tmp_path / "mine") if callable(make) else fill(tmp_path / "mine", make)
    with pytest.raises(CourseError) as error:
        plan(tmp_path / "mine")
    assert [part for part in words if part not in str(error.value)] == [], error.value


def test_of_several_tests_one_is_used_and_the_others_are_named(tmp_path):
    parts = PARTS | {f"{part}/{kind}": 8 for part in ("validation", "more") for kind in ("cat", "horse")}
    assert found(fill(tmp_path, parts)) == {"the folder is not used: the test is 'test'": {"validation", "more"}}
    made = plan(tmp_path)
    assert {look.part for look in made.kept} == {"train", "test"}
    assert counted(findings.read(made, 32, "mine")) == [[8, 8], [8, 8]]


def test_every_class_is_on_both_sides_whatever_the_groups(folder):
    for number in range(20):  # one large group of a class, and three pictures alone
        save(folder, f"bird/{number}.png", photo("bird", 80 + number))
    fill(folder, {"bird": 3})
    assert counted(findings.read(plan(folder), 32, "mine")) == [[22, 9, 9], [1, 3, 3]]


def test_who_is_in_the_test_is_not_trained_on(tmp_path):
    names = [f"{kind}/{who}_{number}.png" for kind in ("cat", "dog") for who in "abcd" for number in range(4)]
    for part, some in (("train", "abc"), ("test", "cd")):
        for name in names:
            if name[4] in some:
                save(tmp_path, f"{part}/{name}")
    made = plan(tmp_path, 32, together=lambda path: path.name.split("_")[0])
    ((what, files),) = [(one.what, one.files) for one in made.findings if one.what.startswith("belong together")]
    assert what == "belong together with a test picture"
    assert set(files) == {f"train/{name}" for name in names if name[4] == "c"}
    assert {look.path.name[0] for look, test in zip(made.kept, made.aside, strict=True) if not test} == {"a", "b"}


def quarter(labels, groups):
    """Return what is set aside, after checking it: every class on both sides, and every group on one."""
    aside = sides._quarter(labels, groups)
    for name in set(labels):
        assert aside[labels == name].any() and (labels[~aside] == name).sum() >= 4
    assert not set(groups[aside]) & set(groups[~aside])
    return aside


@pytest.mark.parametrize("large", [(3, 20), (3, 3, 3, 3), (4, 4, 4, 4), (5, 5, 5, 5)])
def test_a_large_group_does_not_take_what_training_needs(large):
    sizes = [size for one in large for size in (one, 1, 1, 1)]  # of the groups; four of each class
    groups = np.repeat(np.arange(len(sizes)), sizes)
    labels = groups // 4
    for seed in range(20):
        order = np.random.default_rng(seed).permutation(len(labels))
        quarter(labels[order], groups[order])


def test_what_belongs_together_leaves_every_class_on_both_sides():
    refused = 0
    for seed in range(40):
        rng = np.random.default_rng(seed)
        labels = np.repeat(["cat", "dog", "owl"], 12)
        groups = np.where(rng.random(36) < 0.5, rng.integers(0, 8, 36), np.arange(100, 136))  # some across classes
        try:
            assert 0.1 < quarter(labels, groups).mean() < 0.5
        except CourseError as error:
            assert "belongs together stays on one side" in str(error)
            refused += 1
    assert refused < 10


def test_no_way_to_divide_is_said():
    labels, groups = np.repeat(["cat", "dog"], 8), np.arange(16) % 8  # each patient has a cat and a dog
    assert quarter(labels, groups).sum() == 4
    groups = np.maximum(groups - 4, 0)
    quarter(labels, groups)
    groups[8:] = 0
    with pytest.raises(CourseError, match="No such division was found.*belong together: dog.*Add others"):
        sides._quarter(labels, groups)


def test_a_larger_network_than_the_folder_was_looked_at_for(folder):
    save(folder, "cat/small.png", photo("1", 95))
    with pytest.warns(CourseWarning, match="looked at for 64 x 64 pixels, and is read at 96 x 96: 1 pictures"):
        assert findings.read(plan(folder), 96, "mine").train.images.shape[1] == 96


def test_nothing_is_changed(folder):
    before = {path: (path.stat().st_mtime_ns, path.stat().st_size) for path in folder.rglob("*")}
    findings.read(plan(folder), 32, "mine")
    assert before == {path: (path.stat().st_mtime_ns, path.stat().st_size) for path in folder.rglob("*")}
