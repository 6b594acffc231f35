"""Repeat the comparison of notebook 00 with other pictures and other random numbers, and record it.

    python -m course_utils.commands.first_look

One hundred garden pictures; CourseNet from scratch, and with a frozen base pre-trained on the guide; five seeds. The
learning rates come from the same grid for both and are chosen on a quarter of the pictures, set aside for that. Unlike
in the notebook there are 75 epochs, the rate falls to zero, and BatchNorm's statistics are settled at the end (see
`training`). For the frozen base the rates 0.008 and 0.032 did equally well.
"""

from course_utils import data, measuring, metrics, records, strategies

N_SAMPLES = 100
TRIES = range(3)  # seeds on which the rates are chosen
SEEDS = range(5)
EPOCHS = 75
STRATEGIES = {"from scratch": strategies.find(1), "pre-trained base": strategies.find(3)}
# What `measuring.choose_rate` chose; the notebook uses them too. A test compares them with the record.
RATES = {"from scratch": 2e-3, "pre-trained base": 3.2e-2}


def case(name):
    """Return what is measured under one of the two names."""
    return measuring.Case(STRATEGIES[name], data.task("garden"), N_SAMPLES, EPOCHS)


def best_rate(name):
    """Return the rate that the recorded tries choose for a strategy, trying what is not yet recorded."""
    return measuring.choose_rate("first_look_rates", [case(name)], TRIES)


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
    for name in STRATEGIES:
        measuring.measure("first_look", case(name), best_rate(name), SEEDS)
    print(table(records.read("first_look")))


if __name__ == "__main__":
    main()
