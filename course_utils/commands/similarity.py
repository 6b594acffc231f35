"""Measure how similar every target is to every source, from kept features: no network is trained.

    python -m course_utils.commands.similarity                     # goes on where it was stopped
    python -m course_utils.commands.similarity --photos FILE.zip   # with the pictures of the source "photos"
    python -m course_utils.commands.similarity photographs --pictures FOLDER   # an ImageNet network on three tasks
    python -m course_utils.commands.similarity --table             # how well each measure ranks the pairs

The measures are described in `course_utils.similarity`. The distance to the source "photos" needs its pictures, which
do not come with the course. Of ImageNet there are neither pictures nor a classifier here: with photographs only the
probe gap and LogME are measured.
"""

import argparse
import time
from itertools import product
from pathlib import Path

from course_utils import backbones, chart, data, manifest, measuring, networks, ranking, records, similarity
from course_utils.cards import CourseError
from course_utils.quiet import keras
from course_utils.reading import read_pictures
from course_utils.similarity_measures import pooled, probe_gap, softmax
from course_utils.sweep_plan import WORLDS
from course_utils.transferability import feature_distance, leep, logme

SOURCE_PICTURES = 1000
SEEDS = range(5)
COLUMNS = ("backbone", "task", "n_samples", "seed", "measure")


def load(name, options):
    """Return a model from pictures to [features, class scores of the source], the latter only of a CourseNet."""
    if networks.find(name).builder == "CourseNet":
        model = backbones.load_source_model(name)
        return keras.Model(model.input, [model.get_layer("head_pool").output, model.output])
    base = backbones.load(name, **options)
    return keras.Model(base.input, [keras.layers.GlobalAveragePooling2D()(base.output)])


def source_features(name, photos):
    """Return features of the pictures of a CourseNet's own source, or None if they are not here."""
    source = name.removeprefix("coursenet_")
    places = {"photos": photos} | {own: f"sources/{own}_held_out.zip" for own in ("guide", "slides")}
    if not places.get(source):
        return None
    place = photos if source == "photos" else manifest.verified(places[source])
    per_class = -(-SOURCE_PICTURES // networks.find(name).source_classes)
    pictures, _ = read_pictures(place, 64, per_class=per_class)
    return pooled(name, backbones.load(name), pictures.images)


def ways(name, options, pictures, outputs, source):
    """Return how each measure is taken.

    Parameters
    ----------
    name : str
    options : dict
        Of the network.
    pictures : Pictures
        Of the target.
    outputs : list of ndarray
        What `load` gives for them.
    source : ndarray or None
        Features of source pictures.

    Returns
    -------
    dict of str to callable
        Measure -> a function without arguments; of those that can be taken.
    """
    found, labels = outputs[0], pictures.labels
    measures = {
        "probe gap": lambda: probe_gap(name, pictures, found, **options),
        "LogME": lambda: logme(found, labels),
    }
    if len(outputs) > 1:
        measures["LEEP"] = lambda: leep(softmax(outputs[1]), labels)
    if source is not None:
        measures["distance"] = lambda: -feature_distance(source, found)
    return measures


def measure(name, options, task, source):
    """Record the measures of a backbone and a task that are not yet recorded."""
    keras.backend.clear_session()
    model, label = load(name, options), networks.label(name, options)
    done = {tuple(row[column] for column in COLUMNS) for row in measuring.recorded(similarity.FILE)}
    for n_samples, seed in product(similarity.SIZES, SEEDS):
        pictures = data.sample(task.train, n_samples, seed)
        outputs = keras.tree.flatten(model.predict(backbones.preprocess(name, pictures.images), verbose=0))
        for one, way in ways(name, options, pictures, outputs, source).items():
            key = label, task.name, str(n_samples), str(seed), one
            if key not in done:
                started = time.perf_counter()
                row = dict(zip(COLUMNS, key, strict=True)) | {"value": f"{way():.5f}"}
                row |= {"seconds": f"{time.perf_counter() - started:.3f}", "versions": records.versions()}
                records.append(similarity.FILE, row)
    print(label, task.name, flush=True)


def main():
    """Measure what is missing, or print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("world", nargs="?", default="drawn", choices=WORLDS)
    parser.add_argument("--photos", metavar="FILE", help="zip or folder of the pictures that 'photos' was trained on")
    parser.add_argument("--pictures", metavar="FOLDER", help="folder with the photographs, one folder for each task")
    parser.add_argument("--table", action="store_true", help="only print what is recorded")
    arguments = parser.parse_args()
    if arguments.world == "photographs" and not (arguments.pictures or arguments.table):
        parser.error("expected --pictures FOLDER, received none: say where the photographs are")
    plan = WORLDS[arguments.world]
    try:
        if arguments.table:
            print(ranking.table(chart.cases(partial=True)))
            return
        for backbone in plan.backbones:
            source = source_features(backbone, arguments.photos)
            for name in plan.tasks:
                place, size = Path(arguments.pictures or "") / name, plan.options.get("image_size")
                task = data.folder_task(place, size) if arguments.pictures else data.task(name)
                measure(backbone, plan.options, task, source)
    except CourseError as error:
        parser.exit(1, f"{error}\n")


if __name__ == "__main__":
    main()
