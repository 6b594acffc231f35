"""Measure how fast training is: the course against the plain Keras recipe, and against the least that it must take.

    python -m course_utils.commands.speed --pictures FOLDER    # with cats_vs_dogs in it; goes on where it was stopped
    python -m course_utils.commands.speed --table              # only print the recorded tables

Run nothing else meanwhile. The recipe is that of the official tutorials: the frozen base is part of the model, and
`fit` runs all of it in every epoch. In each round all ways have the same pictures, epochs, batches and rates; their
order changes from round to round. The clock runs from the files to the trained network; with features kept, from the
pictures in memory. Loading the base and judging are not timed. Each way reads its pictures, also those by which it is
judged, with its own reader: the recipe with Keras's, the course with its own. Before they are judged, the BatchNorm
statistics of the recipe's network are settled as the course does it; without this it would be far worse.
"""

import argparse
import tempfile
import time
from pathlib import Path

import numpy as np
from PIL import Image

from course_utils import (
    backbones,
    batch_norm,
    cutting,
    data,
    features,
    fitting,
    measuring,
    records,
    speeds,
    store,
    strategies,
    training,
)
from course_utils.cards import Task
from course_utils.quiet import keras, tensorflow
from course_utils.speeds import AGAIN, BATCH, COURSE, EPOCHS, FLOOR, PLAIN_FLOOR, RECIPE_CACHED, RECIPE_FILES

WAYS = (RECIPE_FILES, RECIPE_CACHED, COURSE)


def write_folder(task, per_class, folder):
    """Write pictures of a task as PNG files into class folders, which Keras's reader wants."""
    for part, pictures, most in (("train", task.train, per_class), ("test", task.test, None)):
        for label, name in enumerate(task.class_names):
            (folder / part / name).mkdir(parents=True)
            for number, image in enumerate(pictures.images[pictures.labels == label][:most]):
                Image.fromarray(image).save(folder / part / name / f"{number:04}.png")


def plain_pictures(folder, size, cached, seed, part="train"):
    """Return pictures as the tutorials read them."""
    reading = {"crop_to_aspect_ratio": True, "label_mode": "int", "image_size": (size, size), "verbose": False}
    if not cached:
        pictures = keras.utils.image_dataset_from_directory(folder / part, batch_size=BATCH, seed=seed, **reading)
        return pictures.prefetch(tensorflow.data.AUTOTUNE)
    pictures = keras.utils.image_dataset_from_directory(folder / part, batch_size=None, shuffle=False, **reading)
    pictures = pictures.cache().shuffle(100_000, seed=seed).batch(BATCH)
    return pictures.prefetch(tensorflow.data.AUTOTUNE)


def recipe(setting, base, depth, folder, cached, seed):
    """Train as the tutorials do; return the model, whose inputs are preprocessed pictures, and the seconds."""
    keras.utils.set_random_seed(seed)
    started = time.perf_counter()
    place = len(base.layers) if depth == "all" else base.layers.index(cutting.nearest_cut(base, depth)) + 1
    for layer in base.layers[:place]:
        layer.trainable = False
    model = backbones.attach_head(base, setting.n_classes)
    inputs = keras.Input(base.input.shape[1:])
    whole = keras.Model(inputs, model(keras.layers.Rescaling(1 / 127.5, -1)(inputs)))
    pictures = plain_pictures(folder, setting.image_size, cached, seed)
    n = setting.per_class * setting.n_classes
    rate = keras.optimizers.schedules.CosineDecay(speeds.learning_rate(depth), EPOCHS * fitting.steps(n, BATCH))
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    whole.compile(keras.optimizers.Adam(rate), loss, metrics=["accuracy"])
    whole.fit(pictures, epochs=EPOCHS, verbose=0)
    return model, time.perf_counter() - started


def judge(setting, model, depth, folder):
    """Return the share of test pictures that the recipe's network names correctly; both sets read as it reads them."""
    if depth != "all":
        seen = plain_pictures(folder, setting.image_size, False, 0).take(40)
        batch_norm.settle(model, np.concatenate([images / 127.5 - 1 for images, _ in seen]))
    test = plain_pictures(folder, setting.image_size, False, 0, part="test")
    fitting.compile_model(model, 1.0, 1)  # it is only judged
    judged = test.map(lambda images, labels: (images / 127.5 - 1, labels))
    return float(model.evaluate(judged, verbose=0, return_dict=True)["accuracy"])


def course(setting, depth, folder, test, seed, again):
    """Train with the course; return seconds and accuracy."""
    started = time.perf_counter()
    train, names = data.read_pictures(folder, setting.image_size, part="train", per_class=setting.per_class)
    reading = time.perf_counter() - started
    if not again:
        features.forget()
    run = training.train(
        strategies.find(3 if depth == "all" else 2),
        setting.backbone,
        Task(setting.task, names, train, test),
        len(train),
        learning_rate=speeds.learning_rate(depth),
        epochs=EPOCHS,
        freeze_depth=None if depth == "all" else depth,
        batch_size=BATCH,
        image_size=setting.image_size,
        seed=seed,
        progress=False,
        **setting.options,
    )
    return run.seconds if again else reading + run.seconds, run.test_accuracy


def floor(setting, base, folder, plain):
    """Return the seconds that reading the pictures and one forward pass take, in plain Keras or as the course does."""
    started = time.perf_counter()
    pooled = keras.Model(base.input, keras.layers.GlobalAveragePooling2D()(base.output))
    if plain:
        pictures = plain_pictures(folder, setting.image_size, False, 0).map(lambda images, _: images / 127.5 - 1)
        pooled.predict(pictures, verbose=0)
    else:
        train, _ = data.read_pictures(folder, setting.image_size, part="train", per_class=setting.per_class)
        features.extract(setting.backbone, pooled, train.images)
    return time.perf_counter() - started


def once(name, folder, test, depth, way, seed):
    """Measure one way once; return seconds and accuracy, which a floor has not."""
    keras.backend.clear_session()  # the networks before
    setting = speeds.SETTINGS[name]
    if way in (COURSE, AGAIN):
        return course(setting, depth, folder, test, seed, way == AGAIN)
    base = backbones.load(setting.backbone, "pretrained", setting.image_size, **setting.options)
    if way in (FLOOR, PLAIN_FLOOR):
        return floor(setting, base, folder, way == PLAIN_FLOOR), ""
    model, seconds = recipe(setting, base, depth, folder, way == RECIPE_CACHED, seed)
    return seconds, judge(setting, model, depth, folder)


def measure(name, folder, number):
    """Record what is missing of one round with one network."""
    setting = speeds.SETTINGS[name]
    test, _ = data.read_pictures(folder, setting.image_size, part="test")
    done = {(row["network"], row["frozen"], row["way"], int(row["round"])) for row in measuring.recorded("speed")}
    for way in (PLAIN_FLOOR, FLOOR):
        once(name, folder, test, "all", way, number)  # not recorded: it warms up TensorFlow and the disk
    for depth in setting.depths:
        ways = (*WAYS, AGAIN, FLOOR, PLAIN_FLOOR) if depth == "all" else WAYS
        for way in ways[:: -1 if number % 2 else 1]:
            if (name, depth, way, number) in done:
                continue
            if way == AGAIN:
                once(name, folder, test, depth, COURSE, number)  # so that there are features to find
            seconds, accuracy = once(name, folder, test, depth, way, number)
            row = {"network": name, "task": setting.task, "image_size": setting.image_size, "frozen": depth, "way": way}
            row |= {"n_samples": setting.per_class * setting.n_classes, "epochs": EPOCHS, "batch_size": BATCH}
            row |= {"learning_rate": speeds.learning_rate(depth), "round": number, "seconds": f"{seconds:.2f}"}
            row |= {"accuracy": accuracy and f"{accuracy:.4f}", "versions": records.versions()}
            records.append("speed", row | {"processor": records.processor()})
            print(name, depth, way, number, f"{seconds:.1f} s", accuracy, flush=True)


def main():
    """Measure what is missing, round by round, then print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pictures", type=Path, help="folder with cats_vs_dogs in it")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--table", action="store_true", help="only print what is recorded")
    arguments = parser.parse_args()
    if not (arguments.pictures or arguments.table):
        parser.error("expected --pictures FOLDER, received none: say where cats_vs_dogs is")
    with tempfile.TemporaryDirectory() as place:
        store.FOLDER = Path(place, "features")  # so that no one else's features are forgotten
        for number in () if arguments.table else range(arguments.rounds):
            for name, setting in speeds.SETTINGS.items():
                folder = arguments.pictures / setting.task
                if setting.task in data.TASKS:
                    folder = Path(place, setting.task)
                    if not folder.is_dir():
                        write_folder(data.task(setting.task), setting.per_class, folder)
                measure(name, folder, number)
    print(speeds.table(), speeds.floor_table(), sep="\n\n")


if __name__ == "__main__":
    main()
