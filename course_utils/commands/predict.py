"""Name the classes of pictures with a network that was kept.

python -m course_utils.commands.predict my_network.keras picture.jpg more.jpg folder_of_pictures
"""

import argparse
import sys
from pathlib import Path

from course_utils import class_folders, keeping
from course_utils.cards import CourseError

SHOWN = 3  # classes a picture


def listed(places):
    """Return the files of the places given: those that are folders are replaced by the pictures in them, by name.

    Parameters
    ----------
    places : sequence of str

    Returns
    -------
    list of str
    """
    found = []
    for place in places:
        if not Path(place).is_dir():
            found.append(place)
            continue
        endings = class_folders.ENDINGS  # also those that cannot be read here, to say so
        try:
            inside = sorted(str(path) for path in class_folders.inside(Path(place)) if path.suffix.lower() in endings)
        except PermissionError:
            raise CourseError(f"Expected a folder that may be listed at {place}. It may not: ask its owner.") from None
        if not inside:
            raise CourseError(f"Expected pictures directly in the folder {place}. Found none. Name a folder with some.")
        found += inside
    return found


def main():
    """Print the most likely classes of every picture that can be read; name the others on the error stream."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("network", help="a .keras file that this course has kept")
    parser.add_argument("pictures", nargs="+", help="picture files, and folders of them")
    arguments = parser.parse_args()
    try:
        paths, kept = listed(arguments.pictures), keeping.load(arguments.network)
    except CourseError as error:
        parser.exit(1, f"{error}\n")
    done = [named(kept, path) for path in paths]
    if not any(done):
        parser.exit(1)


def named(kept, path):
    """Print the most likely classes of a picture, or why there are none; return whether there are."""
    try:
        (shares,) = kept.predict([path])  # one by one: a folder may hold more than the memory
    except CourseError as error:
        print(error, file=sys.stderr)
        return False
    print(f"{path}: " + ", ".join(f"{name} {share:.0%}" for name, share in list(shares.items())[:SHOWN]))
    return True


if __name__ == "__main__":
    main()
