"""Measure every network of `keras.applications` on this machine: parameters, depth, speed and peak memory.

    python -m course_utils.commands.models                    # goes on where it was stopped
    python -m course_utils.commands.models --minutes 14       # begins no network after so many minutes
    python -m course_utils.commands.models --rounds 5         # until each was measured so often, instead of 3 times
    python -m course_utils.commands.models --one MobileNetV2  # measures one network, and only prints it

Run nothing else meanwhile. Each network has a process of its own, whose memory Linux counts. Weights are random: they
decide neither speed nor memory. What is timed is the base, without classifier, on a batch of pictures of the size that
its accuracy is published for. A network that cannot be measured is recorded with its error, and tried again the next
time. Of several rounds the fastest counts: whatever else a machine does can only make a pass slower.
"""

import argparse
import json
import subprocess
import sys
import time
from collections import Counter
from statistics import median

import numpy as np

from course_utils import ROOT, backbones, measuring, networks, outlines, records, zoo
from course_utils.quiet import keras, tensorflow

BATCH = 8
REPEATS = 5
PATIENCE = 20  # seconds after which there are no further repeats; there are two at least


def mebibytes(key="VmHWM"):
    """Return the largest resident memory that this process has had, or with "VmRSS" what it has now."""
    with open("/proc/self/status") as file:
        return next(int(line.split()[1]) for line in file if line.startswith(f"{key}:")) / 1024


def timed(base):
    """Return the seconds of each pass of a batch through the base; the first pass, which prepares it, is left out."""
    side = base.input.shape[1]
    pictures = np.random.default_rng(0).uniform(0, 255, (BATCH, side, side, 3)).astype(np.float32)
    batch = tensorflow.constant(pictures)
    run = tensorflow.function(lambda inputs: base(inputs, training=False))
    run(batch).numpy()
    seconds = []
    while len(seconds) < 2 or (len(seconds) < REPEATS and sum(seconds) < PATIENCE):
        started = time.perf_counter()
        run(batch).numpy()
        seconds.append(time.perf_counter() - started)
    return seconds


def measure_here(name):
    """Measure one network in this process, which must be a fresh one; return the columns as a dict."""
    before = mebibytes()
    base = backbones.load(name, weights=None)
    seconds = timed(base)
    peak = mebibytes()
    whole = outlines.outline(name, include_top=True)
    return {
        "parameters": whole.count_params(),
        "base_parameters": base.count_params(),
        "depth": outlines.depth(whole),
        "image_size": base.input.shape[1],
        "output": " x ".join(map(str, base.output.shape[1:])),
        "batch_size": BATCH,
        "repeats": len(seconds),
        "milliseconds": f"{1000 * min(seconds) / BATCH:.2f}",
        "milliseconds_median": f"{1000 * median(seconds) / BATCH:.2f}",
        "memory_before": f"{before:.0f}",
        "memory_peak": f"{peak:.0f}",
    }


def measure(name):
    """Measure one network in a process of its own; return a row with what was found, or with the error."""
    command = [sys.executable, "-m", "course_utils.commands.models", "--one", name]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    row = dict.fromkeys(zoo.COLUMNS, "") | {"network": name, "versions": records.versions()}
    row["processor"] = records.processor()
    if done.returncode:
        lines = done.stderr.strip().splitlines() or ["no message"]
        return row | {"error": f"exit status {done.returncode}: {lines[-1][:200]}"}
    return row | json.loads(done.stdout)


def main():
    """Measure what is missing, the small networks first."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--one", metavar="NETWORK", help="only this one, in this process; nothing is recorded")
    parser.add_argument("--rounds", type=int, default=zoo.ROUNDS, help="how often each is to be measured")
    parser.add_argument("--minutes", type=float, default=float("inf"), help="begin no network after so many minutes")
    arguments = parser.parse_args()
    if arguments.one:
        print(json.dumps(measure_here(arguments.one)))
        return
    started = time.perf_counter()
    done = Counter(row["network"] for row in measuring.recorded("models") if not row["error"])
    names = [card.name for card in networks.BACKBONES if card.module]
    sizes = {name: outlines.outline(name).count_params() for name in names if done[name] < arguments.rounds}
    keras.backend.clear_session()
    for number in range(arguments.rounds):
        for name in sorted(sizes, key=sizes.get):
            if done[name] <= number and time.perf_counter() - started < 60 * arguments.minutes:
                row = measure(name)
                records.append("models", row)
                print(name, row["milliseconds"], "ms a picture;", row["memory_peak"], "MiB;", row["error"], flush=True)


if __name__ == "__main__":
    main()
