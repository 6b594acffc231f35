"""Figures. Each function draws recorded values on axes and returns the axes; none trains or computes results."""

from course_utils.plots.pictures import (
    answers,
    contact_sheet,
    feature_maps,
    picture,
    receptive_fields,
    set_answers,
    task_strip,
)
from course_utils.plots.results import block_probes, depth_curves, learning_curves, parameter_bars

__all__ = [
    "answers",
    "block_probes",
    "contact_sheet",
    "depth_curves",
    "feature_maps",
    "learning_curves",
    "parameter_bars",
    "picture",
    "receptive_fields",
    "set_answers",
    "task_strip",
]
