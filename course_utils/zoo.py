"""The networks of `keras.applications`, side by side: what is published, what was measured here, and how to choose."""

from dataclasses import dataclass
from math import inf

from course_utils import published, records

# Of a recorded row; see `commands.models`. Memory is in MiB, milliseconds are those of one picture.
COLUMNS = (
    "network",
    "parameters",
    "base_parameters",
    "depth",
    "image_size",
    "output",
    "batch_size",
    "repeats",
    "milliseconds",
    "milliseconds_median",
    "memory_before",
    "memory_peak",
    "error",
    "versions",
    "processor",
)
# How often each network is measured, at least: between two rounds a time can change by a factor of two.
ROUNDS = 3
# The first whose name a network's name begins with is its family.
FAMILIES = ("EfficientNetV2", "EfficientNet", "ConvNeXt", "DenseNet", "Inception", "Xception", "MobileNet", "NASNet")
FAMILIES += ("ResNet", "VGG")
# What a network can cost: how it is called -> attribute of `Network`.
COSTS = {
    "milliseconds a picture": "milliseconds",
    "download (MB)": "megabytes",
    "memory (MiB)": "memory",
    "parameters of the base (millions)": "millions",
}
# Situations of the guide at the end of notebook 04, and their limits; settled before the table was measured.
SITUATIONS = {
    "a phone, or a small download: at most 20 MB": {"megabytes": 20},
    "little computing time: at most 10 ms a picture": {"milliseconds": 10},
    "an ordinary laptop: at most 50 ms and 100 MB": {"milliseconds": 50, "megabytes": 100},
    "a machine with 1 GiB for the network": {"memory": 1024},
    "the best accuracy, whatever it costs": {},
}


@dataclass(frozen=True)
class Network:
    """What a learner may weigh when choosing a network.

    Attributes
    ----------
    name, family : str
    parameters, base_parameters : int
        Of the whole network with its ImageNet classifier, and without.
    depth : int
        See `outlines.depth`.
    image_size : int
        Side, in pixels, of the pictures for which its top-1 accuracy is given, and with which it was measured.
    output : str
        Shape of what the base gives for one picture.
    milliseconds : float
        For one picture in a batch, on the machine that recorded the table: the fastest of several passes of the base.
    memory : float
        MiB that the base and the work on a batch of 8 pictures added at the peak to those that TensorFlow takes alone.
    top_1 : float
        Published accuracy on ImageNet, in percent; see `published`.
    """

    name: str
    family: str
    parameters: int
    base_parameters: int
    depth: int
    image_size: int
    output: str
    milliseconds: float
    memory: float
    top_1: float

    @property
    def millions(self):
        """Return the parameters of the base, in millions."""
        return self.base_parameters / 1e6

    @property
    def megabytes(self):
        """Return the size of the weights file of the base, in MB: four bytes for every parameter."""
        return 4 * self.base_parameters / 1e6


def recorded():
    """Return every network that was measured, the fastest first: a list of Network.

    Where a network was measured in several rounds, the fastest counts.
    """
    measured = [row for row in records.read("models") if not row["error"]]
    slowest_first = sorted(measured, key=lambda row: -float(row["milliseconds"]))
    found = [_network(row) for row in {row["network"]: row for row in slowest_first}.values()]
    return sorted(found, key=lambda network: network.milliseconds)


def _network(row):
    """Return a recorded row as a Network."""
    name = row["network"]
    return Network(
        name=name,
        family=next(family for family in FAMILIES if name.startswith(family)),
        parameters=int(row["parameters"]),
        base_parameters=int(row["base_parameters"]),
        depth=int(row["depth"]),
        image_size=int(row["image_size"]),
        output=row["output"],
        milliseconds=float(row["milliseconds"]),
        memory=float(row["memory_peak"]) - float(row["memory_before"]),
        top_1=published.TOP_1[name],
    )


def within(found, family="all", **limits):
    """Return the networks that keep every limit.

    Parameters
    ----------
    found : list of Network
    family : str
        One of `FAMILIES`, or "all".
    **limits : float
        Attribute of `Network` -> the most it may be, such as `megabytes=20`.
    """
    kept = [network for network in found if all(getattr(network, cost) <= most for cost, most in limits.items())]
    return [network for network in kept if family in ("all", network.family)]


def front(found, cost):
    """Return the networks that none beats: the Pareto front.

    One beats another if it is at least as accurate and costs no more, and is better in one of the two.

    Parameters
    ----------
    found : list of Network
    cost : str
        An attribute of `Network`, such as "milliseconds".

    Returns
    -------
    list of Network
        From the cheapest to the most accurate.
    """
    best, kept = -inf, []
    for network in sorted(found, key=lambda one: (getattr(one, cost), -one.top_1)):
        if network.top_1 > best:
            best = network.top_1
            kept.append(network)
    return kept


def beaten_by(found, one):
    """Return the networks that are at least as accurate as one, and neither larger nor slower; the most accurate first.

    Parameters
    ----------
    found : list of Network
    one : Network

    Returns
    -------
    list of Network
    """
    kept = within(found, megabytes=one.megabytes, milliseconds=one.milliseconds)
    better = [other for other in kept if other.top_1 >= one.top_1 and other != one]
    return sorted(better, key=lambda other: -other.top_1)


def most_accurate(found):
    """Return the most accurate of some networks; of equals the fastest. None if there are none."""
    return max(found, key=lambda network: (network.top_1, -network.milliseconds), default=None)


def table(found):
    """Return networks as a table in Markdown."""
    titles = ("network", "parameters", "of the base", "depth", "input", "base gives", "download", "ms a picture")
    titles += ("memory (MiB)", "top-1 (%)")
    lines = [f"| {' | '.join(titles)} |", "| --- " + "| ---: " * (len(titles) - 1) + "|"]
    for one in found:
        cells = (one.name, f"{one.parameters:,}", f"{one.base_parameters:,}", one.depth, one.image_size, one.output)
        cells += (f"{one.megabytes:.0f} MB", f"{one.milliseconds:.0f}", f"{one.memory:.0f}", f"{one.top_1:.1f}")
        lines.append(f"| {' | '.join(map(str, cells))} |")
    return "\n".join(lines)


def guide(found):
    """Return for every situation the most accurate network within its limits, as a table in Markdown."""
    lines = ["| situation | network | top-1 (%) | ms a picture | download | memory (MiB) |", "| --- " * 6 + "|"]
    for situation, limits in SITUATIONS.items():
        one = most_accurate(within(found, **limits))
        cost = f"{one.milliseconds:.0f} | {one.megabytes:.0f} MB | {one.memory:.0f}"
        lines.append(f"| {situation} | {one.name} | {one.top_1:.1f} | {cost} |")
    return "\n".join(lines)
