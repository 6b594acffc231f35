"""Figures. Each function draws recorded values on axes and returns the axes; none trains or computes results."""

from course_utils.plots.chart import (
    accuracy_seconds,
    by_size,
    case_bars,
    difference_lines,
    set_case_bars,
    winner_map,
)
from course_utils.plots.choosing import accuracy_cost, as_seen, by_source, transfer
from course_utils.plots.differences import gains, spreads
from course_utils.plots.heads import activation, margin_losses, margin_plane
from course_utils.plots.pictures import (
    answers,
    contact_sheet,
    feature_maps,
    picture,
    receptive_fields,
    set_answers,
    task_strip,
)
from course_utils.plots.rates import descent, forgetting, rate_finder, schedules, ways
from course_utils.plots.results import (
    accuracy_lines,
    best_of_many,
    depth_curves,
    depth_seconds,
    learning_curves,
    overfitting,
    parameter_bars,
)

__all__ = [
    "accuracy_cost",
    "accuracy_lines",
    "accuracy_seconds",
    "activation",
    "answers",
    "as_seen",
    "best_of_many",
    "by_size",
    "by_source",
    "case_bars",
    "contact_sheet",
    "depth_curves",
    "depth_seconds",
    "descent",
    "difference_lines",
    "feature_maps",
    "forgetting",
    "gains",
    "learning_curves",
    "margin_losses",
    "margin_plane",
    "overfitting",
    "parameter_bars",
    "picture",
    "rate_finder",
    "receptive_fields",
    "schedules",
    "set_answers",
    "set_case_bars",
    "spreads",
    "task_strip",
    "transfer",
    "ways",
    "winner_map",
]
