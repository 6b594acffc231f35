"""What a worker of the sweep does: one run, on one processor core."""

import os
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from course_utils import data, large_pools, records, sweep_plan
from course_utils.cards import CourseError

# TensorFlow reads these when it starts. Two runs on a core each are done sooner than one after the other on both.
ONE_CORE = {"TF_NUM_INTRAOP_THREADS": "1", "TF_NUM_INTEROP_THREADS": "1", "OMP_NUM_THREADS": "1"}


def make(job, pictures=None):
    """Train once; return the row to be recorded.

    Parameters
    ----------
    job : sweep_plan.Job
    pictures : str, optional
        Folder with the photographs: one folder for each task.

    Returns
    -------
    dict of str to str
        With the columns of a results file.
    """
    os.environ.update(ONE_CORE)
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    from course_utils import measuring  # starts TensorFlow, in the worker's own process
    from course_utils.quiet import keras

    keras.backend.clear_session()  # the network before
    case, run = _case(job, pictures)
    if job.trying:
        return records.row(measuring.try_once(case, job.rate, job.seed, run))
    return records.row((run or measuring.run_once)(case, job.rate, job.seed))


def _case(job, pictures):
    """Return what is measured, and the function that trains it if it is not the usual one."""
    from course_utils import augmentation_gain, head_runs, measuring

    cell, plan = job.cell, sweep_plan.WORLDS[job.cell.world]
    epochs, options, run = plan.epochs_of(cell.way, cell.n_samples), plan.options, None
    task = _task(cell.world, cell.task, cell.n_samples > large_pools.SHIPPED, pictures)
    if cell.way == "SVM":
        task, epochs, run = _behind(cell.backbone, cell.world, cell.task, pictures)[job.depth], 1, head_runs.run_once
    elif cell.way == "2 with augmentation":
        options = options | {"augmentation": augmentation_gain.layers(cell.task)}
    kind = sweep_plan.strategy(cell.way)
    return measuring.Case(kind, task, cell.n_samples, epochs, cell.backbone, job.depth, options), run


@lru_cache(2)
def _task(world, name, large, pictures):
    """Return a task; a worker keeps the last ones."""
    if world == "drawn":
        task = data.task(name)
        return replace(task, train=large_pools.load(name)) if large else task
    if pictures is None or not (Path(pictures) / name).is_dir():
        raise CourseError(f"Expected a folder {name!r} with photographs in it. Received: {pictures}. Give --pictures.")
    return data.folder_task(Path(pictures) / name, sweep_plan.WORLDS[world].options["image_size"])


@lru_cache(2)
def _behind(backbone, world, name, pictures):
    """Return a task for each block, with the features behind it in place of pictures."""
    from course_utils import head_runs

    plan = sweep_plan.WORLDS[world]
    return head_runs.behind_blocks(_task(world, name, False, pictures), backbone, plan.options, plan.blocks)
