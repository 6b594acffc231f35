"""Measure the way of notebook 09, from a folder of 400 photographs to a network that is kept.

    python -m course_utils.commands.your_pictures --pictures FOLDER    # goes on where it was stopped
    python -m course_utils.commands.your_pictures --table              # only print the recorded table

FOLDER holds `train` and `test`. Of each, 400 photographs are copied into a folder of their own; then everything happens
in a fresh process that does nothing else: the folder is checked, read, advised on; the network is trained as advised,
judged and kept. The ImageNet weights must be on this machine.
"""

import argparse
import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import mean

from course_utils import (
    ROOT,
    advising,
    findings,
    inspection,
    judging,
    keeping,
    measuring,
    metrics,
    networks,
    reading,
    records,
    strategies,
    training,
)
from course_utils.cards import CourseError

FILE = "your_pictures"
N, SEEDS = 400, range(3)
NETWORKS = {"coursenet_photos": {}, "MobileNetV2": {"alpha": 0.35, "image_size": 96}}
STEPS = ("check", "read", "advice", "train", "judge and keep")


def copied(pictures, place):
    """Copy as many photographs of every class, to train and to test, into a folder."""
    for part in ("train", "test"):
        folders = sorted(path for path in (pictures / part).iterdir() if path.is_dir())
        for folder in folders:
            files = sorted(path for path in folder.iterdir() if path.suffix.lower() in reading.ENDINGS)
            (place / part / folder.name).mkdir(parents=True)
            for path in files[: N // len(folders)]:
                shutil.copy(path, place / part / folder.name)


def whole_way(folder, network, seed):
    """Go the whole way once; return a row of the results without what is the same for all rows."""
    options, marks = NETWORKS[network], [time.perf_counter()]
    side = options.get("image_size", networks.find(network).image_size)
    plan = findings.judge(inspection.look_at(folder, progress=False), side)
    marks.append(time.perf_counter())
    task = findings.read(plan, side, folder.name)
    marks.append(time.perf_counter())
    advice = advising.for_task(task, network, **options)
    marks.append(time.perf_counter())
    run = training.train(
        strategies.find(advice.way),
        network,
        task,
        len(task.train),
        learning_rate=advice.rate,
        epochs=advising.epochs(len(task.train), network),
        freeze_depth=advice.depth,
        seed=seed,
        progress=False,
        **options,
    )
    marks.append(time.perf_counter())
    accuracy = judging.judge(run, task).accuracy
    keeping.keep(run, task.class_names, folder.parent / "network.keras", replace=True)
    marks.append(time.perf_counter())
    took = {step: f"{end - start:.2f}" for step, start, end in zip(STEPS, marks, marks[1:], strict=False)}
    found = {"strategy": run.strategy, "freeze_depth": run.freeze_depth, "learning_rate": run.learning_rate}
    found |= {"epochs": run.epochs, "n_samples": len(task.train), "n_test": len(task.test)}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20  # Linux counts in KiB
    return found | took | {"peak_gib": f"{peak:.2f}", "accuracy": f"{accuracy:.4f}"}


def measure(folder):
    """Record what is missing, each network and seed in a process of its own."""
    done = {(row["backbone"], row["seed"]) for row in measuring.recorded(FILE)}
    for network in NETWORKS:
        for seed in map(str, SEEDS):
            label = networks.label(network, NETWORKS[network])
            if (label, seed) in done:
                continue
            command = [sys.executable, "-m", "course_utils.commands.your_pictures", "--one", network, seed]
            started = time.perf_counter()
            process = subprocess.run(
                [*command, "--pictures", str(folder)], cwd=ROOT, capture_output=True, text=True, check=False
            )
            if process.returncode:
                raise CourseError(f"Expected {label} to be trained. It failed: {process.stderr.strip()[-500:]}")
            found = {"backbone": label, "seed": seed} | json.loads(process.stdout.splitlines()[-1])
            found |= {"all": f"{time.perf_counter() - started:.1f}", "versions": records.versions()}
            records.append(FILE, found | {"processor": records.processor()})
            print(label, seed, found["accuracy"], f"{found['all']} s", flush=True)


def table():
    """Return the recorded results as a table in Markdown: means of the seeds, and the accuracy with its interval."""
    lines = ["| network | strategy | accuracy (%) | seconds | of these trained | peak (GiB) |", "| --- " * 6 + "|"]
    for label in (networks.label(name, options) for name, options in NETWORKS.items()):
        rows = [row for row in records.read(FILE) if row["backbone"] == label]
        accuracy, half = metrics.mean_interval([100 * float(row["accuracy"]) for row in rows])
        seconds, trained = (mean(float(row[name]) for row in rows) for name in ("all", "train"))
        peak = max(float(row["peak_gib"]) for row in rows)
        cells = f"{rows[0]['strategy']} | {accuracy:.1f} ± {half:.1f} | {seconds:.0f} | {trained:.0f} | {peak:.2f}"
        lines.append(f"| {label} | {cells} |")
    return "\n".join(lines)


def main():
    """Measure what is missing, or print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pictures", metavar="FOLDER", type=Path, help="folder with the photographs")
    parser.add_argument("--table", action="store_true", help="only print what is recorded")
    parser.add_argument("--one", nargs=2, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if not arguments.table and not arguments.pictures:
        parser.error("expected --pictures FOLDER, received none: say where the photographs are")
    if arguments.one:
        print(json.dumps(whole_way(arguments.pictures, arguments.one[0], int(arguments.one[1]))))
        return
    try:
        if arguments.pictures:
            with tempfile.TemporaryDirectory() as space:
                folder = Path(space) / arguments.pictures.name
                copied(arguments.pictures, folder)
                measure(folder)
        print(table())
    except CourseError as error:
        parser.exit(1, f"{error}\n")


if __name__ == "__main__":
    main()
