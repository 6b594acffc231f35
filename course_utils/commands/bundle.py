"""Write a zip from which the course can be installed and used without a network.

    python -m course_utils.commands.bundle

It holds the course as learners get it (see `commands.handout`), every package that it needs, for this kind of computer
and this version of Python, and what was fetched here of ImageNet weights and photographs. Unpack it and type
`make lab`, or what the README says for Windows: nothing is downloaded. Needs a network itself.
"""

import argparse
import json
import platform
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from course_utils import CACHE, ROOT
from course_utils.cards import CourseError
from course_utils.commands import handout

WHEELS, MADE_FOR = "wheels", "made-for.json"  # where commands/setup.py looks; that imports nothing, and is not imported
FETCHED = ("keras/models", "downloads")  # folders of the cache that hold what a learner would download


def download(folder, root=ROOT):
    """Bring every package of the requirements into a folder, its hash checked.

    Raises
    ------
    CourseError
        If pip fails, as without a network.
    """
    command = [sys.executable, "-m", "pip", "download", "--disable-pip-version-check", "--only-binary", ":all:", "-q"]
    pip = [*command, "--require-hashes", "-r", str(root / "requirements.txt"), "-d", str(folder)]
    subprocess.run([sys.executable, "-m", "ensurepip"], capture_output=True, check=False)  # uv makes places without pip
    done = subprocess.run(pip, capture_output=True, text=True, check=False)
    if done.returncode:
        last = (done.stderr.strip() or "nothing").splitlines()[-1]
        raise CourseError(f"Expected pip to bring all packages. It says: {last}. Connect to the network and try again.")


def write(out, root=ROOT, cache=CACHE):
    """Write the zip; return its size in MB, and how many files of weights and photographs are in it.

    Parameters
    ----------
    out : str or Path
    root : Path
        The clone.
    cache : Path
        Where weights and photographs were fetched to.

    Raises
    ------
    CourseError
        If something is not committed, there is no clone, or the packages cannot be had.
    """
    handout.write(out, root)
    kind = [platform.system(), platform.machine(), sys.version_info[:2]]
    fetched = [path for part in FETCHED for path in sorted((cache / part).rglob("*")) if path.is_file()]
    with tempfile.TemporaryDirectory() as space, zipfile.ZipFile(out, "a") as archive:
        try:
            download(Path(space), root)
        except CourseError:
            archive.close()
            Path(out).unlink()
            raise
        for path in sorted(Path(space).iterdir()):
            archive.write(path, f"{handout.FOLDER}/{WHEELS}/{path.name}")
        archive.writestr(f"{handout.FOLDER}/{WHEELS}/{MADE_FOR}", json.dumps(kind))
        for path in fetched:
            archive.write(path, f"{handout.FOLDER}/.cache/{path.relative_to(cache).as_posix()}")
    return Path(out).stat().st_size / 1e6, len(fetched)


def main():
    """Write it, and say for what it is."""
    kind = f"{platform.system()}-{platform.machine()}-python{platform.python_version().rpartition('.')[0]}"
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", default=f"offline-bundle-{kind}.zip", metavar="FILE")
    arguments = parser.parse_args()
    try:
        size, fetched = write(arguments.out)
    except CourseError as error:
        sys.exit(str(error))
    print(f"{arguments.out}: {size:.0f} MB, for {kind}, with {fetched} files of ImageNet weights and photographs.")


if __name__ == "__main__":
    main()
