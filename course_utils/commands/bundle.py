"""Write a zip from which the course can be installed and used without a network.

    python -m course_utils.commands.bundle

It holds the course as learners get it (see `commands.handout`), every package that it needs, for this kind of computer
and this version of Python, the ImageNet weights that are on this machine, and the photographs that were fetched.
Unpack it and type `make lab`, or what the README says for Windows: nothing is downloaded. To make it needs a network.
"""

import argparse
import json
import platform
import subprocess
import sys
import tempfile
import zipfile
from functools import partial
from pathlib import Path

from course_utils import ROOT, downloads, weights_files
from course_utils.cards import CourseError
from course_utils.commands import handout

WHEELS, MADE_FOR = "wheels", "made-for.json"  # where commands/setup.py looks; that imports nothing, and is not imported


def download(folder, root=ROOT):
    """Bring every package of the requirements into a folder, its hash checked.

    Raises
    ------
    CourseError
        If pip fails, as without a network.
    """
    python, quiet = [sys.executable, "-I", "-m"], {"stdin": subprocess.DEVNULL, "capture_output": True, "check": False}
    pip = [*python, "pip", "download", "--disable-pip-version-check", "--no-input", "--only-binary", ":all:", "-q"]
    needs = ["--require-hashes", "-r", str(root / "requirements.txt"), "-d", str(folder)]
    subprocess.run([*python, "ensurepip"], **quiet)  # uv makes places without pip
    done = subprocess.run([*pip, *needs], **quiet, text=True, errors="replace")
    if done.returncode:
        last = (done.stderr.strip() or "nothing").splitlines()[-1]
        raise CourseError(
            f"Expected pip to bring all packages. It says: {last}. If it found no network, connect and try again."
        )


def fetched():
    """Return the files that a learner would have to download: a dict of place in the course's folder to path."""
    files = {
        f".cache/keras/models/{path.name}": path
        for folder in weights_files.model_folders()
        for path in folder.glob("*.h5")
    }
    for one in downloads.DOWNLOADS:
        place = downloads.folder(one.name)
        files |= {
            f".cache/downloads/{one.name}/{path.relative_to(place.parent).as_posix()}": path
            for path in (place.parent.rglob("*") if place else ())
            if path.is_file()
        }
    return files


def make(path, root=ROOT, files=()):
    """Write the zip to a path; see `handout.make`.

    Parameters
    ----------
    path, root : Path
    files : dict of str to Path
        Place in the course's folder -> what else goes with it.
    """
    handout.make(path, root)
    kind = [platform.system(), platform.machine(), sys.version_info[:2]]
    # Files out of old archives may be older than a zip can say.
    with tempfile.TemporaryDirectory() as space, zipfile.ZipFile(path, "a", strict_timestamps=False) as archive:
        download(Path(space), root)
        for wheel in sorted(Path(space).iterdir()):
            archive.write(wheel, f"{handout.FOLDER}/{WHEELS}/{wheel.name}")
        handout.put(archive, f"{WHEELS}/{MADE_FOR}", json.dumps(kind))
        for place, file in dict(files).items():
            archive.write(file, f"{handout.FOLDER}/{place}")


def main():
    """Write it, and say for what it is."""
    kind = f"{platform.system()}-{platform.machine()}-python{platform.python_version().rpartition('.')[0]}"
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", default=f"offline-bundle-{kind}.zip", metavar="FILE")
    arguments = parser.parse_args()
    files = fetched()
    try:
        size = handout.write(arguments.out, make=partial(make, files=files))
    except CourseError as error:
        sys.exit(str(error))
    print(f"{arguments.out}: {size:.0f} MB, for {kind}, with {len(files)} files of ImageNet weights and photographs.")


if __name__ == "__main__":
    main()
