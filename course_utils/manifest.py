"""The list of the course's data files: what each one's bytes must be, and the command that makes it again."""

import hashlib
import json

from course_utils import DATA
from course_utils.cards import CourseError


def read():
    """Return the manifest: a dict from a file's path below `data/` to its sha256, seed and command.

    Raises
    ------
    CourseError
        If the manifest is missing or damaged.
    """
    try:
        return json.loads((DATA / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise CourseError(
            "Expected the list of data files, data/manifest.json. It is missing or damaged. "
            "`git checkout data/manifest.json` brings it back."
        ) from None


def sha256(path):
    """Return the sha256 of a file as hexadecimal digits."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def verified(name):
    """Return the path of a file of the course after checking that it is there and whole.

    Parameters
    ----------
    name : str
        Path below `data/`, such as "tasks/garden.zip".

    Raises
    ------
    CourseError
        If the file is missing, or its bytes are not those that the manifest records.
    """
    path = DATA / name
    advice = f"`git checkout data/{name}` brings it back; or clone the course again."
    if not path.is_file():
        raise CourseError(f"Expected the course's file data/{name}. It is missing. {advice}")
    wanted, found = read().get(name, {}).get("sha256", "unknown"), sha256(path)
    if wanted != found:
        raise CourseError(
            f"Expected data/{name} with sha256 {wanted[:12]}... Found {found[:12]}...: it is damaged. {advice}"
        )
    return path


def record(name, seed, command):
    """Write a file's sha256, and how it was made, into the manifest."""
    path = DATA / "manifest.json"
    entries = read() if path.is_file() else {}
    entries[name] = {"sha256": sha256(DATA / name), "seed": seed, "command": command}
    path.write_text(json.dumps(dict(sorted(entries.items())), indent=2) + "\n", encoding="utf-8", newline="\n")
