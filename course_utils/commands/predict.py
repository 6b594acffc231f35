"""Name the classes of pictures with a network that was kept.

python -m course_utils.commands.predict my_network.keras picture.jpg more.jpg
"""

import argparse

from course_utils import keeping
from course_utils.cards import CourseError

SHOWN = 3  # classes a picture


def main():
    """Print the most likely classes of every picture."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("network", help="a .keras file that this course has kept")
    parser.add_argument("pictures", nargs="+")
    arguments = parser.parse_args()
    try:
        named = keeping.load(arguments.network).predict(arguments.pictures)
    except CourseError as error:
        parser.exit(1, f"{error}\n")
    for path, shares in zip(arguments.pictures, named, strict=True):
        best = list(shares.items())[:SHOWN]
        print(f"{path}: " + ", ".join(f"{name} {share:.0%}" for name, share in best))


if __name__ == "__main__":
    main()
