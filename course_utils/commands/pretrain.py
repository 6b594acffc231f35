"""Pre-train CourseNet on one of its source tasks; write its weights, its classifier and its learning curve.

    python -m course_utils.commands.pretrain guide
    python -m course_utils.commands.pretrain slides
    python -m course_utils.commands.pretrain photos --pictures FOLDER_OR_ZIP
    python -m course_utils.commands.pretrain guide --width 0.5    # a narrow one, kept in the cache
    python -m course_utils.commands.pretrain guide --epochs 2     # a shorter training, kept in the cache, too

An interrupted run goes on after its last whole epoch when the same command is given again.
"""

import argparse
import shutil
import time

import numpy as np

from course_utils import CACHE, DATA, backbones, course_net, data, manifest
from course_utils.cards import CourseError
from course_utils.commands.draw import draw_pictures
from course_utils.quiet import keras
from course_utils.variants import EPOCHS, kept_weights, variant
from course_utils.world.catalogue import COLLECTIONS

DRAWN_PER_CLASS = {"guide": 400, "slides": 640}
BATCH = 128
PEAK_RATE = 0.1
WEIGHT_DECAY = 5e-3
SEED = 1


def source_pictures(source, place=None):
    """Return the pictures to train on and those held out.

    Parameters
    ----------
    source : {"guide", "slides", "photos"}
    place : str or Path, optional
        Folder or zip of class folders, for "photos": a tenth of each class is held out.

    Returns
    -------
    train, held_out : Pictures
    """
    if source == "photos":
        if place is None:
            raise CourseError("Expected --pictures FOLDER_OR_ZIP for the source photos. Received none. Add it.")
        pictures, _ = data.read_pictures(place, course_net.IMAGE_SIZE)
        return data.split(pictures, 0.1, seed=0)
    held_out, _ = data.read_pictures(manifest.verified(f"sources/{source}_held_out.zip"), course_net.IMAGE_SIZE)
    return draw_pictures(COLLECTIONS[source], 0, DRAWN_PER_CLASS[source]), held_out


def augment(images, rng, shift=6):
    """Flip half of the pictures and move each by up to `shift` pixels, repeating the edge.

    Parameters
    ----------
    images : ndarray of shape (n, side, side, 3), uint8

    Returns
    -------
    ndarray of the same shape and type
    """
    n, side = images.shape[:2]
    padded = np.pad(images, ((0, 0), (shift, shift), (shift, shift), (0, 0)), mode="edge")
    rows = rng.integers(0, 2 * shift + 1, n)[:, None] + np.arange(side)
    columns = rng.integers(0, 2 * shift + 1, n)[:, None] + np.arange(side)
    flipped = rng.random(n) < 0.5
    columns[flipped] = columns[flipped, ::-1]
    return padded[np.arange(n)[:, None, None], rows[:, :, None], columns[:, None, :]]


class Batches(keras.utils.PyDataset):
    """Augmented, preprocessed batches; every epoch has its own order and its own changes."""

    def __init__(self, pictures, seed):
        """Take pictures and a seed; the last, incomplete batch of an epoch is left out."""
        super().__init__(workers=1)
        self.images, self.seed = pictures.images, seed
        self.targets = keras.utils.to_categorical(pictures.labels)  # label smoothing needs one-hot targets
        self.start(0)

    def __len__(self):
        return len(self.order) // BATCH

    def __getitem__(self, index):
        chosen = self.order[index * BATCH : (index + 1) * BATCH]
        images = augment(self.images[chosen], np.random.default_rng([self.seed, self.epoch, index]))
        return backbones.preprocess("coursenet_photos", images), self.targets[chosen]

    def start(self, epoch):
        """Shuffle for an epoch: each has its own order, also when a stopped run goes on."""
        self.epoch = epoch
        self.order = np.random.default_rng([self.seed, epoch]).permutation(len(self.images))


class Clock(keras.callbacks.Callback):
    """Tell the batches which epoch it is, and add the seconds that it took to what Keras logs."""

    def __init__(self, batches):
        """Take the batches that are trained on."""
        super().__init__()
        self.batches = batches

    def on_epoch_begin(self, epoch, logs=None):
        """Shuffle the batches and start the clock."""
        self.batches.start(epoch)
        self.started = time.perf_counter()

    def on_epoch_end(self, epoch, logs=None):
        """Read the clock."""
        logs["seconds"] = round(time.perf_counter() - self.started, 1)


def compile_for(model, steps, epochs):
    """Compile with SGD whose rate warms up, then falls along a cosine (Loshchilov & Hutter 2017, equation 5).

    The loss is cross-entropy with label smoothing (Szegedy et al. 2016, section 7).
    """
    warm_up = min(2 * steps, epochs * steps // 4)  # two epochs, or in a short training a quarter of it
    rate = keras.optimizers.schedules.CosineDecay(
        0.0, epochs * steps - warm_up, warmup_target=PEAK_RATE, warmup_steps=warm_up
    )
    optimizer = keras.optimizers.SGD(rate, momentum=0.9, nesterov=True, weight_decay=WEIGHT_DECAY)
    optimizer.exclude_from_weight_decay(var_names=["gamma", "beta", "bias"])
    loss = keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=0.1)
    model.compile(optimizer, loss, metrics=["accuracy"])


def pretrain(source, train, held_out, epochs, width=1.0):
    """Train CourseNet, epoch by epoch, and write weights, classifier and curve into `data/`.

    Only the training that the course ships writes its weights there: those of another number of epochs, or of another
    width, are kept in the cache; see `course_utils.variants`.

    Parameters
    ----------
    source : str
        Name of the source; it becomes part of the file names.
    train, held_out : Pictures
    epochs : int
    width : float

    Returns
    -------
    float
        Share of the held-out pictures that the finished network names correctly.
    """
    keras.utils.set_random_seed(SEED)
    base = course_net.build(width)
    model = backbones.attach_head(base, int(train.labels.max()) + 1)
    batches = Batches(train, SEED)
    compile_for(model, len(batches), epochs)
    name = variant(source, epochs, width)
    work = CACHE / "pretrain" / name
    work.mkdir(parents=True, exist_ok=True)
    checked = (
        backbones.preprocess("coursenet_photos", held_out.images),
        keras.utils.to_categorical(held_out.labels, batches.targets.shape[1]),
    )
    callbacks = [
        keras.callbacks.BackupAndRestore(work / "state"),
        Clock(batches),
        keras.callbacks.CSVLogger(work / "curve.csv", append=True),
    ]
    model.fit(batches, epochs=epochs, validation_data=checked, validation_batch_size=500, callbacks=callbacks)
    if name == source:
        save(source, base, model)
    else:
        kept_weights(name).parent.mkdir(parents=True, exist_ok=True)
        base.save_weights(kept_weights(name))
    (DATA / "results").mkdir(parents=True, exist_ok=True)
    # Keras writes the line ends of Windows.
    (DATA / "results" / f"pretrain_{name}.csv").write_text((work / "curve.csv").read_text(), newline="\n")
    accuracy = model.evaluate(*checked, batch_size=500, verbose=0, return_dict=True)["accuracy"]
    shutil.rmtree(work)
    return accuracy


def save(source, base, model):
    """Write the base's and the classifier's weights, and record them."""
    classifier = backbones.head_of(model, base)
    for name, part in ((f"coursenet_{source}", base), (f"classifier_{source}", classifier)):
        path = DATA / "weights" / f"{name}.weights.h5"
        path.parent.mkdir(exist_ok=True)
        part.save_weights(path)
        command = f"python -m course_utils.commands.pretrain {source}"
        manifest.record(f"weights/{path.name}", SEED, command + " --pictures FOLDER_OR_ZIP" * (source == "photos"))


def main():
    """Pre-train on the source named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", choices=EPOCHS)
    parser.add_argument("--pictures", help="folder or zip of class folders, for photos")
    parser.add_argument("--epochs", type=int, help="by default those of the shipped weights; else kept in the cache")
    parser.add_argument("--width", type=float, default=1.0, help="1 is the network of the course")
    arguments = parser.parse_args()
    try:
        train, held_out = source_pictures(arguments.source, arguments.pictures)
    except CourseError as error:
        parser.exit(2, f"{error}\n")
    epochs = arguments.epochs or EPOCHS[arguments.source]
    accuracy = pretrain(arguments.source, train, held_out, epochs, arguments.width)
    print(f"{accuracy:.1%} of {len(held_out):,} held-out pictures right")


if __name__ == "__main__":
    main()
