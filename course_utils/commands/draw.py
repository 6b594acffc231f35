"""Draw the pictures of the embedded world that come with the course, and record them in the manifest.

    python -m course_utils.commands.draw            # everything
    python -m course_utils.commands.draw garden     # one collection

Target tasks get a training pool and a test set; the two sources get the held-out sample on which forgetting is
measured. Their pre-training pictures are drawn by the command `pretrain` and are not kept.
"""

import argparse
import multiprocessing
import os
import zipfile
from concurrent.futures import ProcessPoolExecutor

import numpy as np
from tqdm import tqdm

from course_utils import DATA, manifest
from course_utils.cards import Pictures
from course_utils.data import TASKS
from course_utils.large_pools import encode
from course_utils.world.catalogue import COLLECTIONS, FIRST_TEST_INDEX, picture

TRAIN_PER_CLASS = 512
TEST_PER_CLASS = 128
HELD_OUT_PER_CLASS = {"guide": 16, "slides": 25}


def draw_pictures(collection, first_index, per_class, progress=True):
    """Draw `per_class` pictures of every class, on all processors.

    Returns
    -------
    Pictures
        Ordered by class, then by index.
    """
    jobs = [(collection.name, label, first_index, per_class) for label in range(len(collection.kinds))]
    # One picture's matrices are too small to share: several BLAS threads a process would only wait for each other.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    with ProcessPoolExecutor(mp_context=multiprocessing.get_context("spawn")) as pool:
        drawn = list(tqdm(pool.map(_draw_class, jobs), collection.name, len(jobs), disable=not progress, unit="class"))
    return Pictures(np.concatenate(drawn), np.repeat(np.arange(len(jobs)), per_class))


def _draw_class(job):
    """Draw the pictures of one class, in a process of its own."""
    name, label, first_index, count = job
    return np.stack([picture(COLLECTIONS[name], label, first_index + i) for i in range(count)])


def write_zip(path, collection, parts):
    """Write pictures into a zip of class folders, byte for byte the same each time.

    Parameters
    ----------
    path : Path
    collection : Collection
    parts : dict of str to tuple of (Pictures, int)
        Folder ("train", "test" or "") -> its pictures, and how many there are of each class.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w") as archive:
        for part, (pictures, per_class) in parts.items():
            for place, (image, label) in enumerate(zip(pictures.images, pictures.labels, strict=True)):
                name = f"{collection.class_names[label]}/{place % per_class:04d}.webp"
                archive.writestr(zipfile.ZipInfo(f"{part}/{name}" if part else name), encode(image))


def draw_collection(name):
    """Draw a collection's shipped pictures into `data/` and record them."""
    collection = COLLECTIONS[name]
    if name in TASKS:
        file = f"tasks/{name}.zip"
        parts = {
            "train": (draw_pictures(collection, 0, TRAIN_PER_CLASS), TRAIN_PER_CLASS),
            "test": (draw_pictures(collection, FIRST_TEST_INDEX, TEST_PER_CLASS), TEST_PER_CLASS),
        }
    else:
        file = f"sources/{name}_held_out.zip"
        count = HELD_OUT_PER_CLASS[name]
        parts = {"": (draw_pictures(collection, FIRST_TEST_INDEX, count), count)}
    write_zip(DATA / file, collection, parts)
    manifest.record(file, [collection.number], f"python -m course_utils.commands.draw {name}")
    print(f"data/{file}: {(DATA / file).stat().st_size / 1e6:.1f} MB")


def main():
    """Draw the collections named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("collections", nargs="*", metavar="NAME", help=", ".join(COLLECTIONS))
    arguments = parser.parse_args()
    unknown = set(arguments.collections) - set(COLLECTIONS)
    if unknown:
        parser.error(f"expected names among {', '.join(COLLECTIONS)}; received {', '.join(sorted(unknown))}")
    for name in arguments.collections or COLLECTIONS:
        draw_collection(name)


if __name__ == "__main__":
    main()
