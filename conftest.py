"""What every test, and every kernel that a test starts, finds in its environment."""

import os
import tempfile
from pathlib import Path

# Tests leave the learner's own cache and exercises alone. Set before course_utils is imported, which reads it.
os.environ.setdefault("COURSE_CACHE", tempfile.mkdtemp(prefix="course-cache-"))
os.environ["COURSE_PROGRESS"] = str(Path(os.environ["COURSE_CACHE"], "progress.jsonl"))

from course_utils.commands.pairs import KERNEL_ENVIRONMENT  # noqa: E402

# Outputs are compared with stored ones: both are made with the same settings. A caller's own choice wins, so that the
# notebooks can be tried under others (oneDNN off, one thread).
for name, value in KERNEL_ENVIRONMENT.items():
    os.environ.setdefault(name, value)

# Where real photographs and weights are at hand (see CONTRIBUTING.md), notebooks 02 and 08 run on them.
real = Path(os.environ.get("COURSE_REAL_DATA", "not given"))
for name, place in {
    "COURSE_PHOTOS": "photos/cats_vs_dogs",
    "COURSE_PHOTOS_DISSIMILAR": "photos/malaria_cells",
    "COURSE_WEIGHTS": "keras_home/models",
}.items():
    if (real / place).is_dir():
        os.environ.setdefault(name, str(real / place))
