"""JupyterHub's configurations agree with what was measured (hub/load.csv), with each other, and with the course."""

import json
import os
import re
import subprocess
import sys

import pytest
import yaml
from traitlets.config.loader import PyFileConfigLoader

from course_utils import ROOT
from course_utils.cards import CourseError
from hub import learner, record

HUB = ROOT / "hub"
TLJH = yaml.safe_load((HUB / "tljh/config.yaml").read_text())
Z2JH = yaml.safe_load((HUB / "z2jh-values.yaml").read_text())
HERE = {"versions": "1", "processor": "a", "cores": "2", "memory_gib": "24", "mean_pause": "15.0"}


@pytest.fixture
def snippet(tmp_path):
    """Read tljh/course.py as The Littlest JupyterHub does, by a link in its own folder."""
    (tmp_path / "course.py").symlink_to(HUB / "tljh/course.py")
    return PyFileConfigLoader("course.py", path=str(tmp_path)).load_config()


def row(size, ready=1, cell=1, outcome=record.FINISHED, pace=record.READING, notebook="00", peak=1.0):
    values = {"learners": size, "notebook": notebook, "pace": pace, "outcome": outcome, "peak_gib": peak}
    return {name: str(value) for name, value in (values | {"ready_p95": ready, "cell_p95": cell} | HERE).items()}


def test_both_configurations_start_the_same(snippet):
    assert snippet.Spawner.cmd[1:] == [str(HUB / "learner.py")]
    assert Z2JH["singleuser"]["cmd"] == ["python", f"/srv/{learner.FOLDER}/hub/learner.py"]
    assert Z2JH["singleuser"]["defaultUrl"] == snippet.Spawner.default_url
    assert (ROOT / snippet.Spawner.default_url.removeprefix("/lab/tree/")).is_file()
    shared = Z2JH["singleuser"]["storage"]["extraVolumeMounts"][0]
    assert shared["readOnly"] and shared["mountPath"] == "/srv/transfer-learning-shared"
    given = {name: place.replace(str(ROOT.parent), "/srv") for name, place in snippet.Spawner.environment.items()}
    assert "COURSE_WEIGHTS" in given and given.items() <= Z2JH["singleuser"]["extraEnv"].items()


def test_what_is_idle_is_closed_after_the_same_time():
    server = json.loads((HUB / "jupyter/jupyter_server_config.json").read_text())
    assert TLJH["services"]["cull"]["timeout"] == Z2JH["cull"]["timeout"] == 3600
    assert server["MappingKernelManager"]["cull_idle_timeout"] == 3600
    assert server["ServerApp"]["shutdown_no_activity_timeout"] == 3600


def test_variables_are_those_the_course_reads(tmp_path):
    sources = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "course_utils").glob("*.py"))
    given = {*Z2JH["singleuser"]["extraEnv"], *learner.environment(ROOT, tmp_path, {})}
    ours = {name for name in given if name.startswith("COURSE_")}
    assert len(ours) > 4 and {name for name in ours if f'"{name}"' not in sources} == set()


def test_a_learner_has_notebooks_of_their_own_and_shares_the_rest(tmp_path):
    learner.hand_out(ROOT, tmp_path / "folder")
    copies = {path.name for path in (tmp_path / "folder/notebooks").iterdir()}
    originals = {path.name for path in (ROOT / "notebooks").glob("[0-9]*.ipynb")}
    assert copies == originals | {"glossary.md"}
    assert all((tmp_path / "folder" / name).resolve() == ROOT / name for name in learner.SHARED)
    assert (tmp_path / "folder").stat().st_mode & 0o777 == 0o700


def test_handing_out_again_brings_back_and_writes_nothing_over(tmp_path):
    folder, downloads = tmp_path / "folder", tmp_path / "downloads"
    (downloads / "flower_photos").mkdir(parents=True)
    (downloads / "flower_photos.tgz").touch()
    learner.hand_out(ROOT, folder, downloads)
    changed, lost = folder / "notebooks/00_start_here.ipynb", folder / "notebooks/01_cnn_anatomy.ipynb"
    changed.write_text("the learner's")
    lost.unlink()
    (folder / "data").unlink()
    (folder / "data").symlink_to(tmp_path / "an older course")
    (folder / "course_utils").unlink()
    (folder / "course_utils").mkdir()  # a learner's own copy
    learner.hand_out(ROOT, folder, downloads)
    assert changed.read_text() == "the learner's"
    assert lost.read_bytes() == (ROOT / "notebooks/01_cnn_anatomy.ipynb").read_bytes()
    assert (folder / "data").resolve() == ROOT / "data" and not (folder / "course_utils").is_symlink()
    assert [path.name for path in (folder / ".cache/downloads").iterdir()] == ["flower_photos"]
    assert not list(folder.rglob("*.part"))


def test_the_administrators_variables_win(tmp_path):
    found = learner.environment(ROOT, tmp_path / "folder", {"COURSE_CACHE": "elsewhere", "JUPYTERHUB_USER": "anna"})
    assert "COURSE_CACHE" not in found and found["COURSE_LEARNER"] == "anna"
    assert found["COURSE_PROGRESS"] == str(tmp_path / "folder/my_progress.jsonl")


@pytest.mark.parametrize("there", [True, False])
def test_a_server_finds_shared_weights_only_if_they_are_there(there, tmp_path):
    weights = tmp_path / "weights"
    if there:
        weights.mkdir()
    show = "lambda python, command, variables: print(variables.get('COURSE_WEIGHTS', ''))"
    code = f"import os; os.execve = {show}; from hub import learner; learner.main()"
    variables = os.environ | {"HOME": str(tmp_path), "COURSE_WEIGHTS": str(weights)}
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=variables, capture_output=True, text=True)
    assert done.stdout.strip() == (str(weights) if there else ""), done.stderr
    assert ("There is no such folder: notebooks do without" in done.stderr) != there


@pytest.mark.skipif(os.name == "nt", reason="The Littlest JupyterHub runs on Linux")
def test_the_exercises_of_a_class_are_collected_and_no_link_is_followed(tmp_path):
    """As the README says it, with this machine's Python and homes made for it."""
    text = (HUB / "README.md").read_text(encoding="utf-8")
    (script,) = re.findall(r"```\n(mkdir -m 700 .*?)```", text, re.S)
    script = script.replace("/home/", f"{tmp_path}/").replace("/srv/transfer-learning-course", str(ROOT))
    script = script.replace("/opt/tljh/user/bin/python", sys.executable)
    line = {"who": "anna", "when": "2026-01-01T10:00:00+00:00", "exercise": "00.1", "outcome": "correct"}
    for name in ("anna", "ben"):
        (tmp_path / f"jupyter-{name}" / learner.FOLDER).mkdir(parents=True)
    (tmp_path / "jupyter-anna" / learner.FOLDER / "my_progress.jsonl").write_text(json.dumps(line) + "\n")
    (tmp_path / "secret").write_text(json.dumps(line | {"who": "the administrator"}) + "\n")
    (tmp_path / "jupyter-ben" / learner.FOLDER / "my_progress.jsonl").symlink_to(tmp_path / "secret")
    variables = os.environ | {"HOME": str(tmp_path)}
    done = subprocess.run(["bash", "-ec", script], env=variables, capture_output=True, text=True, check=True)
    assert "ben.jsonl: a link, which is not followed" in done.stdout
    table = (tmp_path / "class.csv").read_text(encoding="utf-8-sig")
    assert "anna" in table and "administrator" not in table


@pytest.mark.parametrize(
    ("tries", "size", "most"),
    [
        ([], 8, 0),
        ([row(4, ready=60, cell=60)], 8, 4),
        ([row(4), row(8, cell=61)], 6, 4),
        ([row(4), row(8, ready=61), row(6)], None, 6),
        ([row(4), row(8, outcome="memory"), row(6, outcome="memory")], None, 4),
        ([row(4, cell="")], 2, 0),
        ([row(4, ready=61), row(2, ready=61)], 1, 0),
        ([row(4, ready=61), row(2, ready=61), row(1, ready=61)], None, 0),
        ([row(4, ready=61), row(2, ready=61), row(1)], None, 1),
        ([row(4, ready=61), row(2)], 3, 2),
        ([row(64)], None, 64),
        ([row(4, notebook="05"), row(4, pace=record.AT_ONCE)], 8, 0),
    ],
)
def test_the_next_try_lies_next_to_what_was_held(tries, size, most):
    assert record.next_size(tries, "00", record.READING) == size
    assert record.most(tries, "00", record.READING) == most


def test_limits_are_rounded_up():
    tries = [row(4, notebook=name, peak=peak) for name, peak in zip(record.NOTEBOOKS, (1.21, 1.0), strict=True)]
    wanted = {"memory_guarantee": 1.3, "memory_limit": 2.5, "cpu_limit": 2, "cpu_guarantee": 0.5}
    assert record.limits([*tries, row(8, outcome="memory", peak=9)]) == wanted


@pytest.mark.parametrize(("values", "wanted"), [([], None), ([3], 3), (range(1, 21), 19), (range(1, 101), 95)])
def test_percentile(values, wanted):
    assert record.percentile(values, 0.95) == wanted


def test_another_machine_is_not_mixed_in(tmp_path):
    path = tmp_path / "load.csv"
    for size in (4, 8):
        record.append(row(size), path)
    before = path.read_bytes()
    with pytest.raises(CourseError, match=r"rows with processor b\. Received rows with a\..*give another --out"):
        record.append(row(16) | {"processor": "b"}, path)
    assert path.read_bytes() == before and len(record.read(path)) == 2


def test_the_proxy_is_pinned_and_its_lock_names_no_server():
    text = (HUB / "package-lock.json").read_text()
    packages = {place: one for place, one in json.loads(text)["packages"].items() if place}
    version = packages["node_modules/configurable-http-proxy"]["version"]
    assert json.loads((HUB / "package.json").read_text())["dependencies"] == {"configurable-http-proxy": version}
    assert '"resolved"' not in text and all("integrity" in one for one in packages.values())
