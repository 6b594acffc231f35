"""Finding pictures that are the same, or nearly: saved again, resized, or made a little lighter.

Two pictures look alike if two things hold. Their perceptual hashes (Zauner 2010, phash; 12 x 12 = 144 bits), which know
no colours, differ in at most `DISTANCE` bits. And in none of 6 x 6 parts their colours differ by more than `NEAR`: so a
red square is no copy of a green one. On the photographs that the course is tested with, 96 of 100 pictures or more are
found again when they were saved again, halved, or made 15 % lighter, and no two others were nearer than 14 bits. A
cropped copy is mostly not found. A grey version is found only where a picture has little colour itself: of cats and
dogs less than half, of aerial photographs nearly all.
"""

from itertools import combinations_with_replacement

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

DISTANCE = 10
NEAR = np.array([60, 20, 20], np.uint8)  # of 255, in brightness, blueness, redness (YCbCr)
# Hashes that differ in at most 10 of 144 bits are the same in one of 11 parts, or in more.
PARTS = DISTANCE + 1
CHUNK = 256  # pictures that are compared with as many others at once: so memory stays bounded


def groups(hashes, colours):
    """Return a number for each picture, the same for all that look alike.

    What looks like a picture of a group is in the group: a chain of small changes ends in one group.

    Parameters
    ----------
    hashes : sequence of bytes
        All of one length.
    colours : sequence of bytes
        Brightness, blueness and redness of some parts of each picture: all of one length.

    Returns
    -------
    ndarray of shape (n,), int
    """
    if not len(hashes):
        return np.zeros(0, int)
    rows = np.frombuffer(b"".join(map(bytes.__add__, hashes, colours)), np.uint8).reshape(len(hashes), -1)
    different, place = np.unique(rows, axis=0, return_inverse=True)
    rows, colours = np.split(different, [len(hashes[0])], axis=1)
    keys = _keys(rows)
    rows = np.pad(rows, ((0, 0), (0, -rows.shape[1] % 8))).view(np.uint64)  # eight bytes are compared at once
    pairs = [_alike(rows, colours, keys[:number]) for number in range(1, PARTS + 1)]
    first, second = np.concatenate(pairs, axis=1)
    return _joined(first, second, len(different))[place.ravel()]


def _joined(first, second, n):
    """Return a number for each of n things, the same for those that pairs join, directly or by way of others."""
    graph = coo_array((np.ones(len(first), bool), (first, second)), shape=(n, n))
    return connected_components(graph, directed=False)[1]


def _keys(rows):
    """Return each part of the hashes as a number: ndarray of shape (PARTS, n)."""
    bits = np.unpackbits(rows, axis=1)
    return np.stack([part @ (1 << np.arange(part.shape[1])) for part in np.array_split(bits, PARTS, axis=1)])


def _alike(rows, colours, keys):
    """Return pairs of pictures that look alike and have the last key in common: ndarray of shape (2, n_pairs)."""
    order = np.argsort(keys[-1], kind="stable")
    buckets = np.split(order, np.flatnonzero(np.diff(keys[-1][order])) + 1)
    found = [np.zeros((2, 0), int)]
    for bucket in buckets:
        if len(bucket) > 1 and not (keys[:-1, bucket] == keys[:-1, bucket[:1]]).all(1).any():  # else done before
            parts = np.split(bucket, range(CHUNK, len(bucket), CHUNK))
            found += [_near(rows, colours, keys, *pair) for pair in combinations_with_replacement(parts, 2)]
    return np.concatenate(found, axis=1)


def _near(rows, colours, keys, some, others):
    """Return as few pairs of some pictures and others as join all that look alike: ndarray of shape (2, n_pairs)."""
    bits = np.bitwise_count(rows[some][:, None] ^ rows[others][None]).sum(2)
    first, second = np.nonzero(bits <= DISTANCE)
    first, second = some[first], others[second]
    # Each pair once: in one order, and by the first key that both have.
    once = (first < second) & (keys[:-1, first] != keys[:-1, second]).all(0)
    first, second = first[once], second[once]
    apart = np.maximum(colours[first], colours[second]) - np.minimum(colours[first], colours[second])
    near = (apart <= np.tile(NEAR, apart.shape[1] // len(NEAR))).all(1)
    return _spanning(first[near], second[near])


def _spanning(first, second):
    """Return as few pairs as join the same things."""
    if len(first) <= CHUNK:
        return np.stack([first, second])
    things, ends = np.unique(np.stack([first, second]), return_inverse=True)
    numbers = _joined(*ends.reshape(2, -1), len(things))
    return np.stack([things, things[np.unique(numbers, return_index=True)[1]][numbers]])
