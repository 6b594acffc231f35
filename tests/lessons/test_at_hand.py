"""Notebook 08 says what it works with, and works with what is here."""

import os

import nbformat
import numpy as np
import pytest
from nbclient import NotebookClient
from PIL import Image

from course_utils import ROOT, at_hand, downloads, sweep_plan, weights_files
from course_utils.cards import CourseError


@pytest.fixture
def photographs(tmp_path):
    """Write two folders of photographs, the second with classes of unequal size."""
    rng = np.random.default_rng(0)
    for task, sizes in {"pets": (6, 6), "cells": (9, 4)}.items():
        for part in ("train", "test"):
            for kind, size in zip("ab", sizes, strict=True):
                folder = tmp_path / task / part / kind
                folder.mkdir(parents=True)
                for number in range(size):
                    Image.fromarray(rng.integers(0, 255, (32, 32, 3), np.uint8)).save(folder / f"{number}.png")
    return tmp_path / "pets", tmp_path / "cells"


@pytest.mark.parametrize(("here", "side", "network"), [(True, 96, "MobileNetV2"), (False, 64, "coursenet_photos")])
def test_photographs_are_read_in_the_size_of_the_best_network_here(here, side, network, photographs, monkeypatch):
    monkeypatch.setattr(weights_files, "offline_file", lambda *_: "a file" if here else None)
    found = at_hand.look(*photographs, n_train=10, n_test=6)
    assert (found.backbone, found.similar.name, found.dissimilar.name) == (network, "pets", "cells")
    assert found.similar.train.images.shape == (10, side, side, 3)
    sizes = [np.bincount(part.labels).tolist() for part in (found.dissimilar.train, found.dissimilar.test)]
    assert sizes == [[4, 4], [3, 3]]
    assert ("The weights of MobileNetV2 0.35 are not here" in found.words) != here
    fewer = "Of cells 8 pictures are for training and 6 for the test, in place of 10 and 6: of every class as many as"
    assert found.words.endswith(f"on pets and cells, {side} x {side} pixels. {fewer} the smallest one has.")


@pytest.mark.parametrize("missing", [0, 1])
def test_without_both_kinds_of_photographs_drawn_pictures_stand_in(missing, photographs, monkeypatch):
    monkeypatch.setattr(weights_files, "offline_file", lambda *_: "a file")
    places = list(photographs)
    places[missing] = None
    found = at_hand.look(*places, n_train=64, n_test=64)
    assert (found.backbone, found.similar.name, found.dissimilar.name) == ("coursenet_guide", "garden", "biopsy")
    assert found.words.startswith("No photographs of both kinds are here")
    assert len(found.similar.train) == len(found.dissimilar.test) == 64


def test_downloaded_pictures_are_known_as_measured_ones(photographs, monkeypatch):
    monkeypatch.setattr(weights_files, "offline_file", lambda *_: "a file")
    inside = photographs[0].with_name(downloads.find("cats_and_dogs").inside)
    photographs[0].rename(inside)
    assert at_hand.look(inside, photographs[1], 8, 8).similar.name in sweep_plan.WORLDS["photographs"].tasks


def test_one_folder_is_not_two_tasks(photographs):
    with pytest.raises(CourseError, match="Expected two folders, one for each task"):
        at_hand.look(photographs[0], photographs[0], 8, 8)
    with pytest.raises(CourseError, match="nowhere"):
        at_hand.look(photographs[0], photographs[0] / "nowhere", 8, 8)


NOTEBOOK = ROOT / "notebooks/08_real_photographs.ipynb"


def printed(notebook):
    """Return all that the cells of a notebook print."""
    outputs = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    return "".join(output.text for output in outputs if output.output_type == "stream")


def test_no_photograph_is_stored():
    assert "No photographs of both kinds are here" in printed(nbformat.read(NOTEBOOK, as_version=4))


@pytest.mark.long
@pytest.mark.skipif("COURSE_PHOTOS" not in os.environ, reason="no real photographs: nbval runs notebook 08")
def test_notebook_08_runs_to_its_end_without_photographs(monkeypatch):
    for name in ("COURSE_PHOTOS", "COURSE_PHOTOS_DISSIMILAR", "COURSE_WEIGHTS"):
        monkeypatch.delenv(name)
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    NotebookClient(notebook, resources={"metadata": {"path": str(NOTEBOOK.parent)}}, timeout=120).execute()
    assert "No photographs of both kinds are here" in printed(notebook)
    assert "garden: " in printed(notebook) and "biopsy: " in printed(notebook)
