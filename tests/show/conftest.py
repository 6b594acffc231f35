"""Figures are drawn without a window, and closed after each test; what learners upload."""

import datetime
import io

import matplotlib
import matplotlib.pyplot as plt
import pytest
from PIL import Image

matplotlib.use("Agg")
HISTORIES = {
    "one": {"accuracy": [0.5, 0.9, 1.0], "val_accuracy": [0.5, 0.5, 0.5]},
    "two": {"accuracy": [0.6, 0.8, 0.9], "val_accuracy": [0.6, 0.7, 0.8]},
}


@pytest.fixture(autouse=True)
def close_figures():
    yield
    plt.close("all")


def uploaded(name="mine.png", color="red", content=None):
    """Return a file in the value of a FileUpload; without content, that of a plain picture."""
    if content is None:
        file = io.BytesIO()
        Image.new("RGB", (300, 200), color).save(file, "PNG")
        content = file.getvalue()
    file = {"name": name, "type": "image/png", "size": len(content), "content": memoryview(content)}
    return file | {"last_modified": datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)}
