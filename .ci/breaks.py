"""Break the course on purpose, one mistake at a time, and see whether `make test` notices.

    python .ci/breaks.py             # all of breaks.toml; half an hour, and more for each that is not noticed at once
    python .ci/breaks.py metrics     # those of modules with such a name
    python .ci/breaks.py --near      # a first look: run only the tests that name the module most often

Each mistake is made in a clone of the last commit. There these tests run first, then all that `make test` runs; the
first failure ends it.
"""

import re
import subprocess
import sys
import tempfile
import tomllib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BREAKS = ROOT / ".ci/breaks.toml"
FAILED = 1  # pytest's exit status where a test failed
NEAR, NEAR_ONLY = 6, "--near"  # so many files of tests
FACES = ("checks", "diagrams", "plots", "widgets", "world")  # folders whose modules are not named by who uses them


def near(module, folder):
    """Return the files of tests that bear a module's name, and then those that name it most often; at most `NEAR`."""
    name = module.parent.name if module.parent.name in FACES else module.stem
    word = re.compile(rf"\b{name}\b")
    counts = {path: len(word.findall(path.read_text(encoding="utf-8"))) for path in sorted(folder.rglob("test_*.py"))}
    named = filter(counts.get, counts)
    return sorted(named, key=lambda path: (name not in path.stem, -counts[path]))[:NEAR]


def noticed_by(made):
    """Return the first test that fails with a mistake; empty if none does."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder, "course")
        subprocess.run(["git", "clone", "--quiet", "--shared", ROOT, copy], check=True)
        module = copy / made["module"]
        text = module.read_text(encoding="utf-8")
        assert text.count(made["old"]) == 1, f"{made['module']}: expected once: {made['old']}"
        module.write_text(text.replace(made["old"], made["new"]), encoding="utf-8")
        author = ["-c", "user.name=nobody", "-c", "user.email=nobody@localhost"]
        subprocess.run(["git", *author, "commit", "--quiet", "--no-verify", "-am", "broken"], cwd=copy, check=True)
        for chosen in (near(module, copy / "tests"), [])[: 1 if NEAR_ONLY in sys.argv else 2]:
            command = [sys.executable, "-m", "pytest", "-x", "-q", "--no-header", "--numprocesses=0", *chosen]
            done = subprocess.run(command, cwd=copy, capture_output=True, text=True)
            if done.returncode == FAILED:
                return next(line for line in done.stdout.splitlines() if line.startswith(("FAILED", "ERROR")))
            assert done.returncode == 0, done.stdout + done.stderr
    return ""


def main():
    """Run from the terminal; return how many mistakes nobody noticed."""
    breaks = tomllib.loads(BREAKS.read_text(encoding="utf-8"))["break"]
    names = set(sys.argv[1:]) - {NEAR_ONLY}
    chosen = [made for made in breaks if not names or Path(made["module"]).stem in names]
    found = 0
    with ThreadPoolExecutor(2) as pool:
        for made, test in zip(chosen, pool.map(noticed_by, chosen)):
            found += bool(test)
            print(f"{made['module']} ({made['kind']}): {test or 'NOT NOTICED'}", flush=True)
    print(f"{found} of {len(chosen)} were noticed.")
    return len(chosen) - found


if __name__ == "__main__":
    sys.exit(main())
