"""Repeat the comparison of notebook 00 with other pictures and other random numbers, and record it.

    python -m course_utils.commands.first_look

One hundred garden pictures; CourseNet from scratch, and with a frozen base pre-trained on the guide; five seeds. The
learning rates come from the same grid for both and are chosen on a quarter of the pictures, set aside for that. Unlike
in the notebook, the rate falls to zero and BatchNorm's statistics are settled at the end (see `training`).
"""

from course_utils import data, measuring, metrics, records, training

N_SAMPLES = 100
GRID = (5e-4, 2e-3, 8e-3, 3.2e-2, 0.128)
TRIES = range(3)  # seeds on which the rates are chosen
SEEDS = range(5)
EPOCHS = 75
STRATEGIES = {"from scratch": training.find_strategy(1), "pre-trained base": training.find_strategy(3)}
# What `measuring.choose_rate` chose; the notebook uses them too. A test compares them with the record.
RATES = {"from scratch": 2e-3, "pre-trained base": 3.2e-2}


def run_once(strategy, task, n_samples, rate, seed):
    """Train on `n_samples` pictures of a task."""
    return training.train(strategy, "coursenet_guide", task, n_samples, learning_rate=rate, epochs=EPOCHS, seed=seed)


def best_rate(name):
    """Return the rate that the recorded tries choose for a strategy, trying what is not yet recorded."""
    garden = [data.task("garden")]
    return measuring.choose_rate("first_look_rates", run_once, garden, N_SAMPLES, STRATEGIES[name], GRID, TRIES)


def table(rows):
    """Return the comparison as text: mean and 95 % interval over seeds, in percent of the test pictures."""
    lines = []
    for name, strategy in STRATEGIES.items():
        scores = [100 * float(row["accuracy"]) for row in records.select(rows, strategy=strategy.name)]
        mean, half_width = metrics.mean_interval(scores)
        lines.append(f"{name:18}{mean:.0f} ± {half_width:.0f} % of the test pictures right ({len(scores)} repeats)")
    return "\n".join(lines)


def main():
    """Measure what is missing, then print the table."""
    garden = data.task("garden")
    for name, strategy in STRATEGIES.items():
        rate = best_rate(name)
        print(f"{name}: rate {rate}", flush=True)
        for seed in measuring.missing_seeds("first_look", garden, N_SAMPLES, strategy, SEEDS):
            records.append("first_look", records.row(run_once(strategy, garden, N_SAMPLES, rate, seed)))
    print(table(records.read("first_look")))


if __name__ == "__main__":
    main()
