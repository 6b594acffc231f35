"""What the notebooks of the transfer-learning course share.

Importing this package is cheap and does not import TensorFlow; the modules that need it do so when they are used.
"""

import os
import platform
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "data"
CACHE = Path(os.environ.get("COURSE_CACHE", str(ROOT / ".cache"))).expanduser()

# TensorFlow, Keras and Matplotlib read these when they are first imported, so they must be set before. A learner's
# own choice wins. The last two keep what those libraries write inside the course's cache.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
if platform.machine() in ("x86_64", "AMD64"):
    # Faster kernels, which TensorFlow only switches on by itself where the processor has AVX-512 VNNI. Without it (AMD
    # EPYC with AVX2) a CourseNet was trained in about half the time with them.
    os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")
os.environ.setdefault("KERAS_HOME", str(CACHE / "keras"))
os.environ.setdefault("MPLCONFIGDIR", str(CACHE / "matplotlib"))
