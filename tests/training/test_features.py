"""Features are kept by content, in memory or on disk; on disk they are whole or absent, whoever writes or dies."""

import os
import subprocess
import sys
import time

import numpy as np
import pytest

from course_utils import ROOT, backbones, cutting, features, store
from course_utils.cards import CourseError


@pytest.fixture(autouse=True)
def empty(tmp_path, monkeypatch):
    """Keep features nowhere but here."""
    monkeypatch.setattr(store, "FOLDER", tmp_path)
    monkeypatch.setattr(features, "_memory", features.OrderedDict())


@pytest.fixture(scope="module")
def images():
    return np.random.default_rng(0).integers(0, 255, (10, 64, 64, 3), dtype=np.uint8)


def base_to(block, weights="pretrained"):
    base = backbones.load("coursenet_guide", weights)
    return cutting.cut(backbones.attach_head(base, 8), cutting.last_layer(base, block))[0]


@pytest.fixture
def computed(monkeypatch):
    """Count how often features are computed."""
    calls = []
    fill = features._fill
    monkeypatch.setattr(features, "_fill", lambda *given: (calls.append(1), fill(*given)))
    return calls


def test_kept_features_are_those_of_the_base_and_computed_once(images, computed, monkeypatch):
    monkeypatch.setattr(features, "PART", 4)
    monkeypatch.setattr(features, "BATCH", 3)
    base = base_to("block5")
    found = features.kept("coursenet_guide", base, images)
    np.testing.assert_allclose(found, base(backbones.preprocess("coursenet_guide", images)), atol=1e-3)
    assert features.kept("coursenet_guide", base_to("block5"), images.copy()) is found, "built anew, it is the same"
    assert len(computed) == 1 and not found.flags.writeable


def test_whatever_decides_the_features_is_in_the_key(images, computed):
    base, other_kind, other_statistics = (base_to("block4") for _ in range(3))
    other_kind.get_layer("block2_relu1").negative_slope = 0.1
    mean = other_statistics.get_layer("block2_bn1").moving_mean
    mean.assign(mean + 1e-3)
    others = {"cut": base_to("block3"), "weights": base_to("block4", None), "layer": other_kind}
    others |= {"itself": base, "BatchNorm statistics": other_statistics}
    cases = {name: ("coursenet_guide", one, images) for name, one in others.items()}
    cases |= {"order": ("coursenet_guide", base, images[::-1]), "number": ("coursenet_guide", base, images[:9])}
    for count, (name, case) in enumerate((cases | {"preprocessing": ("VGG16", base, images)}).items(), 1):
        features.kept(*case)
        assert len(computed) == count, name


def test_memory_is_bounded_and_what_was_used_last_stays(images, computed, monkeypatch):
    base = base_to("block5")
    monkeypatch.setattr(features, "IN_MEMORY", 2.5 * features.extract("coursenet_guide", base, images).nbytes)
    computed.clear()
    a, b, c = images, images[::-1], images // 2
    for pictures in (a, b, a, c, a):  # c takes the place of b, since a was used after it
        features.kept("coursenet_guide", base, pictures)
    assert len(computed) == 3 and len(features._memory) == 2
    features.kept("coursenet_guide", base, b)
    assert len(computed) == 4


@pytest.mark.parametrize(("room", "copies", "on_disk"), [(4, 2, False), (4, 3, True), (2, 1, False), (1.99, 1, True)])
def test_more_than_half_of_the_memory_goes_to_disk(images, computed, monkeypatch, tmp_path, room, copies, on_disk):
    monkeypatch.setattr(features, "IN_MEMORY", int(room * 10 * 4 * 4 * 128 * 4))
    first, again = (features.kept("coursenet_guide", base_to("block5"), images, copies) for _ in range(2))
    assert isinstance(again, np.memmap) is on_disk and len(computed) == 1
    np.testing.assert_array_equal(first, again)
    with pytest.raises(ValueError, match="read-only"):
        again[0] = 0
    assert [path.suffix for path in tmp_path.iterdir()] == [".npy"] * on_disk
    assert len(features._memory) == (not on_disk)
    features.forget()
    assert not features._memory and not list(tmp_path.iterdir())


def filled(value):
    return lambda empty: empty.__setitem__(slice(None), value)


def test_the_disk_is_bounded_and_what_was_used_last_stays(tmp_path, monkeypatch):
    monkeypatch.setattr(store, "AT_MOST", 3 * 4000 + 2 * 128)  # just three arrays, the first two with their headers
    for place, key in enumerate("abc"):
        store.array(key, (1000,), filled(place))
        os.utime(tmp_path / f"{key}.npy", (place, place))
    store.array("a", (1000,), filled(9))  # used again
    store.array("d", (1000,), filled(3))
    assert {path.name for path in tmp_path.iterdir()} == {"a.npy", "c.npy", "d.npy"}
    assert store.array("a", (1000,), filled(9))[0] == 0


def test_a_full_disk_is_said_in_a_sentence(tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "posix_fallocate", full, raising=False)
        with pytest.raises(CourseError, match="Expected 0.0 GiB of free disk.*No space left.*Free some space"):
            store.array("a", (1000,), filled(1))
    monkeypatch.setattr(store, "AT_MOST", 2**60)
    with pytest.raises(CourseError, match="free disk.*There are .* GiB.*Free some space"):
        store.array("a", (2**20, 2**20), filled(1))
    assert not list(tmp_path.iterdir()), "nothing is left of it"


def test_room_is_taken_before_anything_is_computed(tmp_path):
    def write(empty):
        (part,) = tmp_path.glob("*.part")
        assert part.stat().st_blocks * 512 >= empty.nbytes, "a file with holes ends the process when the disk is full"
        empty[:] = 1

    store.array("a", (10_000,), write)


def test_unfinished_files_count_and_what_another_kernel_deletes_is_made_again(tmp_path, monkeypatch):
    monkeypatch.setattr(store, "AT_MOST", 3 * 4000 + 2 * 128 - 1)
    store.array("a", (1000,), filled(1))
    (tmp_path / "b.0.part").write_bytes(bytes(4128))  # another kernel is writing
    store.array("c", (1000,), filled(1))
    assert {path.name for path in tmp_path.iterdir()} == {"b.0.part", "c.npy"}
    utime, deleted = os.utime, []

    def delete_once(path):
        if not deleted:
            deleted.append(path)
            path.unlink()
        utime(path)

    monkeypatch.setattr(os, "utime", delete_once)
    assert store.array("c", (1000,), filled(7))[0] == 7


SLOWLY = """
import sys, time
from pathlib import Path
from course_utils import store
store.FOLDER = Path(sys.argv[1])
def write(empty):
    for row in range(len(empty)):
        empty[row] = row
        time.sleep(float(sys.argv[2]))
print(int(store.array("a", (20, 1000), write).sum()))
"""


def start(tmp_path, pause):
    command = [sys.executable, "-c", SLOWLY, str(tmp_path), str(pause)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def test_two_kernels_may_make_the_same_array_at_once(tmp_path):
    sums = [process.communicate()[0].strip() for process in [start(tmp_path, 0.02) for _ in range(2)]]
    assert sums == ["190000", "190000"]
    assert [path.name for path in tmp_path.iterdir()] == ["a.npy"]


def test_a_kernel_that_is_killed_leaves_nothing_that_counts(tmp_path):
    killed = start(tmp_path, 1.0)
    while not list(tmp_path.glob("*.part")):
        time.sleep(0.01)
    killed.kill()
    killed.wait()
    assert not (tmp_path / "a.npy").exists()
    (left,) = tmp_path.glob("*.part")
    os.utime(left, (0, 0))
    assert store.array("a", (20, 1000), filled(1)).sum() == 20_000
    assert [path.name for path in tmp_path.iterdir()] == ["a.npy"], "what was left over has gone, once it was old"
