"""Measure how fast training is: the course against the plain Keras recipe, and against the least that it must take.

    python -m course_utils.commands.speed --pictures FOLDER    # with cats_vs_dogs in it; goes on where it was stopped
    python -m course_utils.commands.speed --table              # only print the recorded tables

Run nothing else meanwhile. The recipe is that of the official tutorials: the frozen base is part of the model, and
`fit` runs all of it in every epoch. In each round all ways have the same pictures, epochs, batches and rates, and the
clock runs from the files to the trained network. Judging is not timed. Before they are judged, the BatchNorm statistics
of the recipe's network are settled as the course does it; without this it would be far worse.
"""

import argparse
import tempfile
import time
from pathlib import Path

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

WAYS = (RECIPE_FILES, RECIPE_CACHED, COURSE, AGAIN)


def write_folder(task, per_class, folder):
    """Write training pictures of a task as PNG files into class folders, which Keras's reader wants."""
    for label, name in enumerate(task.class_names):
        (folder / "train" / name).mkdir(parents=True)
        for number, image in enumerate(task.train.images[task.train.labels == label][:per_class]):
            Image.fromarray(image).save(folder / "train" / name / f"{number:04}.png")


def plain_pictures(folder, size, cached, seed):
    """Return the training pictures as the tutorials read them."""
    ways = {"crop_to_aspect_ratio": True, "label_mode": "int", "image_size": (size, size), "verbose": False}
    if not cached:
        pictures = keras.utils.image_dataset_from_directory(folder / "train", batch_size=BATCH, seed=seed, **ways)
        return pictures.prefetch(tensorflow.data.AUTOTUNE)
    pictures = keras.utils.image_dataset_from_directory(folder / "train", batch_size=None, shuffle=False, **ways)
    pictures = pictures.cache().shuffle(100_000, seed=seed).batch(BATCH)
    return pictures.prefetch(tensorflow.data.AUTOTUNE)


def recipe(setting, base, depth, folder, classes, cached, seed):
    """Train as the tutorials do; return the model, whose inputs are preprocessed pictures, and the seconds."""
    keras.utils.set_random_seed(seed)
    started = time.perf_counter()
    place = len(base.layers) if depth == "all" else base.layers.index(cutting.nearest_cut(base, depth)) + 1
    for layer in base.layers[:place]:
        layer.trainable = False
    model = backbones.attach_head(base, classes)
    inputs = keras.Input(base.input.shape[1:])
    whole = keras.Model(inputs, model(keras.layers.Rescaling(1 / 127.5, -1)(inputs)))
    pictures = plain_pictures(folder, setting.image_size, cached, seed)
    n = setting.per_class * classes
    rate = keras.optimizers.schedules.CosineDecay(speeds.learning_rate(depth), EPOCHS * fitting.steps(n, BATCH))
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    whole.compile(keras.optimizers.Adam(rate), loss, metrics=["accuracy"])
    whole.fit(pictures, epochs=EPOCHS, verbose=0)
    return model, time.perf_counter() - started


def judge(setting, model, depth, folder, task):
    """Return the share of test pictures that the recipe's network names correctly."""
    if depth != "all":
        train, _ = data.read_pictures(folder, setting.image_size, part="train", per_class=setting.per_class)
        mixed = data.sample(train, len(train), 0).images
        batch_norm.settle(model, backbones.preprocess(setting.backbone, mixed))
    fitting.compile_model(model, 1.0, 1)  # it is only judged
    return fitting.accuracy(model, backbones.preprocess(setting.backbone, task.test.images), task.test.labels)


def task_to_judge(setting, folder):
    """Return the task with its test pictures; those to train on are read when the clock runs."""
    if setting.task in data.TASKS:
        return data.task(setting.task)
    test, names = data.read_pictures(folder, setting.image_size, part="test")
    return Task(setting.task, names, test, test)


def course(setting, depth, folder, task, seed, again):
    """Train with the course; return seconds and accuracy."""
    started = time.perf_counter()
    train, names = data.read_pictures(folder, setting.image_size, part="train", per_class=setting.per_class)
    reading = 0 if again else time.perf_counter() - started
    strategy = strategies.find(3 if depth == "all" else 2)
    if not again:
        forget()
    run = training.train(
        strategy,
        setting.backbone,
        Task(setting.task, names, train, task.test),
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
    return reading + run.seconds, run.test_accuracy


def forget():
    """Forget all kept features."""
    features._memory.clear()
    for path in store.FOLDER.glob("*.npy"):
        path.unlink()


def floor(setting, base, folder, plain):
    """Return the seconds that reading the pictures and one forward pass take, in plain Keras or as the course does."""
    started = time.perf_counter()
    if plain:
        pictures = plain_pictures(folder, setting.image_size, False, 0).map(lambda images, _: images / 127.5 - 1)
        base.predict(pictures, verbose=0)
    else:
        train, _ = data.read_pictures(folder, setting.image_size, part="train", per_class=setting.per_class)
        pooled = keras.layers.GlobalAveragePooling2D()(base.output)
        features.extract(setting.backbone, keras.Model(base.input, pooled), train.images)
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
    model, seconds = recipe(setting, base, depth, folder, len(test.class_names), way == RECIPE_CACHED, seed)
    return seconds, judge(setting, model, depth, folder, test)


def measure(name, folder, test, number):
    """Record what is missing of one round with one network."""
    setting = speeds.SETTINGS[name]
    done = {(row["network"], row["frozen"], row["way"], int(row["round"])) for row in measuring.recorded("speed")}
    for depth in setting.depths:
        for way in (*WAYS, FLOOR, PLAIN_FLOOR) if depth == "all" else WAYS:
            if (name, depth, way, number) in done:
                continue
            if way == AGAIN:
                once(name, folder, test, depth, COURSE, number)  # so that there are features to find
            seconds, accuracy = once(name, folder, test, depth, way, number)
            row = {"network": name, "task": setting.task, "image_size": setting.image_size, "frozen": depth, "way": way}
            row |= {"n_samples": setting.per_class * len(test.class_names), "epochs": EPOCHS, "batch_size": BATCH}
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
        for number in () if arguments.table else range(arguments.rounds):
            for name, setting in speeds.SETTINGS.items():
                folder = Path(place, name)
                if setting.task in data.TASKS and not folder.is_dir():
                    write_folder(data.task(setting.task), setting.per_class, folder)
                folder = folder if folder.is_dir() else arguments.pictures / setting.task
                measure(name, folder, task_to_judge(setting, folder), number)
    print(speeds.table(), speeds.floor_table(), sep="\n\n")


if __name__ == "__main__":
    main()
