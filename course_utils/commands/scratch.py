"""Measure how hard the target tasks are from scratch: the only results on which their drawings were settled.

    python -m course_utils.commands.scratch            # all tasks; goes on where it was stopped
    python -m course_utils.commands.scratch --table    # print the recorded table

CourseNet is trained from random weights on 64 to 4,096 pictures. At each size one learning rate is chosen for the three
tasks together, on a quarter of the pictures, set aside for that. Then all pictures are used, and the test pictures are
looked at once.
"""

import argparse

from course_utils import data, measuring, metrics, records, training

SIZES = (64, 256, 1024, 4096)
RATES = (1.25e-4, 5e-4, 2e-3, 8e-3)
EPOCHS = {64: 100, 256: 25, 1024: 20, 4096: 10}  # by number of pictures: enough to know them almost by heart
TRIES = {64: 5, 256: 2, 1024: 1, 4096: 1}  # seeds on which a rate is chosen: the fewer the validation pictures, the more
STRATEGY = training.find_strategy(1)


def seeds(n_samples):
    """Return the seeds of a size: fewer where a run is long."""
    return range(5 if n_samples < 1000 else 3)


def run_once(strategy, task, n_samples, rate, seed):
    """Train CourseNet on `n_samples` pictures of a task."""
    return training.train(
        strategy,
        "coursenet_guide",
        task,
        n_samples,
        learning_rate=rate,
        epochs=next(epochs for size, epochs in EPOCHS.items() if n_samples <= size),
        seed=seed,
    )


def choose_rate(tasks, n_samples):
    """Return the rate that the recorded tries choose, trying what is not yet recorded."""
    tries = range(TRIES[n_samples])
    return measuring.choose_rate("from_scratch_rates", run_once, tasks, n_samples, STRATEGY, RATES, tries)


def measure(task, n_samples, rate):
    """Record the runs of one task and size that are not yet recorded."""
    for seed in measuring.missing_seeds("from_scratch", task, n_samples, STRATEGY, seeds(n_samples)):
        run = run_once(STRATEGY, task, n_samples, rate, seed)
        records.append("from_scratch", records.row(run))
        print(f"{task.name:12} {n_samples:5} pictures, rate {rate}, seed {seed}: {run.test_accuracy:.3f}", flush=True)


def table(rows):
    """Return the from-scratch table in Markdown: a row per size, mean and 95 % interval over seeds, in percent."""
    lines = ["| pictures | " + " | ".join(data.TASKS) + " |", "| --- " * (len(data.TASKS) + 1) + "|"]
    for n_samples in SIZES:
        cells = []
        for name in data.TASKS:
            chosen = records.select(rows, task=name, n_samples=n_samples)
            mean, half_width = metrics.mean_interval([100 * float(row["accuracy"]) for row in chosen])
            cells.append(f"{mean:.1f} ± {half_width:.1f}")
        lines.append(f"| {n_samples:,} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def main():
    """Measure what is missing, then print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--table", action="store_true", help="only print what is recorded")
    if not parser.parse_args().table:
        tasks = [data.task(name) for name in data.TASKS]
        for n_samples in SIZES:
            rate = choose_rate(tasks, n_samples)
            for task in tasks:
                measure(task, n_samples, rate)
    print(table(records.read("from_scratch")))


if __name__ == "__main__":
    main()
