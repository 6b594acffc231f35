"""What imports what: the package stays quick to import, and its modules depend on each other in one direction."""

import ast
import json
import subprocess
import sys
import time

import pytest

from course_utils import ROOT

PACKAGE = ROOT / "course_utils"

# For every module, the modules of the course that it may import. A folder counts as one module, except that
# commands/setup.py, which runs before anything is installed, stands alone. `course_utils` itself (ROOT, DATA, CACHE)
# may be imported everywhere but there and in `world`. No one may import `widgets`, `checks` or `commands`.
BELOW_NETWORKS = {"cards", "as_seen", "reading", "manifest", "records", "metrics", "data", "world"}
NETWORKS = {
    "quiet",
    "course_net",
    "networks",
    "strategies",
    "weights_files",
    "backbones",
    "cutting",
    "store",
    "features",
    "batch_norm",
    "schedules",
    "depth_rates",
    "augmentation",
    "batches",
    "recipes",
    "fitting",
    "parts",
    "training",
    "probes",
    "rates",
    "measuring",
    "comparisons",
    "shifts",
    "fine_tuning",
    "kept_views",
    "augmentation_gain",
    "augmentation_verdicts",
    "changes",
    "digits",
    "speeds",
    "head_kinds",
    "heads",
    "head_comparison",
    "head_runs",
    "published",
    "variants",
    "outlines",
    "zoo",
    "sources",
    "preprocessing",
    "large_pools",
    "sweep_plan",
    "sweep_runs",
    "sweeping",
    "ledger",
    "scheduling",
    "chart_rules",
    "chart",
    "transferability",
    "similarity",
    "similarity_measures",
    "ranking",
    "verdicts",
    "advice",
    "advice_check",
    "advising",
    "chart_views",
    "class_folders",
    "inspection",
    "lookalikes",
    "sides",
    "findings",
    "plans",
    "keeping",
    "judging",
    "looking",
    "kept_files",
    "model_card",
    "archives",
    "leftovers",
    "transfers",
    "downloads",
    "example_folder",
}
BELOW_PLOTS = BELOW_NETWORKS | NETWORKS
ALLOWED = {
    "course_utils": set(),
    "cards": set(),
    "quiet": set(),
    "world": {"world"},
    "manifest": {"course_utils", "cards"},
    "records": {"course_utils", "cards", "leftovers"},
    "metrics": {"cards"},
    "progress": {"course_utils", "cards", "leftovers"},
    "clone": {"course_utils", "cards"},
    "as_seen": set(),
    "reading": {"cards", "as_seen"},
    "archives": {"cards", "manifest"},
    "class_folders": {"as_seen", "cards", "reading"},
    "extras": {"course_utils", "cards"},
    "inspection": {"as_seen", "class_folders", "extras"},
    "sides": {"cards"},
    "lookalikes": set(),
    "judging": {"cards", "backbones", "data", "fitting", "looking", "measuring", "metrics"},
    "looking": {"cards", "quiet"},
    "machine": set(),
    "keeping": {"course_utils", "cards", "backbones", "kept_files", "model_card", "networks", "quiet", "reading"},
    "kept_files": {"cards"},
    "model_card": {"metrics", "records"},
    "findings": {"cards", "inspection", "lookalikes", "plans", "reading", "sides"},
    "plans": {"reading"},
    "leftovers": set(),
    "transfers": {"cards", "extras"},
    "example_folder": {"course_utils", "data", "leftovers"},
    "downloads": {"course_utils", "cards", "archives", "leftovers", "transfers"},
    "data": {"course_utils", "cards", "manifest", "reading", "world"},
    "networks": {"cards"},
    "strategies": {"cards"},
    "course_net": {"cards", "quiet"},
    "weights_files": {"course_utils", "cards", "networks"},
    "backbones": {"course_utils", "cards", "manifest", "networks", "course_net", "weights_files", "quiet"},
    "cutting": {"cards", "quiet"},
    "store": {"course_utils", "cards"},
    "features": {"cards", "backbones", "cutting", "networks", "store", "quiet"},
    "batch_norm": {"quiet"},
    "schedules": {"cards", "quiet"},
    "depth_rates": {"cutting", "quiet"},
    "augmentation": {"cards"},
    "batches": {"quiet"},
    "recipes": {"cards", "networks", "schedules"},
    "fitting": {"cards", "batches", "depth_rates", "schedules", "quiet"},
    "parts": {"cards", "backbones", "cutting", "features", "quiet"},
    "training": {"cards", "data", "networks", "quiet"}
    | {"augmentation", "backbones", "batch_norm", "batches", "depth_rates", "fitting", "parts", "recipes"},
    "rates": {"cards"},
    "measuring": {"cards", "data", "networks", "rates", "records", "training"},
    "probes": {"data", "backbones", "cutting", "fitting", "measuring", "quiet"},
    "comparisons": {"cutting", "metrics", "networks", "records", "strategies"},
    "shifts": {"cards"},
    "fine_tuning": {"cards", "metrics", "records", "shifts", "strategies"},
    "kept_views": {"comparisons", "metrics", "records"},
    "augmentation_gain": {"cards", "metrics", "quiet", "records", "strategies"},
    "augmentation_verdicts": {"augmentation_gain", "metrics"},
    "changes": {"augmentation", "cards", "quiet"},
    "digits": {"cards"},
    "speeds": {"anatomy", "backbones", "cutting", "records"},
    "head_kinds": {"cards", "quiet"},
    "heads": {"cards", "fitting", "head_kinds"},
    "head_comparison": {"cards", "head_kinds", "metrics", "records"},
    "head_runs": {"cards", "backbones", "data", "head_kinds", "heads", "measuring", "probes", "quiet", "rates"},
    "published": set(),
    "variants": {"course_utils"},
    "outlines": {"cutting", "networks", "quiet"},
    "zoo": {"published", "records"},
    "sources": {"cards", "comparisons", "metrics", "records", "strategies"},
    "preprocessing": {"backbones", "comparisons", "metrics", "records"},
    "large_pools": {"course_utils", "cards", "leftovers", "reading", "world"},
    "sweep_plan": {"cards", "networks", "strategies"},
    "sweep_runs": {"cards", "data", "large_pools", "records", "sweep_plan"}
    | {"augmentation_gain", "head_runs", "measuring", "quiet"},
    "sweeping": {"rates", "sweep_plan"},
    "ledger": {"cards", "records", "sweep_plan"},
    "scheduling": {"cards"},
    "chart_rules": {"metrics"},
    "chart": {"cards", "chart_rules", "ledger", "metrics", "networks", "sweep_plan", "sweeping"},
    "transferability": {"cards"},
    "similarity": {"cards", "records"},
    "similarity_measures": {"backbones", "batch_norm", "features", "quiet", "similarity", "transferability"},
    "ranking": {"similarity", "sweep_plan"},
    "verdicts": {"chart_rules", "metrics", "sweep_plan"},
    "advice": {"cards", "chart", "chart_rules", "similarity"},
    "advice_check": {"advice", "chart", "chart_rules", "chart_views", "similarity"},
    "at_hand": {"cards", "data", "networks", "weights_files"},
    "advising": {"cards", "data", "networks", "sweep_plan", "transferability"}
    | {"advice", "backbones", "chart", "chart_rules", "chart_views", "cutting", "similarity_measures"},
    "chart_views": {"cards", "chart", "chart_rules", "ledger", "metrics", "similarity", "sweep_plan"},
    "descent": set(),
    "plots": {"cards", "plots"},
    "painting": {"words"},
    "words": set(),
    "notebook": {"course_utils", "cards", "painting", "quiet"},
    "anatomy": {"cards"},
    "diagrams": {"anatomy", "diagrams"},
    "widgets": BELOW_PLOTS | {"course_utils", "anatomy", "descent", "diagrams", "plots", "notebook", "widgets"},
    "checks": {"advice", "augmentation_gain", "augmentation_verdicts", "chart", "chart_rules", "judging", "metrics"}
    | {"outlines", "preprocessing", "progress", "similarity", "zoo"}
    | {"cards", "data", "anatomy", "backbones", "batch_norm", "comparisons", "fine_tuning", "quiet", "checks"},
    "commands": BELOW_PLOTS | {"course_utils", "clone", "machine", "plots", "notebook", "progress", "commands"},
    "commands.setup": set(),
}

LONGEST = 220


def module_of(dotted):
    """Return the name in ALLOWED of the course module that holds a dotted name, such as course_utils.world.page."""
    parts = dotted.removesuffix(".__init__").split(".")[1:]
    if parts[:2] == ["commands", "setup"]:
        return "commands.setup"
    is_module = parts and ((PACKAGE / parts[0]).is_dir() or (PACKAGE / f"{parts[0]}.py").is_file())
    return parts[0] if is_module else "course_utils"


def imported_names(path):
    """List the dotted names that a file imports anywhere: at its top, in functions, and for type checkers alone."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name}, line {node.lineno}: write the whole name, from course_utils..."
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def sources():
    """List (name in ALLOWED, path) of every file of the package."""
    for path in sorted(PACKAGE.rglob("*.py")):
        yield module_of(".".join(("course_utils", *path.relative_to(PACKAGE).with_suffix("").parts))), path


def best_seconds(code):
    """Return the shortest of several times that a fresh Python needs for some code."""
    seconds = []
    for _ in range(6):
        start = time.perf_counter()
        subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)
        seconds.append(time.perf_counter() - start)
    return min(seconds)


def test_importing_the_package_is_quick():
    assert best_seconds("import course_utils") - best_seconds("pass") < 0.3


def test_importing_the_package_imports_no_large_library():
    code = "import json, sys, course_utils; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True)
    assert {"tensorflow", "keras", "numpy"}.isdisjoint(json.loads(done.stdout))


def test_every_module_is_in_the_table():
    assert {name for name, _ in sources()} == set(ALLOWED)


@pytest.mark.parametrize("name", ALLOWED)
def test_modules_import_in_one_direction(name):
    for path in (path for found, path in sources() if found == name):
        names = [dotted for dotted in imported_names(path) if dotted.split(".")[0] == "course_utils"]
        beyond = {module_of(dotted) for dotted in names} - ALLOWED[name]
        assert not beyond, f"{path.relative_to(ROOT)} may not import {', '.join(sorted(beyond))}"


def test_the_table_has_one_direction():
    # Following the table from any module never leads back to it, but within one folder.
    def reached(name, seen=()):
        for below in ALLOWED[name] - {name} - set(seen):
            seen = reached(below, (*seen, below))
        return seen

    assert not [name for name in ALLOWED if name in reached(name)]
    for end in ("widgets", "checks", "commands", "commands.setup"):
        assert not [name for name, below in ALLOWED.items() if end in below and name != end]


def test_keras_is_imported_in_one_place():
    # Elsewhere TensorFlow would write its start-up lines into the notebooks.
    found = {
        path.name for _, path in sources() if {n.split(".")[0] for n in imported_names(path)} & {"keras", "tensorflow"}
    }
    assert found == {"quiet.py"}


def test_modules_are_short():
    lengths = {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8").count("\n") for _, path in sources()}
    del lengths["course_utils/commands/setup.py"]  # one file on purpose: nothing else is there when it runs
    assert not {name: n for name, n in lengths.items() if n > LONGEST}
