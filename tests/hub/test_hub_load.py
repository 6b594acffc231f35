"""The limits in the configurations, and the README, against what `make hub-load` recorded."""

import json
import re

import yaml

from course_utils import ROOT
from course_utils.commands.setup import ENVIRONMENTS
from hub import record

HUB = record.PATH.parent
TLJH = yaml.safe_load((HUB / "tljh/config.yaml").read_text())
Z2JH = yaml.safe_load((HUB / "z2jh-values.yaml").read_text())
ROWS = record.read()


def test_the_record_is_complete():
    for pace in (record.AT_ONCE, record.READING):
        for notebook in record.NOTEBOOKS:
            assert record.next_size(ROWS, notebook, pace) is None, "make hub-load goes on where it was stopped"
            assert record.most(ROWS, notebook, pace) > 0


def test_the_readme_shows_the_record():
    text = (HUB / "README.md").read_text(encoding="utf-8")
    for part in (record.table(ROWS), record.summary(ROWS)):
        assert part in text, f"Expected in hub/README.md:\n{part}"
    sentences = " ".join(text.split())
    assert f"of {float(ROWS[0]['mean_pause']):.0f} seconds on average" in sentences
    hours = sum(float(row["minutes"]) for row in ROWS) / 60
    assert f"{ENVIRONMENTS['hub'].gigabytes} GB of disk and about two hours" in sentences and round(hours) == 2
    assert f"{record.READY_BOUND} seconds for their server, and no longer than {record.CELL_BOUND} seconds" in sentences


def test_instructors_are_told():
    words = " ".join((ROOT / "INSTRUCTORS.md").read_text(encoding="utf-8").split())
    reading, at_once = (
        min(record.most(ROWS, notebook, pace) for notebook in record.NOTEBOOKS)
        for pace in (record.READING, record.AT_ONCE)
    )
    assert (
        f"One with {ROWS[0]['cores']} cores and {ROWS[0]['memory_gib']} GiB held {reading} who read and run one cell "
        f"after the other, and {at_once} who all press *Run All* at once, each with one notebook open."
    ) in words


def test_learners_read_longer_than_those_who_were_simulated():
    planned = []
    for path in (ROOT / "notebooks").glob("[0-9]*.ipynb"):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        text = " ".join("".join("".join(cell["source"]) for cell in cells).split())
        minutes = int(re.search(r"\*\*Time:\*\* about (\d+) minutes", text)[1])
        planned.append(60 * minutes / sum(cell["cell_type"] == "code" for cell in cells))
    sentences = " ".join((HUB / "README.md").read_text(encoding="utf-8").split())
    assert f"the lessons plan with {min(planned):.0f} to {max(planned):.0f} seconds a cell" in sentences
    assert min(planned) > float(ROWS[0]["mean_pause"])


def test_limits_follow_from_the_record():
    found = {name: f"{value:.1f}G" if "memory" in name else value for name, value in record.limits(ROWS).items()}
    of_each = Z2JH["singleuser"]
    written = {f"{of}_{name}": of_each[of][name] for of in ("memory", "cpu") for name in ("guarantee", "limit")}
    assert written == found
    assert TLJH["limits"] == {"memory": written["memory_limit"], "cpu": written["cpu_limit"]}
