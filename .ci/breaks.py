"""Break the course on purpose, one mistake at a time, and see whether `make test` notices.

    python .ci/breaks.py             # all of breaks.toml; a quarter of an hour, and more where nothing is noticed
    python .ci/breaks.py metrics     # those of modules with such a name

Each mistake is made in a copy of the course. There the tests that name the module most often run first, then all that
`make test` runs; the first failure ends it.
"""

import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BREAKS = ROOT / ".ci/breaks.toml"
FAILED = 1  # pytest's exit status where a test failed
NEAR = 6  # files of tests


def near(module, folder):
    """Return the files of tests that name a module, those first that do so most often; at most `NEAR`."""
    word = re.compile(rf"\b{module.stem}\b")
    counts = {path: len(word.findall(path.read_text(encoding="utf-8"))) for path in sorted(folder.rglob("test_*.py"))}
    return sorted(filter(counts.get, counts), key=counts.get, reverse=True)[:NEAR]


def noticed_by(made):
    """Return the first test that fails with a mistake; empty if none does."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder, "course")
        for name in subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True).stdout.decode().split("\0"):
            if name and (ROOT / name).is_file():
                (copy / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / name, copy / name)
        module = copy / made["module"]
        text = module.read_text(encoding="utf-8")
        assert text.count(made["old"]) == 1, f"{made['module']}: expected once: {made['old']}"
        module.write_text(text.replace(made["old"], made["new"]), encoding="utf-8")
        for chosen in (near(module, copy / "tests"), []):
            command = [sys.executable, "-m", "pytest", "-x", "-q", "--no-header", "--numprocesses=0", *chosen]
            done = subprocess.run(command, cwd=copy, capture_output=True, text=True)
            if done.returncode == FAILED:
                return next(line for line in done.stdout.splitlines() if line.startswith(("FAILED", "ERROR")))
            assert done.returncode == 0, done.stdout + done.stderr
    return ""


def main():
    """Run from the terminal; return how many mistakes nobody noticed."""
    breaks = tomllib.loads(BREAKS.read_text(encoding="utf-8"))["break"]
    chosen = [made for made in breaks if not sys.argv[1:] or Path(made["module"]).stem in sys.argv[1:]]
    found = 0
    with ThreadPoolExecutor(2) as pool:
        for made, test in zip(chosen, pool.map(noticed_by, chosen)):
            found += bool(test)
            print(f"{made['module']} ({made['kind']}): {test or 'NOT NOTICED'}", flush=True)
    print(f"{found} of {len(chosen)} were noticed.")
    return len(chosen) - found


if __name__ == "__main__":
    sys.exit(main())
