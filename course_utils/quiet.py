"""Keras, imported without the lines that TensorFlow's C++ part writes to the error stream while it starts.

Every module that needs Keras takes it from here: `from course_utils.quiet import keras`.
"""

import os

_stderr, _silence = os.dup(2), os.open(os.devnull, os.O_WRONLY)
os.dup2(_silence, 2)
try:
    import tensorflow

    tensorflow.constant(0.0)  # starts the run time, which writes a second time
    import keras
finally:
    os.dup2(_stderr, 2)
    os.close(_stderr)
    os.close(_silence)

# Its warnings are advice for developers (a function was traced again), in the middle of a learner's notebook.
tensorflow.get_logger().setLevel("ERROR")

__all__ = ["keras", "tensorflow"]
