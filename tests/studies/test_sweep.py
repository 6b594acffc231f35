"""The sweep: what is chosen how, that it goes on where it was, and that nothing is lost or recorded twice."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pytest

from course_utils import data, head_runs, large_pools, ledger, measuring, records, scheduling, sweep_runs, sweeping
from course_utils.cards import CourseError, Task
from course_utils.commands import sweep as command
from course_utils.sweep_plan import WAYS, WORLDS, Cell, Job, identity
from tests.studies import sweep_fakes

CELL = Cell("drawn", "coursenet_slides", "garden", 64, "warm start")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(records, "DATA", tmp_path)
    return tmp_path / "results"


class Direct:
    """In place of workers: it does jobs at once, and fails or stops where a test says so."""

    count = 2

    def __init__(self, fails=lambda job: False, stop_after=None):
        self.done, self._fails, self._stop_after = [], fails, stop_after

    def call(self, function, job, pictures):
        if self._fails(job):
            raise MemoryError("no room")
        if len(self.done) == self._stop_after:
            raise SystemExit  # as if the process ended
        self.done.append(job)
        return sweep_fakes.make(job)


def sweep(cells, **options):
    workers = Direct(**options)
    made = command.Sweep(workers, ledger.Ledger(), progress=False)
    try:
        made.measure(cells)
    except SystemExit:
        time.sleep(0.3)  # for what was running in other threads
    return workers, made


def rows(name):
    return records.read(name) if records.path(name).is_file() else []


def test_what_is_planned():
    cells = command.sweep_plan.cells("drawn")
    assert len({(cell.backbone, cell.task) for cell in cells}) == 9
    assert {cell.backbone for cell in cells if cell.way == "1"} == {"coursenet_guide"}
    sizes = {64: 3 + 9 * 4, 256: 3 + 9 * 4, 1024: 3 + 9 * 3, 4096: 3 + 9 * 3, 16384: 3 + 9 * 2}
    assert Counter(cell.n_samples for cell in cells) == sizes and len(cells) == len(set(cells))
    with pytest.raises(CourseError, match="drawn, photographs"):
        command.sweep_plan.cells("painted")


class Asked(list):
    """Tells the accuracy of each job, and keeps the jobs."""

    def __call__(self, job):
        self.append(job)
        return sweep_fakes.accuracy(job)


def test_rate_and_depth_are_chosen_on_validation_pictures():
    ask = Asked()
    assert sweeping.choose(CELL, ask) == {None: sweep_fakes.BEST}
    assert next(iter(sweeping.choose(replace(CELL, way="2"), ask).items())) == ("block1", sweep_fakes.BEST)
    assert next(iter(sweeping.choose(replace(CELL, way="SVM"), ask))) == "block1"
    assert all(job.trying for job in ask) and {job.seed for job in ask} == {0, 1}
    # Of equals the depth that freezes most.
    assert next(iter(sweeping.choose(replace(CELL, way="2"), lambda job: -abs(job.rate - 0.002)))) == "block4"


def test_long_runs_have_one_rate_for_all_depths_chosen_at_the_middle():
    ask = Asked()
    chosen = sweeping.choose(replace(CELL, way="2", n_samples=1024), ask)
    assert next(iter(chosen)) == "block1" and set(chosen.values()) == {sweep_fakes.BEST}
    assert len({job.rate for job in ask if job.depth == "block2"}) > 1
    assert {(job.depth, job.rate) for job in ask if job.depth != "block2"} == {
        (depth, sweep_fakes.BEST) for depth in ("block1", "block3", "block4")
    }


def test_the_largest_size_has_the_rate_of_the_one_below():
    tried, run = Asked(), Asked()
    sweeping.measure(replace(CELL, n_samples=16384), tried, run)
    assert {(job.cell.n_samples, job.trying) for job in tried} == {(4096, True)}
    assert [(job.cell.n_samples, job.seed, job.trying) for job in run] == [(16384, seed, False) for seed in range(3)]


def test_augmentation_has_the_depth_of_strategy_2(folder):
    sweep([replace(CELL, way="2")])
    augmented = [row for row in rows("sweep") if "with augmentation" in row["strategy"]]
    assert [row["freeze_depth"] for row in augmented] == ["block1"] * 5
    assert len(rows("sweep")) == 10
    sweep([replace(CELL, way="2", n_samples=256)])  # there strategy 2 is run at every depth
    depths = [row["freeze_depth"] for row in rows("sweep") if row["n_samples"] == "256"]
    assert sorted(set(depths)) == list(WORLDS["drawn"].depths) and len(depths) == 4 * 5 + 5


def test_a_stopped_sweep_goes_on_where_it_was(folder):
    cells = [replace(CELL, way=way) for way in ("warm start", "2", "SVM")]
    stopped, _ = sweep(cells, stop_after=17)
    assert len(rows("sweep")) + len(rows("sweep_tries")) == len(stopped.done) == 17
    assert not all(sweeping.measured(cell, ledger.Ledger().find) for cell in cells)
    rest, _ = sweep(cells)
    assert not set(rest.done) & set(stopped.done)
    once, _ = sweep(cells)
    assert once.done == [] and all(sweeping.measured(cell, ledger.Ledger().find) for cell in cells)
    for name in ("sweep", "sweep_tries"):
        assert len(ledger.checked(name)) == len(rows(name)) > 0


def test_what_fails_is_recorded_and_stops_nothing_else(folder):
    cells = [CELL, replace(CELL, way="3")]
    _, made = sweep(cells, fails=lambda job: job.cell.way == "3" and job.trying)  # without a rate no runs
    assert [row["strategy"] for row in rows("sweep")] == ["warm start: train everything"] * 5
    assert len(made.failed) == 1 and "no room" in made.failed[0]
    _, made = sweep(cells, fails=lambda job: job.seed == 3 and not job.trying)  # a run, which no other needs
    assert sorted(row["seed"] for row in rows("sweep") if row["strategy"].startswith("3")) == ["0", "1", "2", "4"]
    failed = rows("sweep_failed")
    assert [(row["what"], row["seed"]) for row in failed] == [("try", "0"), ("run", "3")]
    assert all(row["error"] == "MemoryError: no room" for row in failed)
    sweep(cells)  # it is tried again
    assert len(rows("sweep")) == 10


def test_what_another_sweep_recorded_meanwhile_is_not_recorded_twice(folder):
    job = Job(CELL, None, 0.002, 0, False)
    first, second = ledger.Ledger(), ledger.Ledger()
    row = sweep_fakes.make(job)
    assert first.add(job, row) is row
    assert second.add(job, row | {"accuracy": "0.1"})["accuracy"] == row["accuracy"]
    assert len(rows("sweep")) == 1 and (first.new, second.new) == (1, 0)


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda text: text.replace("accuracy,seconds", "score,seconds"), "lacks accuracy"),
        (lambda text: text + text.splitlines()[1] + "\n", "Line 7 repeats an earlier one"),
        (lambda text: text[:-60] + "\n", "Line 6 lacks"),
        (lambda text: text.rstrip("\n") + text.splitlines()[1] + "\n", "Line 6 has 14 values too many"),
        (lambda text: text.replace(",0.008,", ",fast,", 1), "Line 2 has 'fast' for learning_rate"),
    ],
)
def test_a_damaged_results_file_is_refused(folder, spoil, words):
    sweep([CELL])
    path = records.path("sweep")
    path.write_text(spoil(path.read_text()))
    with pytest.raises(CourseError, match=words):
        ledger.Ledger()


def test_a_run_is_kept_whatever_happened_to_the_file_meanwhile(folder):
    jobs, known = [Job(CELL, None, 0.002, seed, False) for seed in range(5)], ledger.Ledger()
    path = records.path("sweep")
    damages = (lambda text: text.rstrip("\n"), lambda text: text + "cut,short\n", lambda text: 2 * text, lambda _: "")
    known.add(jobs[0], sweep_fakes.make(jobs[0]))
    for job, damage in zip(jobs[1:], damages, strict=True):
        path.write_text(damage(path.read_text()))
        known.add(job, sweep_fakes.make(job))
        assert rows("sweep")[-1]["seed"] == str(job.seed)
    assert known.new == 5


def test_two_processes_record_a_run_once(folder):
    context = get_context("spawn")
    both = [context.Process(target=sweep_fakes.record, args=(folder.parent, CELL)) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert [one.exitcode for one in both] == [0, 0]
    assert [row["seed"] for row in rows("sweep")] == [str(seed) for seed in range(40)]


def test_a_sweep_that_cannot_record_ends_at_once(folder, monkeypatch):
    monkeypatch.setattr(records, "append", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    workers = Direct(fails=lambda job: time.sleep(0.1))  # none fails, each takes a while
    cells = [replace(CELL, task=name) for name in "abcdefghi"]
    with pytest.raises(ledger.NotRecorded, match="cannot be written.*No space left"):
        command.Sweep(workers, ledger.Ledger(), progress=False).measure(cells)
    time.sleep(0.5)
    assert len(workers.done) <= 3  # one for each thread


def test_the_bar_ends_where_the_sweep_ends(folder):
    made = command.Sweep(Direct(), ledger.Ledger())
    made.measure([replace(CELL, way=way) for way in ("warm start", "2", "SVM")])
    assert made._bar.n == pytest.approx(made._bar.total) and made._bar.n > 0


def test_control_c_ends_a_sweep_at_once(tmp_path):
    started = time.monotonic()
    command_line = [sys.executable, "-m", sweep_fakes.__name__, tmp_path]
    heard = {"preexec_fn": lambda: signal.signal(signal.SIGINT, signal.default_int_handler)}  # not so in the background
    sweep = subprocess.Popen(command_line, stdout=subprocess.PIPE, text=True, **heard)
    while not list(tmp_path.glob("begun *")) and time.monotonic() < started + 120:
        time.sleep(0.05)
    sweep.send_signal(signal.SIGINT)
    out, _ = sweep.communicate(timeout=60)  # what is running would take ten minutes
    assert sweep.returncode == 130 and "Stopped. 0 runs are recorded; the same command goes on" in out
    (number,) = {int(path.name.split()[1]) for path in tmp_path.glob("begun *")}
    while Path(f"/proc/{number}").exists() and time.monotonic() < started + 240:  # the worker ends with it
        time.sleep(0.05)
    assert not Path(f"/proc/{number}").exists()


def test_a_worker_of_another_version_is_refused(folder):
    job = Job(CELL, None, 0.002, 0, False)
    with pytest.raises(CourseError, match="another version"):
        ledger.Ledger().add(job, sweep_fakes.make(job) | {"epochs": "7"})
    assert not rows("sweep")


def test_a_large_pool_begins_with_the_shipped_one_and_is_drawn_once(tmp_path, monkeypatch):
    monkeypatch.setattr(large_pools, "CACHE", tmp_path)
    monkeypatch.setattr(large_pools, "PER_CLASS", 2)
    pool = large_pools.load("garden")
    shipped = data.task("garden").train
    for label in range(8):
        assert (pool.images[pool.labels == label] == shipped.images[shipped.labels == label][:2]).all()
    (file,) = (tmp_path / "pools").glob("*.npy")  # nothing half-written is left
    before = file.stat().st_mtime_ns
    large_pools.load("garden")
    assert file.stat().st_mtime_ns == before


def test_of_two_that_want_a_large_pool_one_draws_it(tmp_path, monkeypatch):
    drawn = []

    def draw(name, per_class):
        drawn.append(name)
        time.sleep(0.2)
        return np.zeros((8 * per_class, 1, 1, 3), np.uint8)

    monkeypatch.setattr(large_pools, "CACHE", tmp_path)
    monkeypatch.setattr(large_pools, "draw", draw)
    with ThreadPoolExecutor(2) as both:
        pools = list(both.map(large_pools.load, ["garden", "garden"]))
    assert drawn == ["garden"] and [len(pool.labels) for pool in pools] == [8 * large_pools.PER_CLASS] * 2


def test_local_workers_are_processes_of_their_own():
    workers = scheduling.local(2)
    (one, first), (other, second) = (workers.call(sweep_fakes.square, number) for number in (7, 8))
    workers.close()
    assert (one, other) == (49, 64) and len({first, second, os.getpid()}) == 3


def test_a_process_is_replaced_before_it_holds_too_much(monkeypatch):
    monkeypatch.setattr(scheduling, "MOST_RUNS", 2)
    workers = scheduling.local(1)
    numbers = [workers.call(sweep_fakes.square, 5)[1] for _ in range(5)]
    workers.close()
    assert numbers[0] == numbers[1] != numbers[2] == numbers[3] != numbers[4]


def test_a_worker_that_dies_is_replaced_once_and_others_go_on(tmp_path):
    deaths, workers = tmp_path / "deaths", scheduling.local(1)
    deaths.write_text("x")
    assert workers.call(sweep_fakes.die_while, deaths) == "lived"
    deaths.write_text("x\nx")
    with pytest.raises(CourseError, match="It died twice"):
        workers.call(sweep_fakes.die_while, deaths)
    assert workers.call(sweep_fakes.square, 3)[0] == 9
    workers.close()


def test_a_real_run_is_what_the_plan_says(monkeypatch):
    monkeypatch.setitem(WORLDS["drawn"].epochs, 64, 20)
    job = Job(Cell("drawn", "coursenet_slides", "biopsy", 64, "3"), None, 0.032, 0, True)
    row = sweep_runs.make(job)
    wanted = identity(job.cell, None) | {"learning_rate": "0.032", "seed": "0"}
    assert {column: str(row[column]) for column in wanted} == wanted
    assert 0.4 < float(row["accuracy"]) <= 1


@pytest.mark.parametrize("way", WAYS)
def test_what_a_worker_trains_is_what_the_plan_says(way, monkeypatch):
    task = Task("biopsy", (), None, None)
    monkeypatch.setattr(sweep_runs, "_task", lambda *_: task)
    monkeypatch.setattr(sweep_runs, "_behind", lambda *_: {"block3": task})
    monkeypatch.setattr(records, "row", lambda run: run)
    monkeypatch.setattr(measuring, "try_once", lambda *given: given)
    for module in (measuring, head_runs):
        monkeypatch.setattr(module, "run_once", lambda *given: given)
    depth = {"SVM": "block3", "2": "block2", "2 with augmentation": "block2"}.get(way)
    job = Job(Cell("drawn", "coursenet_slides", "biopsy", 256, way), depth, 0.5, 3, False)
    case, *chances = sweep_runs.make(job)
    columns = ("backbone", "source", "task", "strategy", "freeze_depth", "image_size", "n_samples", "epochs")
    wanted = identity(job.cell, depth)
    assert [str(value) for value in measuring._case_key(case)] == [wanted[column] for column in columns]
    assert chances == [0.5, 3] and list(case.options) == ["augmentation"] * (way == "2 with augmentation")
    tried, *chances, run = sweep_runs.make(replace(job, trying=True))
    assert replace(tried, options={}) == replace(case, options={}) and chances == [0.5, 3]
    assert run is (head_runs.run_once if way == "SVM" else None)


def test_the_plan_says_what_is_measured(capsys, monkeypatch):
    monkeypatch.setattr("sys.argv", ["sweep", "--plan", "--most", "64"])
    command.main()
    assert capsys.readouterr().out == "64 pictures: 39 of 39 cells are measured\n"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("photographs", "expected --pictures FOLDER"),
        ("photographs --pictures nowhere", "folders aerial, cats_vs_dogs, malaria_cells in --pictures nowhere"),
        ("--workers 0", "expected one worker or more"),
        ("--only gardn", "nothing fits"),
    ],
)
def test_a_command_line_that_cannot_be_done_is_refused(words, said, capsys, monkeypatch):
    monkeypatch.setattr("sys.argv", ["sweep", *words.split()])
    with pytest.raises(SystemExit):
        command.main()
    assert said in " ".join(capsys.readouterr().err.split())
