"""What imports what: the package stays quick to import, and its modules depend on each other in one direction."""

import ast
import functools
import subprocess
import sys
import time

from course_utils import ROOT

PACKAGE = ROOT / "course_utils"

# Each module imports from the lines above its own alone: so those of the first line stand alone, those of the last are
# imported by no one, and whatever stands above `quiet` starts no TensorFlow. A folder counts as one module, but for
# commands/setup.py, which runs before anything is installed. `course_utils` is ROOT, DATA and CACHE.
TIERS = """
course_utils commands.setup world as_seen cards descent leftovers lookalikes machine metrics published words
anatomy augmentation chart_rules clone digits extras kept_files manifest networks painting plots progress rates reading
records scheduling shifts sides store strategies transferability variants
archives class_folders data diagrams fine_tuning large_pools model_card plans similarity sweep_plan transfers
weights_files zoo
at_hand downloads example_folder inspection ledger ranking sweeping verdicts
chart findings
advice chart_views
advice_check
quiet
batch_norm batches course_net cutting head_kinds looking schedules
augmentation_gain changes comparisons depth_rates head_comparison notebook outlines recipes
augmentation_verdicts backbones fitting kept_views sources
features heads keeping preprocessing speeds
parts similarity_measures
advising training
measuring
judging probes
head_runs
sweep_runs
checks commands widgets
"""
TIER = {name: number for number, line in enumerate(TIERS.splitlines()) for name in line.split()}


def module_of(dotted):
    """Return the name in TIERS of the course module that holds a dotted name, such as course_utils.world.page."""
    parts = dotted.removesuffix(".__init__").split(".")[1:]
    if parts[:2] == ["commands", "setup"]:
        return "commands.setup"
    is_module = parts and ((PACKAGE / parts[0]).is_dir() or (PACKAGE / f"{parts[0]}.py").is_file())
    return parts[0] if is_module else "course_utils"


def imported_names(tree):
    """List the dotted names that are imported anywhere: at the top, in functions, and for type checkers alone."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"from {'.' * node.level}...: write the whole name, from course_utils..."
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@functools.cache
def sources():
    """List (name in TIERS, path below the package, syntax tree) of every file of the package."""
    places = [path.relative_to(PACKAGE) for path in sorted(PACKAGE.rglob("*.py"))]
    names = [module_of(".".join(("course_utils", *place.with_suffix("").parts))) for place in places]
    trees = [ast.parse((PACKAGE / place).read_text(encoding="utf-8")) for place in places]
    return [*zip(names, map(str, places), trees, strict=True)]


def test_every_module_is_in_one_tier():
    assert sorted(TIERS.split()) == sorted({name for name, *_ in sources()})


def test_modules_import_from_higher_lines_alone():
    mistakes = set()
    for name, path, tree in sources():
        names = {module_of(dotted) for dotted in imported_names(tree) if dotted.split(".")[0] == "course_utils"}
        beyond = {one for one in names - {name} if TIER[one] >= TIER[name] or one == "commands.setup"}
        mistakes |= {f"{path} may not import {one}" for one in beyond}
    assert mistakes == set()


def test_keras_is_imported_in_one_place():
    # Elsewhere TensorFlow would write its start-up lines into the notebooks.
    large = {"keras", "tensorflow"}
    found = [path for _, path, tree in sources() if large & {name.split(".")[0] for name in imported_names(tree)}]
    assert found == ["quiet.py"]


def fresh(code):
    """Run code in a fresh Python; return what it printed, and the shortest of three times."""
    seconds = []
    for _ in range(3):
        start = time.perf_counter()
        done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True)
        seconds.append(time.perf_counter() - start)
    return done.stdout, min(seconds)


def test_importing_the_package_imports_no_library_and_is_quick():
    _, idle = fresh("pass")
    names, seconds = fresh("import sys; old = {*sys.modules}; import course_utils; print(*{*sys.modules} - old)")
    assert "course_utils" in names.split()
    assert {name.split(".")[0] for name in names.split()} - sys.stdlib_module_names == {"course_utils"}
    assert seconds < 4 * idle
