"""Draw the figures of `data/README.md` and fill in its tables from the recorded results.

python -m course_utils.commands.datasheet
"""

import csv

import matplotlib.pyplot as plt

from course_utils import DATA, ROOT, data, manifest, plots, records
from course_utils.commands import scratch
from course_utils.plots.style import LINE_STYLES

SHEET = DATA / "README.md"
FIGURES = DATA / "figures"
SOURCES = ("guide", "slides", "photos")


def filled(text, tables):
    """Return `text` with each table put between its two markers.

    Parameters
    ----------
    text : str
        Holds, for each table, the lines `<!-- NAME -->` and `<!-- end of NAME -->`.
    tables : dict of str to str

    Returns
    -------
    str
    """
    for name, table in tables.items():
        start, end = f"<!-- {name} -->\n", f"<!-- end of {name} -->"
        before, rest = text.split(start)
        text = before + start + table + "\n" + end + rest.split(end)[1]
    return text


def tables():
    """Return the tables of the datasheet, by name, made from what is recorded."""
    return {
        "from scratch": scratch.table(records.read("from_scratch")),
        "pre-training": pretraining_table(),
        "files": files_table(),
    }


def read_curve(source):
    """Return the learning curve of a pre-training run: one dict of text an epoch."""
    with open(DATA / "results" / f"pretrain_{source}.csv", newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def pretraining_table():
    """Return epochs, accuracy and time of the three pre-training runs, in Markdown."""
    lines = ["| source | epochs | training pictures right | held-out pictures right | minutes |", "| --- " * 5 + "|"]
    for source in SOURCES:
        curve = read_curve(source)
        last = curve[-1]
        minutes = sum(float(row["seconds"] or 0) for row in curve) / 60
        lines.append(
            f"| {source} | {len(curve)} | {float(last['accuracy']):.1%} | {float(last['val_accuracy']):.1%} "
            f"| {minutes:.0f} |"
        )
    return "\n".join(lines)


def files_table():
    """Return the files of the manifest with their sizes, in Markdown."""
    lines = ["| file | MB | made by |", "| --- " * 3 + "|"]
    for name, entry in manifest.read().items():
        lines.append(f"| `{name}` | {(DATA / name).stat().st_size / 1e6:.1f} | `{entry['command']}` |")
    return "\n".join(lines)


def draw_curves():
    """Draw the held-out accuracy of the three pre-training runs by epoch."""
    fig, ax = plt.subplots()
    for number, source in enumerate(SOURCES):
        accuracy = [100 * float(row["val_accuracy"]) for row in read_curve(source)]
        ax.plot(range(1, len(accuracy) + 1), accuracy, LINE_STYLES[number], label=source)
    ax.set(xlabel="epoch", ylabel="held-out pictures right (%)", ylim=(0, 100))
    ax.legend()
    _save(fig, "pretraining")


def draw_sheets():
    """Draw a contact sheet of every task and of both drawn sources."""
    for name in data.TASKS:
        task = data.task(name)
        _save(plots.contact_sheet(task.test, task.class_names, per_class=12).figure, name)
    for name in ("guide", "slides"):
        pictures, class_names = data.read_pictures(manifest.verified(f"sources/{name}_held_out.zip"), 64)
        columns = 4
        height = -(-len(class_names) // columns)
        fig, axs = plt.subplots(1, columns, figsize=(22, 0.78 * height))
        for column, ax in enumerate(axs):
            labels = range(column * height, min((column + 1) * height, len(class_names)))
            names = [class_names[label] for label in labels]
            plots.contact_sheet(data.only(pictures, labels), names, per_class=4, ax=ax)
        _save(fig, name)


def _save(figure, name):
    """Save a figure of the datasheet and close it."""
    FIGURES.mkdir(exist_ok=True)
    figure.savefig(FIGURES / f"{name}.webp", dpi=90, bbox_inches="tight", pil_kwargs={"quality": 85})
    plt.close(figure)


def main():
    """Draw the figures and fill in the tables."""
    plt.style.use(ROOT / "course_utils" / "course.mplstyle")
    draw_sheets()
    draw_curves()
    SHEET.write_text(filled(SHEET.read_text(encoding="utf-8"), tables()), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
