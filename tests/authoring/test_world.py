"""The drawing functions still give the pictures that come with the course.

`fixtures/reference_pictures.npz` holds some pictures as they left the drawing functions, before compression. After a
change that is meant to alter pictures, draw the course's data anew (`python -m course_utils.commands.draw`), then the
reference, from the course's folder:

    python -m tests.authoring.test_world
"""

import dataclasses
import io
import multiprocessing
import zipfile
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from course_utils import DATA, data
from course_utils.commands import draw
from course_utils.world.catalogue import COLLECTIONS, FIRST_TEST_INDEX, picture

REFERENCE = Path(__file__).parent / "fixtures/reference_pictures.npz"
PER_COLLECTION = 6


def shipped(name):
    """List (label, index, place in the collection's zip) of the first picture of every class and part."""
    names = list(enumerate(COLLECTIONS[name].class_names))
    if name not in data.TASKS:
        return [(label, FIRST_TEST_INDEX, f"{class_name}/0000.webp") for label, class_name in names]
    starts = (("train", 0), ("test", FIRST_TEST_INDEX))
    return [(label, start, f"{part}/{class_name}/0000.webp") for part, start in starts for label, class_name in names]


def zip_of(name):
    return zipfile.ZipFile(DATA / (f"tasks/{name}.zip" if name in data.TASKS else f"sources/{name}_held_out.zip"))


def draw_shipped():
    """Draw every picture of `shipped`; return, for each collection, an array of shape (pictures, 64, 64, 3), uint8.

    As the command `draw` does: in fresh processes with one BLAS thread each, since another number of threads may
    change the last digit of a matrix product.
    """
    jobs = [(name, label, index, 1) for name in COLLECTIONS for label, index, _ in shipped(name)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OPENBLAS_NUM_THREADS", "1")
        with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as pool:
            drawn = list(pool.map(draw._draw_class, jobs, chunksize=16))
    return {name: np.concatenate([d for d, job in zip(drawn, jobs) if job[0] == name]) for name in COLLECTIONS}


def chosen(name):
    """Choose the pictures of a collection that the reference keeps: positions in `shipped`, spread evenly."""
    return np.linspace(0, len(shipped(name)) - 1, PER_COLLECTION).astype(int)


def write_reference():
    drawn = draw_shipped()
    REFERENCE.parent.mkdir(exist_ok=True)
    np.savez_compressed(REFERENCE, **{name: drawn[name][chosen(name)] for name in COLLECTIONS})
    print(f"{REFERENCE}: {REFERENCE.stat().st_size / 1000:.0f} kB")


@pytest.fixture(scope="module")
def drawn():
    return draw_shipped()


@pytest.fixture(scope="module")
def reference():
    with np.load(REFERENCE) as file:
        return dict(file)


@pytest.mark.parametrize("name", COLLECTIONS)
def test_pictures_are_those_of_the_reference(drawn, reference, name):
    again = drawn[name][chosen(name)]
    assert again.dtype == reference[name].dtype == np.uint8 and again.shape == reference[name].shape
    assert np.abs(again.astype(int) - reference[name]).max() <= 1


@pytest.mark.parametrize("name", COLLECTIONS)
def test_a_processor_that_draws_the_other_collections_to_the_bit_draws_this_one_so(drawn, reference, name):
    # In each a picture of six may have another last digit, also on a processor of the same kind.
    equal = {one: (drawn[one][chosen(one)] == reference[one]).all(axis=(1, 2, 3)).sum() for one in COLLECTIONS}
    here = equal.pop(name)
    if min(equal.values()) < PER_COLLECTION - 1:
        pytest.skip("a processor that draws other bytes")
    assert here >= PER_COLLECTION - 1


@pytest.mark.parametrize("name", COLLECTIONS)
def test_the_reference_is_compressed_to_the_shipped_bytes(reference, name):
    with zip_of(name) as archive:
        wanted = [archive.read(shipped(name)[place][2]) for place in chosen(name)]
    assert [draw.encode(one) for one in reference[name]] == wanted


@pytest.mark.parametrize("name", COLLECTIONS)
def test_every_class_is_in_its_own_folder(drawn, name):
    # Compression changes a picture by a few grey levels; other pictures are much further away.
    with zip_of(name) as archive:
        files = [Image.open(io.BytesIO(archive.read(place))) for *_, place in shipped(name)]
    differences = [np.abs(np.asarray(file) - raw.astype(float)).mean() for file, raw in zip(files, drawn[name])]
    assert max(differences) < 8


@pytest.mark.parametrize("name", COLLECTIONS)
def test_zip_holds_every_picture_once(name):
    counts = {"train/": draw.TRAIN_PER_CLASS, "test/": draw.TEST_PER_CLASS}
    if name not in data.TASKS:
        counts = {"": draw.HELD_OUT_PER_CLASS[name]}
    classes = COLLECTIONS[name].class_names
    wanted = [f"{part}{c}/{i:04d}.webp" for part, count in counts.items() for c in classes for i in range(count)]
    with zip_of(name) as archive:
        assert archive.namelist() == wanted
        contents = {(info.CRC, info.file_size) for info in archive.infolist()}
    assert len(contents) == len(wanted), "a picture is there twice"


def test_no_target_class_is_in_a_source():
    def traits(kind):
        return (type(kind).__name__, *dataclasses.astuple(dataclasses.replace(kind, name="")))

    for source, target in [(COLLECTIONS[s], COLLECTIONS[t]) for s in draw.HELD_OUT_PER_CLASS for t in data.TASKS]:
        assert set(source.class_names).isdisjoint(target.class_names)
        assert {traits(kind) for kind in source.kinds}.isdisjoint(traits(kind) for kind in target.kinds)


def test_collections_have_numbers_of_their_own_and_their_classes_the_order_of_the_alphabet():
    assert len({collection.number for collection in COLLECTIONS.values()}) == len(COLLECTIONS) == 5
    for collection in COLLECTIONS.values():
        assert list(collection.class_names) == sorted(set(collection.class_names))


@pytest.mark.parametrize("name", COLLECTIONS)
def test_picture_does_not_depend_on_those_before_it(name):
    collection = COLLECTIONS[name]
    first = picture(collection, 1, 7)
    kept = first.copy()
    first[:] = 0  # a picture is the caller's own
    others = [picture(other, 1, 7) for other in COLLECTIONS.values() if other is not collection]
    others += [picture(collection, 0, 7), picture(collection, 1, 8), picture(collection, 1, FIRST_TEST_INDEX + 7)]
    np.random.seed(0)
    assert np.array_equal(picture(collection, 1, 7), kept)
    assert not any(np.array_equal(other, kept) for other in others)


if __name__ == "__main__":
    write_reference()
