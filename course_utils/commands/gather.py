"""Gather the exercises of a class into one table.

    python -m course_utils.commands.gather FOLDER --out class.csv

FOLDER holds the files that learners handed in, each a copy of `my_progress.jsonl` under any name that ends so, also in
folders of their own. The table has a row for each learner and a column for each exercise that somebody tried: how many
tries it took until it was correct, "not yet" and the tries so far, or nothing. A second table says where the class had
trouble. Nothing is sent anywhere.
"""

import argparse
import csv
import sys
from pathlib import Path

from course_utils import progress
from course_utils.cards import CourseError


def gathered(folder):
    """Return what a folder of files holds, each attempt once, however often it was handed in.

    Where two files hold the same name and neither holds all attempts of the other, they are of two learners with one
    account, such as "jovyan": then each is named with its file.

    Parameters
    ----------
    folder : str or Path

    Returns
    -------
    found : progress.Progress
    odd : list of str
        What is odd: a sentence for each file.

    Raises
    ------
    CourseError
        If there is no such folder, or no file in it.
    """
    folder = Path(folder)
    files = sorted(folder.rglob("*.jsonl")) if folder.is_dir() else []
    if not files:
        raise CourseError(
            f"Expected a folder with files of exercises, *.jsonl. Found none in {folder}. Put what was handed in there."
        )
    handed_in, odd = {}, []
    for path in files:
        name = path.relative_to(folder).as_posix()
        if path.is_symlink():  # who gathers may read more than who handed it in
            odd.append(f"{name}: a link, which is not followed. Ask for the file itself.")
            continue
        try:
            found = progress.read(path)
        except CourseError as error:
            odd.append(str(error))
            continue
        if found.damaged or not found.attempts:
            odd.append(f"{name}: good lines {len(found.attempts)}, damaged {len(found.damaged)}.")
        for who in found.learners:
            own = {tuple(one[key] for key in progress.KEYS) for one in found.attempts if one["who"] == who}
            handed_in.setdefault(who, {})[name] = own
    attempts = set()
    for who, parts in handed_in.items():
        largest = max(parts.values(), key=len)
        if all(part <= largest for part in parts.values()):
            attempts |= largest
            continue
        odd.append(f"{who}: two learners or more have this name, so each is named with the file: {', '.join(parts)}.")
        attempts |= {(f"{who} ({name})", *one[1:]) for name, part in parts.items() for one in part}
    ordered = sorted(attempts, key=lambda one: one[progress.KEYS.index("when")])
    return progress.Progress(tuple(dict(zip(progress.KEYS, one, strict=True)) for one in ordered), ()), odd


def names(found):
    """Return the exercises that somebody tried: a list of str."""
    return sorted({one["exercise"] for one in found.attempts})


def rows(found):
    """Return a row for each learner: a list of dict of column to text."""
    table = []
    for who in sorted(found.learners):
        tries, solved = found.tries(who), found.solved(who)
        cells = {name: str(count) if name in solved else f"not yet ({count})" for name, count in tries.items()}
        table.append({"learner": who, "done": str(len(solved))} | {name: cells.get(name, "") for name in names(found)})
    return table


def trouble(found):
    """Return how the class did in each exercise that somebody tried, as a table in Markdown, the hardest first."""
    lines = []
    for name in names(found):
        tries = {who: found.tries(who).get(name) for who in found.learners}
        tried = [who for who, count in tries.items() if count]
        solved = [who for who in tried if name in found.solved(who)]
        if tried:
            mean = sum(tries[who] for who in tried) / len(tried)
            lines.append((len(solved) / len(tried), -mean, f"| {name} | {len(tried)} | {len(solved)} | {mean:.1f} |"))
    head = ["| exercise | tried by | solved by | tries, on average |", "| --- | ---: | ---: | ---: |"]
    return "\n".join(head + [line for *_, line in sorted(lines)])


def main():
    """Write the table, and print where the class had trouble."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", help="with the files that were handed in")
    parser.add_argument("--out", default="class.csv", metavar="FILE", help="where the table is written")
    arguments = parser.parse_args()
    try:
        found, odd = gathered(arguments.folder)
        table = rows(found)
        with open(arguments.out, "w", newline="", encoding="utf-8-sig") as file:  # with its mark, for spreadsheets
            writer = csv.DictWriter(file, ["learner", "done", *names(found)])
            writer.writeheader()
            writer.writerows(table)
    except CourseError as error:
        sys.exit(str(error))
    except OSError as error:
        sys.exit(f"Expected to write {arguments.out}. It failed: {error}. Close it elsewhere, or give another --out.")
    print(trouble(found), "", *odd, f"{len(table)} learners are in {arguments.out}.", sep="\n")


if __name__ == "__main__":
    main()
