"""The card of a network that is kept: what it is for, where it comes from, how good it is."""

from datetime import date

from course_utils import metrics, records

# What the card tells in sentences of its own; most of it are fields of `cards.Run`.
TOLD = (
    *("strategy", "backbone", "source", "task", "freeze_depth", "image_size", "n_samples", "epochs", "learning_rate"),
    *("seed", "test_accuracy", "date", "versions"),
)


def facts_of(run, class_names, more):
    """Return what is known of a network as a dict.

    Parameters
    ----------
    run : cards.Run
    class_names : sequence of str
    more : dict
        Further facts.
    """
    found = {name: getattr(run, name) for name in TOLD if hasattr(run, name)}
    made = {"date": date.today().isoformat(), "versions": records.versions(), "class_names": list(class_names)}
    return found | made | more


def plain(value):
    """Return a fact that JSON has no form for: a number of NumPy's as a number, anything else, as a path, as text."""
    return value.item() if getattr(value, "ndim", None) == 0 else str(value)


def describe(facts):
    """Return the card of a network in Markdown.

    Parameters
    ----------
    facts : dict
        As `facts_of` returns them.
    """
    names = facts["class_names"]
    accuracy = f"{facts['test_accuracy']:.1%}"
    if "n_test" in facts:
        low, high = metrics.share_interval(facts["test_accuracy"], facts["n_test"])
        accuracy += f" of {facts['n_test']:,} test pictures (95 % interval {low:.1%} to {high:.1%})"
    lines = [
        f"# {facts['task']}",
        "",
        f"Names one of {len(names)} classes for a picture: {', '.join(names)}.",
        "",
        f"- **Right:** {accuracy}. It was not trained on these.",
        f"- **Trained on:** {facts['n_samples']:,} pictures of {facts['image_size']} x {facts['image_size']} pixels.",
        f"- **How:** {facts['strategy']}; {facts['backbone']}, which had learned {facts['source']}; frozen: "
        f"{facts['freeze_depth']}; learning rate {facts['learning_rate']:g}, {facts['epochs']} epochs.",
        "- **Not for:** pictures of another kind. It always names one of its classes, whatever it is shown, and its "
        "share is not how often it is right.",
        f"- **Made:** {facts['date']}, with {facts['versions']}.",
    ]
    more = {name: value for name, value in facts.items() if name not in (*TOLD, "class_names", "n_test")}
    lines += [f"- **{name.replace('_', ' ').capitalize()}:** {value}" for name, value in more.items()]
    return "\n".join(lines) + "\n"
