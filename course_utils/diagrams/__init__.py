"""Figures drawn by code that explain: networks as boxes, fully-connected layers, the places of a kernel."""

from course_utils.diagrams.blocks import block, blocks
from course_utils.diagrams.chart import frozen_in_quadrants, quadrants
from course_utils.diagrams.layers import fully_connected, kernel_places
from course_utils.diagrams.networks import base_and_classifier, network, shapes_of, strategies

__all__ = [
    "base_and_classifier",
    "block",
    "blocks",
    "frozen_in_quadrants",
    "fully_connected",
    "kernel_places",
    "network",
    "quadrants",
    "shapes_of",
    "strategies",
]
