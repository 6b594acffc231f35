"""Print what the sweep says: verdicts on the chart's advice, ranks of similarity, what the advice gives away, the cost.

    python -m course_utils.commands.chart

All of it comes from data/results; nothing is trained.
"""

import sys

from course_utils import advice_check, chart, chart_rules, chart_views, ledger, ranking, sweep_plan, verdicts
from course_utils.cards import CourseError


def cost(world):
    """Return how many runs and tries the sweep of a world recorded, and how many hours of one processor core they took.

    Parameters
    ----------
    world : {"drawn", "photographs"}

    Returns
    -------
    runs, tries : int
    hours : float
    """
    tasks = sweep_plan.WORLDS[world].tasks
    rows = {name: [row for row in ledger.checked(name) if row["task"] in tasks] for name in (ledger.RUNS, ledger.TRIES)}
    hours = sum(float(row["seconds"]) for part in rows.values() for row in part) / 3600
    return len(rows[ledger.RUNS]), len(rows[ledger.TRIES]), hours


def cases_table(found):
    """Return every case as a table in Markdown: means of all ways; what none beats is bold."""
    lines = [f"| pair | pictures | {' | '.join(sweep_plan.WAYS)} |", "| --- " * (2 + len(sweep_plan.WAYS)) + "|"]
    for case in found:
        best = chart_rules.tied(case.plain())
        cells = []
        for way in sweep_plan.WAYS:
            values = case.scores.get(way)
            text = f"{sum(values) / len(values):.1f}" if values else "–"
            cells.append(f"**{text}**" if way in best else text)
        pair = chart_views.pair_name(case.backbone, case.task)
        lines.append(f"| {pair} | {case.n_samples:,} | {' | '.join(cells)} |")
    return "\n".join(lines)


def tables():
    """Print all tables of both worlds."""
    measured = {world: chart.cases(world, partial=True) for world in sweep_plan.WORLDS}
    for world, found in measured.items():
        if found:
            depths = sweep_plan.WORLDS[world].depths
            print(
                f"\n## {world}\n",
                cases_table(found),
                "",
                verdicts.table(found),
                "",
                verdicts.other_table(found, depths),
                sep="\n",
            )
    drawn, photographs = measured.values()
    if drawn:
        print("\n## Similarity\n", ranking.table(drawn), sep="\n")
    print("\n## What the advice gives away (points; one target left out)")
    for world, found in measured.items():
        if found:
            print(f"\n{world}:\n", advice_check.table(found), sep="\n")
    if drawn and photographs:
        print("\nphotographs, advised by the drawn world:\n", advice_check.table(photographs, drawn), sep="\n")
    print("\n## Cost\n")
    for world in measured:
        runs, tries, hours = cost(world)
        print(f"{world}: {runs:,} runs and {tries:,} tries took {hours:.1f} hours of one processor core.")


def main():
    """Print what is recorded, or one sentence that says why it cannot be."""
    try:
        tables()
    except CourseError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
