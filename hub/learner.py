"""Hand the course to the learner whose account runs this, then become their Jupyter server.

JupyterHub starts this file in place of `jupyterhub-singleuser`, with the Python of the course. It runs as the learner
and not as root, so that nothing a learner leaves in the home folder can mislead it. Standard library only.

In the home it makes the folder `transfer-learning-course`:

    notebooks/                 the learner's own copies; one that is there already is never written over
    course_utils, data         links to the course that all share
    .cache/downloads/...       links to the photographs that were unpacked for all
    my_progress.jsonl, ...     what the learner makes
"""

import os
import shutil
import sys
from pathlib import Path

COURSE = Path(__file__).resolve().parents[1]
FOLDER = "transfer-learning-course"
SHARED = ("course_utils", "data", "README.md", "LICENSE")
WEIGHTS = "COURSE_WEIGHTS"


def hand_out(course, folder, downloads=None):
    """Bring a learner's folder to what the course needs; called again, it brings back what is missing.

    Parameters
    ----------
    course : Path
        The course that all share.
    folder : Path
        The learner's.
    downloads : Path, optional
        A folder that holds unpacked photographs, each set in a folder of its own.
    """
    folder.mkdir(mode=0o700, exist_ok=True)
    for name in SHARED:
        link(course / name, folder / name)
    (folder / "notebooks").mkdir(exist_ok=True)
    for original in [*course.glob("notebooks/[0-9][0-9]_*.ipynb"), *course.glob("notebooks/*.md")]:
        copy(original, folder / "notebooks" / original.name)
    if downloads and downloads.is_dir():
        (folder / ".cache/downloads").mkdir(parents=True, exist_ok=True)
        for photographs in filter(Path.is_dir, downloads.iterdir()):
            link(photographs, folder / ".cache/downloads" / photographs.name)


def link(original, place):
    """Make a link, anew if it is one already; what else is at its place is the learner's, and stays."""
    if place.is_symlink():
        place.unlink()
    if not place.exists():
        place.symlink_to(original)


def copy(original, place):
    """Copy a file whole or not at all, unless there is one."""
    if not place.exists():
        part = place.with_name(f".{place.name}.part")
        shutil.copyfile(original, part)
        part.rename(place)


def environment(course, folder, variables):
    """Return what the learner's server and kernels find in their environment, besides what is there.

    Parameters
    ----------
    course, folder : Path
    variables : dict of str to str
        What is there; the administrator's choice wins.
    """
    own = {
        "COURSE_CACHE": str(folder / ".cache"),
        "COURSE_PROGRESS": str(folder / "my_progress.jsonl"),
        # The name at the login: the account's may be "jupyter-anna", or "jovyan" for all.
        "COURSE_LEARNER": variables.get("JUPYTERHUB_USER", ""),
        "JUPYTERHUB_ROOT_DIR": str(folder),
        "JUPYTER_CONFIG_PATH": str(course / "hub/jupyter"),
        # Kernels speak through files in here; a file's address may have no more than 107 letters.
        "JUPYTER_RUNTIME_DIR": str(folder.parent / ".jupyter/run"),
    }
    return {name: value for name, value in own.items() if name not in variables}


def without_missing_weights(variables):
    """Return the variables, without that of ImageNet weights if its folder is not there: the course refuses such.

    Both configurations set it always, and the folder, or on Kubernetes the volume, need not be there.

    Parameters
    ----------
    variables : dict of str to str

    Returns
    -------
    dict of str to str
    """
    named = variables.get(WEIGHTS)
    if not named or os.path.isdir(os.path.expanduser(named)):
        return dict(variables)
    print(f"Expected ImageNet weights in {named}. There is no such folder: notebooks do without.", file=sys.stderr)
    return {name: value for name, value in variables.items() if name != WEIGHTS}


def main():
    """Hand out, and become the server."""
    folder = Path.home() / FOLDER
    downloads = os.environ.get("COURSE_DOWNLOADS")
    try:
        hand_out(COURSE, folder, Path(downloads) if downloads else None)
    except OSError as error:  # on a full disk, for one, the learner needs the server to make room
        print(f"Expected to put the course into {folder}. It failed: {error}. Mend that, start again.", file=sys.stderr)
    variables = without_missing_weights(os.environ)
    variables.update(environment(COURSE, folder, variables))
    os.execve(sys.executable, [sys.executable, "-m", "jupyterhub.singleuser", *sys.argv[1:]], variables)


if __name__ == "__main__":
    main()
