"""The weekly job: which versions it tests, and that it runs what is there."""

import importlib.util
import re

import pytest
from packaging.requirements import Requirement

from course_utils import ROOT
from course_utils.commands import preflight


@pytest.fixture(scope="module")
def weekly():
    spec = importlib.util.spec_from_file_location("weekly", ROOT / ".ci/weekly.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def chosen(weekly, versions):
    wanted = map(Requirement, weekly.requirements(versions))
    here = {"sys_platform": "linux", "platform_machine": "x86_64"}
    return {one.name: str(one.specifier) for one in wanted if one.marker is None or one.marker.evaluate(here)}


def test_newest_names_every_package_without_a_version(weekly):
    oldest, newest = chosen(weekly, "oldest"), chosen(weekly, "newest")
    assert set(newest) == set(oldest) and set(newest.values()) == {""}
    assert "tensorflow-cpu" in newest and "tensorflow" not in newest  # the markers are still there


def test_the_oldest_versions_are_those_that_preflight_accepts(weekly):
    needed = {item: text for item, _, text, _ in preflight.report()}
    oldest = chosen(weekly, "oldest")
    for item, name in {"TensorFlow": "tensorflow-cpu", "Keras": "keras"}.items():
        assert oldest[name].startswith(f"=={needed[item].split()[0]}.")


def test_the_job_runs_the_oldest_and_the_newest_versions():
    text = (ROOT / ".github/workflows/weekly.yml").read_text(encoding="utf-8")
    runs = dict(re.findall(r'\{python: "([\d.]+)", command: (python [^}]+)\}', text))
    commands = [f"python .ci/weekly.py {versions}" for versions in ("oldest", "newest")]
    assert [*runs.items()] == [*zip((preflight.PYTHONS[0], preflight.PYTHONS[-1]), commands)]
