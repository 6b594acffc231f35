"""Controls for the notebooks: a control or a few, and a short callback that draws again what a function computed."""

from course_utils.widgets.anatomy import convolution, feature_maps, strongest
from course_utils.widgets.augmentation import augmented_views
from course_utils.widgets.chart import measured_chart
from course_utils.widgets.choosing import networks
from course_utils.widgets.controls import choice, prediction
from course_utils.widgets.heads import activation, flattening, margin
from course_utils.widgets.learning import watch_learning
from course_utils.widgets.own_pictures import bring_pictures, odd_files, where_it_looks
from course_utils.widgets.rates import descent, forgetting
from course_utils.widgets.strategies import best_of_many, freeze_depth

__all__ = [
    "activation",
    "augmented_views",
    "best_of_many",
    "bring_pictures",
    "choice",
    "convolution",
    "descent",
    "feature_maps",
    "flattening",
    "forgetting",
    "freeze_depth",
    "margin",
    "measured_chart",
    "networks",
    "odd_files",
    "prediction",
    "strongest",
    "watch_learning",
    "where_it_looks",
]
