# %% [markdown]
# # 07 · Augment your pictures, and know when it helps
#
# A flower that is seen in a mirror is the same flower, and a new picture for the network. **Augmentation** makes such
# pictures: it changes each one at random, again and again, in ways that keep its class. In this notebook you build it,
# find out how it fails, and read from measurements when it is worth the trouble.
#
# **You will learn to**
# 1. build augmentation from Keras's layers, and say what each does in training and in use;
# 2. choose changes that keep the label, and tell how many different pictures you really have;
# 3. put augmentation into its place, and find mistakes that give no error message;
# 4. say when augmentation helps, when it does harm, and when more pictures are worth more.
#
# **You need** notebooks 00 to 03, and 06 for the heads; sections 4 and 5 speak of the size-similarity chart (few or
# many pictures, near to the source or far from it). **Time:** about 80 minutes; the computer works for about one of
# them.

# %%
import os
import subprocess
import sys
from pathlib import Path

if not Path("../course_utils").is_dir():  # this notebook was opened alone, for example on Colab
    if not Path("course").is_dir():
        address = input("Address of the repository where you found this notebook: ")
        subprocess.run(["git", "clone", "--depth", "1", address, "course"], check=True)
    os.chdir("course/notebooks")
sys.path.insert(0, str(Path("..").resolve()))  # the course's own package lies one folder up

# %%
from course_utils import backbones, batch_norm, checks, data, digits, notebook, plots, widgets

notebook.start()

# %%
import keras
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from IPython.display import Markdown
from keras import layers
from sklearn.linear_model import LogisticRegression

# %% [markdown]
# ## 1. One picture, many views
#
# In Keras each kind of change is a layer. It holds no weights. It draws a random number for every picture, and changes
# the picture by so much. Here are six of them, each with the most it may do.

# %%
changes = {
    "RandomFlip": layers.RandomFlip("horizontal", seed=4),
    "RandomRotation": layers.RandomRotation(20 / 360, seed=5),
    "RandomZoom": layers.RandomZoom(0.3, seed=2),
    "RandomTranslation": layers.RandomTranslation(0.2, 0.2, seed=0),
    "RandomContrast": layers.RandomContrast((0.5, 0.5), seed=3),
    "RandomBrightness": layers.RandomBrightness(0.3, seed=8),
}
garden = data.task("garden")
flower = garden.test.images[5:6].astype("float32")  # RandomContrast takes no bytes

# %%
fig, axs = plt.subplots(4, 7, figsize=(10, 6))
for ax in axs[:, 0]:
    ax.axis("off")
plots.picture(flower[0] / 255, axs[0, 0]).set_title("as it is", fontsize=10)
for column, (name, layer) in zip(axs.T[1:], changes.items()):
    column[0].set_title(name.removeprefix("Random"), fontsize=10)
    for ax in column:
        plots.picture(np.asarray(layer(flower, training=True))[0].clip(0, 255) / 255, ax)
what = "mirrored or not, leaning, larger or smaller, elsewhere, with more or less contrast, lighter or darker."
notebook.show(axs[0, 0], f"A flower as it is, and four views of it by each of six layers: {what}")

# %% [markdown]
# **Look at** one column after the other. *Flip* mirrors, or does not. The others draw a number from a range, so they
# hardly ever make the same view twice. The ranges are written in different units:
#
# - `RandomRotation(20 / 360)`: the factor is a share of a *full turn*, to both sides. `RandomRotation(0.2)`, which
#   looks harmless, turns by up to 72°.
# - `RandomZoom(0.3)`, `RandomTranslation(0.2, 0.2)`: shares of the side. A zoom above zero makes the picture *smaller*.
# - `RandomContrast((0.5, 0.5))`: differences from the mean become 0.5 to 1.5 times as large. With one number, 0.5, they
#   only become larger in Keras 3.15, although its description says otherwise.
# - `RandomBrightness(0.3)`: up to 0.3 of the range is added to every pixel. Which range? `value_range=(0, 255)`, unless
#   you say otherwise.
# - `RandomFlip()`, without a word, flips in both directions *at once*, or not at all: half of the pictures stand on
#   their heads, and none is mirrored. For both, put `RandomFlip("horizontal")` and `RandomFlip("vertical")` in a row.
#
# Where a picture was moved away, something must be put. `fill_mode` says what:

# %%
fig, axs = plt.subplots(1, 4, figsize=(9, 2.6))
for ax, fill in zip(axs, ["reflect", "constant", "nearest", "wrap"]):
    moved = layers.RandomTranslation((0.3, 0.3), (0.3, 0.3), fill_mode=fill)(flower, training=True)
    plots.picture(np.asarray(moved)[0] / 255, ax).set_title(fill)
notebook.show(
    axs[0],
    "The flower moved right and down by 0.3 of its side, four times. The empty strip shows a mirror image, black, "
    "the first row and column drawn out, or the opposite side of the picture.",
)

# %% [markdown]
# **Look at** the strip at the left and at the top. *Reflect* is the usual setting: what it shows looks like a picture.
# *Constant* is black here, which no picture of the garden is. *Wrap* can show half a flower twice.
#
# **In training, and in use.** Augmentation is for training only. When you ask the network, the picture should stay as
# it is. Each layer has a switch for this, `training`. Let `flip` be a layer that flips, `model` a network of this one
# layer, and `pictures` 16 flowers. Predict: which of these four calls change pictures?

# %% tags=["nbval-ignore-output"]
calls = ["flip(pictures, training=False)", "flip(pictures)", "model.predict(pictures)", "model(pictures)"]
widgets.choice("With model = keras.Sequential([flip]): are pictures changed?", calls, ["yes", "no"])

# %%
flip = layers.RandomFlip("horizontal", seed=0)
model = keras.Sequential([flip])
pictures = garden.test.images[:16].astype("float32")
results = [flip(pictures, training=False), flip(pictures), model.predict(pictures, verbose=0), model(pictures)]
for call, result in zip(calls, results):
    print(f"{call:<30}", "changed" if (np.asarray(result) != pictures).any() else "as they were")

# %% [markdown]
# `predict` and `evaluate` switch augmentation off, `fit` switches it on. But a layer, or a whole model, that you *call*
# changes the pictures, unless you say `training=False`. It is a trap: write the switch down, always.
#
# Now choose for yourself. The widget changes a picture by as much as you say, with the layers above, one behind the
# other. Above each view stands how much of the picture can still be seen in it. You can bring a picture of your own.
#
# **Find out:** what do flip and turn leave of the picture, and which changes leave all? With `shift` alone, how far can
# you go until a view shows less than half of the picture? Which setting makes a view that you would not recognise?

# %% tags=["nbval-ignore-output"]
shown = {"garden": garden.test.images[5], "biopsy": data.task("biopsy").test.images[5]}
widgets.augmented_views({**shown, "a six": digits.pictures(2, seed=0).images[0]})

# %% [markdown]
# **Look at** the shares. A flip leaves all of the picture. A turn cuts the corners off: about 83 % stays at least.
# A shift of up to 30 % across and 30 % down leaves 49 % in the worst case, 0.7 times 0.7. Zoom at 90 % can leave only a
# hundredth. And contrast and brightness leave all places, but push pixels against 0 or 255, where differences are lost
# for good.
#
# ## 2. Which changes keep the label?
#
# A change is allowed if a picture of the class could look like this, and would still be of the class. That depends on
# the task, not on the network. A slide of tissue has no up and no down: turn it as you like. A flower on a page may be
# mirrored, and lean a little. For some tasks a change is a disaster: the colour of a mole on the skin is one sign of
# whether it is harmless, a heart lies on the left, an arrow points somewhere.
#
# Here is a task in which the class *is* a direction: sixes and nines.

# %%
few_digits, many_digits = digits.pictures(40, seed=0), digits.pictures(400, seed=1)
fig, axs = plt.subplots(1, 8, figsize=(10, 1.8))
for ax, image, label in zip(axs, many_digits.images, many_digits.labels):
    plots.picture(image, ax).set_title(digits.CLASS_NAMES[label])
notebook.show(axs[0], "Four sixes and four nines in different colours, a little tilted and shifted.")

# %% [markdown]
# **Look at** the shapes: each nine is a six that stands on its head. We train a head on 40 of them. The base is that of
# the guide, frozen, so its features can be computed once. The head is `LogisticRegression` of scikit-learn: one dense
# layer with softmax and cross-entropy, as behind average pooling in notebook 06, fitted in a moment. Its `C` works as
# in the SVM there: it weighs the losses against the squared weights. For training, each picture is shown in 8 views.

# %%
base = backbones.load("coursenet_guide")
pooled = keras.Sequential([base, layers.GlobalAveragePooling2D()])


def features(images):
    """Return what the frozen base sees in pictures: 128 numbers each."""
    return pooled.predict(backbones.preprocess("coursenet_guide", images), batch_size=64, verbose=0)


def head_for(pictures, change, n_views=8):
    """Fit a linear head on changed views of pictures."""
    views = [features(change(pictures.images, training=True)) for _ in range(n_views)]
    head = LogisticRegression(C=1 / n_views, max_iter=1000)  # all views of a picture weigh as much as the picture
    return head.fit(np.concatenate(views), np.tile(pictures.labels, n_views))


# %% [markdown]
# The views are turned, by up to 10°, 90° or 180° to both sides. Predict: how many of 400 new digits, as they are, will
# the head name correctly? Guessing gives 50 %.

# %% tags=["nbval-ignore-output"]
turns = {"turned by up to 10°": 10, "up to 90°": 90, "up to 180°": 180}
widgets.prediction("What percentage will be right?", list(turns))

# %% tags=["nbval-ignore-output"]
new = features(many_digits.images)
by_turn = {}
for name, degrees in turns.items():
    head = head_for(few_digits, layers.RandomRotation(degrees / 360, seed=0))
    by_turn[name] = head.score(new, many_digits.labels)
    print(f"{name:<20} {by_turn[name]:.0%}")

# %%
print("turned by up to 90°, more than 8 of 10 are still right:", by_turn["up to 90°"] > 0.8)
print("turned by up to 180°, a quarter or more is lost:", by_turn["up to 180°"] < by_turn["turned by up to 10°"] - 0.25)

# %% [markdown]
# **Look at** the last line. Turned by up to 180°, a six can become a nine, but its label still says six. Such views
# teach the wrong answer. There is no error and no warning: the labels are just not true any more. (Up to 90° only the
# outermost turns are ambiguous, and they are few.)
#
# So ask of each change: *would I still give it this label?* Ask someone who knows the pictures. And look at a few
# changed pictures, always. (Mistakes of another kind are found for you: the course's `training.train` looks at a few
# changed pictures before it begins, and refuses augmentation that leaves them empty, nearly black, or out of range.)
#
# ### Exercise 1
# Build the augmentation for the garden: flowers are mirrored left and right at random, lean by up to 20 degrees to each
# side, and are up to a fifth of the range lighter or darker. Pixels are 0 to 255. Give a `keras.Sequential` of layers.

# %%
answer = None
checks.check("07.1", answer)

# %% [markdown]
# ## 3. How many different pictures do you have?
#
# With 16 views each, 16 pictures become 256. Are they worth 256? Two views of a flower have much in common: the flower.
# We can measure how much. To the frozen base a picture is a point with 128 coordinates. How far apart are two views
# of one flower, two flowers of one species, and flowers of two species? The views are mirrored, lean by up to 20°, and
# stand up to a tenth of the side elsewhere, as in the recorded comparisons of section 5. Predict:

# %% tags=["nbval-ignore-output"]
kinds = ["two views of one flower", "two flowers of one species", "flowers of two species"]
widgets.choice("How far apart?", kinds, ["nearest", "in between", "farthest"])

# %%
from course_utils import augmentation, augmentation_gain

lean = augmentation_gain.layers("garden")
augmentation.restart(lean, 0)  # one seed for all its layers
eighty = data.sample(garden.train, 80, seed=0)
one, other = (features(lean(eighty.images, training=True)) for view in range(2))
apart = np.linalg.norm(one[:, None] - other, axis=-1)  # (80, 80)
same_species, same_flower = eighty.labels[:, None] == eighty.labels, np.eye(80, dtype=bool)
groups = [apart[same_flower], apart[same_species & ~same_flower], apart[~same_species]]

# %%
notebook.show(
    plots.spreads(dict(zip(kinds, groups)), "distance between features"),
    "Spread of the distances between features of changed pictures, in three groups: two views of one flower, two "
    "flowers of one species, and flowers of two species. The means grow in this order.",
)

# %% [markdown]
# **Look at** the vertical lines, the means. Two views of one flower are about half as far apart as two flowers of one
# species. They differ, but always in the same ways: how the flower leans, where it stands. No view has another colour,
# another light, or other petals.

# %%
views, relatives, strangers = (group.mean() for group in groups)
print("two views are nearer than two flowers, and these nearer than two species:", views < relatives < strangers)
print("two views are 0.4 to 0.6 as far apart as two flowers:", 0.4 < views / relatives < 0.6)

# %% [markdown]
# What counts in the end is accuracy. So train the head of section 2 for the eight species of the garden: on 16 flowers,
# two of each species; on the same 16 in 16 views each; and on 256 flowers. Three samples each, and 512 test pictures.
# Predict the accuracy of the head:

# %% tags=["nbval-ignore-output"]
widgets.prediction("What percentage will be right?", ["16 flowers", "16 views of each", "256 flowers"])

# %%
garden_test = data.sample(garden.test, 512, seed=0)
test_features, scores = features(garden_test.images), []
for seed in range(3):
    few, many = (data.sample(garden.train, n, seed) for n in (16, 256))
    few_head = LogisticRegression(max_iter=1000).fit(features(few.images), few.labels)
    views_head = head_for(few, lean, n_views=16)
    many_head = LogisticRegression(max_iter=1000).fit(features(many.images), many.labels)
    scores.append([head.score(test_features, garden_test.labels) for head in (few_head, views_head, many_head)])
few_right, views_right, many_right = 100 * np.mean(scores, axis=0)

# %% tags=["nbval-ignore-output"]
print(f"16 flowers {few_right:.0f} %, 16 views of each {views_right:.0f} %, 256 flowers {many_right:.0f} %")

# %%
print("256 flowers are more than 10 points better than 16:", many_right > few_right + 10)
print("256 views of 16 are no better than the 16 as they are:", views_right < few_right + 1)

# %% [markdown]
# **Look at** the middle. 256 views did not come near to 256 flowers. Here they are worth no more than the 16 as they
# are: what the head lacks is other *flowers*. (That is not all of it. When a flower leans, each of its pixels is
# computed anew from its neighbours, *interpolated*, and a frozen base minds; section 7 shows how. But 16 views that are
# mirrored, and moved by whole pixels, brought less than 5 points with the same samples.)
#
# So never count views as pictures *beforehand*: what they are worth depends on the task and on what trains, and
# section 8 measures it. And split the *pictures* first: views of one flower in training and in validation would be the
# mistake of notebook 03, sets that overlap, in disguise.
#
# ## 4. Two places for it
#
# Augmentation can stand in two places. The first is **inside the model**, as its first layers, before the
# preprocessing: the layers want pixels from 0 to 255.


# %%
def network(*first):
    """Build strategy 2 for the biopsy, frozen to block 2, with some layers in front."""
    base = backbones.load("coursenet_guide")
    for layer in base.layers:
        layer.trainable = not layer.name.startswith(("block1", "block2"))
    head = [layers.GlobalAveragePooling2D(), layers.Dense(8)]
    return keras.Sequential([keras.Input((64, 64, 3)), *first, layers.Rescaling(1 / 127.5, -1), base, *head])


# %%
tissue = keras.Sequential([layers.RandomFlip("horizontal", seed=0), layers.RandomRotation(0.5, seed=1)])
biopsy = data.task("biopsy")
small, test = data.sample(biopsy.train, 64, seed=0), data.sample(biopsy.test, 256, seed=0)

# %% [markdown]
# There it runs in `fit`, on each batch, and does nothing in `predict` and `evaluate`. It is saved with the model, and
# runs where the model runs, on the accelerator if there is one. (Mirrored, and turned by any angle: all that may happen
# to a slide. A flip in the other direction would add nothing.)
#
# The second place is the **pipeline**, in a `map`. There it runs on the processor, while the model trains on the batch
# before. The switch `training=True` must be written down, since no `fit` is there to set it:


# %%
def changed(images, labels):
    """Change a batch of pictures; the labels stay."""
    return tissue(images, training=True), labels


small_set = tf.data.Dataset.from_tensor_slices((small.images, small.labels)).cache().shuffle(64, seed=0).batch(32)
training_set = small_set.map(changed).prefetch(1)  # ready for model.fit(training_set, epochs=20)

# %% [markdown]
# Each of two epochs shows 64 pictures. Predict: among these 128 pictures, how many distinct ones are there, if equal
# ones are counted once?

# %% tags=["nbval-ignore-output"]
widgets.choice("How many distinct pictures?", ["in two epochs"], ["64", "about 96", "128"])


# %%
def pictures_of(dataset):
    """Return all pictures of a data set as one array, as one epoch shows them."""
    return np.concatenate([images for images, _ in dataset.as_numpy_iterator()])


two_epochs = np.concatenate([pictures_of(training_set), pictures_of(training_set)])
print("distinct pictures in two epochs:", len(np.unique(two_epochs, axis=0)), "of", len(two_epochs))

# %% [markdown]
# Both places do the same to the pictures. Put augmentation into the model if it should be saved with it; into the
# pipeline if the processor has time to spare. Never into both: then all is changed twice.
#
# Now train, with and without: 64 pictures of the biopsy, 20 epochs. Few pictures, far from the source: that is the
# corner of the size-similarity chart which is called quadrant 3. Predict:

# %% tags=["nbval-ignore-output"]
ways = ["without augmentation", "with augmentation"]
widgets.prediction("What percentage of new pictures will be right?", ways)


# %%
def percent_right(model, pictures):
    """Return the percentage of right answers."""
    return 100 * model.evaluate(pictures.images, pictures.labels, verbose=0, return_dict=True)["accuracy"]


loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
by_way = {}

# %% tags=["nbval-ignore-output"]
for way, first in zip(ways, [(), (tissue,)]):
    model = network(*first)
    model.compile(keras.optimizers.Adam(0.002), loss, metrics=["accuracy"], steps_per_execution=2)
    model.fit(small.images, small.labels, epochs=20, verbose=0)
    at_once = percent_right(model, test)
    batch_norm.settle(model.get_layer("coursenet"), backbones.preprocess("coursenet_guide", small.images))
    by_way[way] = at_once, percent_right(model, test)
    print(f"{way}: {at_once:.0f} % at once, {by_way[way][1]:.0f} % with settled statistics")

# %%
(plain, plain_settled), (augmented, augmented_settled) = by_way.values()
print("settling brings more with augmentation than without:", augmented_settled - augmented > plain_settled - plain)
print("with augmentation 5 points more, or better still:", augmented_settled > plain_settled + 5)
model = None

# %% [markdown]
# **Look at** both numbers of each line. *At once* is what `evaluate` says after `fit`. With augmentation it is far too
# low, and that is no fault of augmentation. The statistics of batch normalisation are running averages (notebook 03),
# and after these 40 steps they lag behind the weights. Measured anew, on the training pictures as they are, they show
# what the weights have learned. The course's `training.train` always does this.
#
# With settled statistics augmentation is clearly ahead, in this one training. It can be luck. So look at the record.
#
# ## 5. When does it help?
#
# A command of the course (`commands.augmentation_gain`) has measured three pairs, each by several strategies, with and
# without augmentation: *near*, the base of the guide on the garden; *far*, the same base on the biopsy; and *near
# slides*, the base of the slides on the same biopsy. Recall the strategies. 1: random weights; warm start: all trains;
# 2: the early part is frozen; 3: the whole base is frozen.
#
# Flowers are changed as in section 3. Slides are turned by any angle and shifted by up to a tenth. (They are not
# mirrored: the command has `RandomFlip("horizontal_and_vertical")`, and we found out what that does only afterwards.)
# Each way has the same number of epochs, 100 for 64 pictures, 25 for 256, 20 for 1,024, and its own learning rate,
# chosen on validation pictures. With 64 pictures the rate is chosen on 16 validation pictures, in two samples; some of
# a difference may come from that. There are five repeats, three with 1,024 pictures.
#
# What counts was written down before the results were seen: augmentation **helps** if the 95 % interval of the paired
# difference, with minus without, lies above 0; it **harms** if the interval lies below 0; else it **cannot be told**.
# Expected was: more gain with fewer pictures, with more layers that train, and far from the source. And the textbook
# says of quadrant 3, few pictures, far from the source: fine-tune a part, and augment.
#
# Predict:

# %% tags=["nbval-ignore-output"]
cases = ["near, 64, strategy 1", "far, 64, strategy 1", "far, 256, strategy 2", "far, 256, strategy 3"]
widgets.choice("What does augmentation do?", cases, ["helps", "harms", "cannot be told"])

# %%
from course_utils import augmentation_verdicts

Markdown(augmentation_verdicts.table())

# %%
found = {}
for pair, n, key in augmentation_gain.cases():
    row = f"{n:,} pictures, {key if key == 'warm start' else f'strategy {key}'}"
    found.setdefault(pair, {})[row] = augmentation_verdicts.gain(pair, n, key)
notebook.show(
    plots.gains(found, xlabel="with minus without augmentation (points)").legend(loc="lower right").axes,
    "By how many points augmentation is ahead, with intervals, for three pairs. Far, where layers train: 20 to 30 with "
    "64 pictures, 5 to 9 with 256, 4 to 5 with 1,024. Near: about 5 or less. With the whole base of the guide frozen "
    "it is 7 to 14 behind; with that of the slides it is not behind.",
)

# %% [markdown]
# **Look at** the marks, and at which side of 0 they lie.
#
# - *Quadrant 3* (few pictures, far from the source). With strategy 2 augmentation brings 21.1 ± 2.7 points for 64
#   pictures, and 5.0 ± 1.7 for 256. It helps both times: by the rule that was written down, the textbook's advice
#   **holds** here.
# - *Fewer pictures, more gain.* In the pair far, where layers train, this is so at each step: with strategy 2
#   21.1 ± 2.7 points with 64 pictures, 5.0 ± 1.7 with 256, 4.1 ± 0.4 with 1,024; from random weights 29.6 ± 4.5,
#   9.3 ± 6.6 and 5.1 ± 1.5. In the other two pairs gains are small at all sizes, 5.5 ± 2.4 at most.
# - *More layers that train, more gain* is true only in part: with 64 pictures of the biopsy warm start gains
#   20.4 ± 5.8, and strategy 2, with two blocks frozen, no less.
# - *Far from the source, more gain.* Compare far and near slides: the task is the same, only the source differs. With
#   strategy 2 and 64 pictures the gain is 21.1 ± 2.7 points far from the source, and 2.4 ± 1.1 near to it. But distance
#   is not the whole reason: from random weights, which have no source, the biopsy gains far more than the garden, too.
#   A slide may be turned to any angle, a flower may only lean.
# - *Strategy 3.* With the whole base of the guide frozen, augmentation **harms**, with 64 and with 256 pictures:
#   8.0 ± 4.3 and 7.2 ± 1.2 points are lost in the garden, 8.7 ± 4.0 and 14.1 ± 4.4 on the biopsy, where training
#   accuracy falls from 94 to 50 % with 256. With the base of the slides it helps a little with 64 pictures, 2.5 ± 1.4;
#   with 256 it cannot be told, 0.6 ± 1.6. Section 7 comes back to it.
#
# Augmented training may need more time. So strategies 1 and 2 were trained four times as long, far from the source,
# with 256 pictures and three repeats:

# %%
Markdown(augmentation_verdicts.longer_table())

# %% [markdown]
# **Look at** the first two rows. From random weights, a longer training brought 86.1 % instead of 79.8 % with
# augmentation, and 69.1 % instead of 70.5 % without. But the rows with 25 epochs are means of five repeats. In the
# three repeats that both lengths have, a longer training brought 6.8 points more with augmentation, and 1.6 without.
# With strategy 2 both ways gained little.
#
# ## 6. Mistakes to find
#
# ### Exercise 2: changed, kept, and split, in the wrong order
# A colleague has 256 pictures of the biopsy in batches of 32. They shall be augmented, and kept, since reading is slow.
# Two batches are to validate with, the others to train on:

# %%
batches = data.sample(biopsy.train, 256, seed=0)
batches = tf.data.Dataset.from_tensor_slices((batches.images.astype("float32"), batches.labels)).batch(32)


def colleagues_sets(batches):
    """Change pictures, keep them, and split them into training and validation."""
    kept = batches.map(changed).cache()
    return kept.skip(2), kept.take(2)


# %% [markdown]
# Predict: of the 192 training pictures, how many are new in the second epoch, that is, other than in the first? Of the
# 64 validation pictures, how many are changed, that is, other than in the colleague's batches?

# %% tags=["nbval-ignore-output"]
widgets.choice("How many?", ["training pictures, new", "validation pictures, changed"], ["none", "about half", "all"])

# %%
training_set, validation_set = colleagues_sets(batches)
first, second = pictures_of(training_set), pictures_of(training_set)
print("training pictures that are new in the second epoch:", sum((first != second).any(axis=(1, 2, 3))), "of 192")
as_they_are = pictures_of(batches.take(2))
print("validation pictures that are changed:", sum((pictures_of(validation_set) != as_they_are).any(axis=(1, 2, 3))))

# %% [markdown]
# Two mistakes in one line. The first you know from notebook 03: what is cached is not computed again, so the "random"
# pictures are the same in every epoch. What does that cost? It has been measured, as *1 kept view*: see section 7.
#
# The second is worse, since it spoils the *judge*. Validation pictures stand for the pictures that will come, and these
# come unchanged. To see what happens, train two heads on a frozen base, the first on 256 pictures as they are, the
# second on 4 changed views of each. Judge both on 512 validation pictures as they are, and on the same 512 changed.
# Predict:

# %% tags=["nbval-ignore-output"]
judges = ["pictures as they are", "changed pictures"]
options = ["trained on pictures as they are", "trained on changed views"]
widgets.choice("Which head is better, by this judge?", judges, options)

# %%
seen, held_out = data.split(data.sample(biopsy.train, 768, seed=1), share=2 / 3, seed=1)
plain_head = LogisticRegression(max_iter=1000).fit(features(seen.images), seen.labels)
changed_head = head_for(seen, tissue, n_views=4)
by_judge = {"as they are": features(held_out.images)}
for time in ("1st", "2nd"):
    by_judge[f"changed, {time} time"] = features(tissue(held_out.images, training=True))

# %% tags=["nbval-ignore-output"]
plain_scores = {judge: plain_head.score(x, held_out.labels) for judge, x in by_judge.items()}
changed_scores = {judge: changed_head.score(x, held_out.labels) for judge, x in by_judge.items()}
for judge in by_judge:
    print(f"{judge:<17} first head {plain_scores[judge]:.0%}, second head {changed_scores[judge]:.0%}")

# %%
first, *first_again = plain_scores.values()  # as they are, then changed twice
second, *second_again = changed_scores.values()
print("on pictures as they are, the first head is better:", first > second)
print("on changed pictures the second one, each time:", all(np.greater(second_again, first_again)))
print("the judge with changed pictures is too strict with the first, each time:", max(first_again) < first)
print("and too kind to the second, each time:", min(second_again) > second)

# %% [markdown]
# **Look at** who wins. The two judges disagree, and the one with changed pictures is wrong: it prefers the head that is
# used to changed pictures. It is too strict with the first head and too kind to the second. And when it is asked again,
# it says something else, although neither head has changed.
#
# The same happens if you call a model with augmentation inside, `model(pictures)`, with or without `training=True`: it
# changes the pictures. Batch normalisation behind such layers then works as in training, too, and moves its statistics.
# To judge, use `evaluate` or `predict`, or say `training=False`.
#
# Repair the colleague's function: `skip(2)` to train on, changed anew in every epoch; `take(2)` to validate with,
# unchanged. Of both, keep the pictures as they were read, so that they are read once only. Give the function itself as
# `answer`.

# %%
answer = None
checks.check("07.2", answer)

# %% [markdown]
# ### Exercise 3: the same view again and again
# With a frozen base, features are computed once and kept (notebook 02). With augmentation, keep those of *several
# views*. A colleague does so, and is glad how fast it goes:


# %%
def colleagues_views(images, labels, n_views):
    """Keep the features of changed views, with their labels."""
    view = features(tissue(images, training=True))
    return np.tile(view, (n_views, 1)), np.repeat(labels, n_views)


kept, names = colleagues_views(small.images[1:4], small.labels[1:4], 2)
print("labels of the pictures: ", *small.labels[1:4])
print("labels of the features: ", *names)
print("different rows of features:", len(np.unique(kept, axis=0)), "of", len(kept))

# %% [markdown]
# Two mistakes again, and no error message. The pictures are changed once. And the labels are in another order than the
# features: `tile` repeats the whole, 1 4 7 1 4 7, `repeat` repeats each, 1 1 4 4 7 7. Repair both: `n_views` views of
# each picture, each of them changed anew. Give the function itself as `answer`.

# %%
answer = None
checks.check("07.3", answer)

# %% [markdown]
# ## 7. Kept features and augmentation
#
# How many views are enough? This was measured for 256 pictures of the biopsy, turned by any angle (`commands.views`),
# three repeats; the seconds are those of a training. Predict, first for a base frozen to block 2: how many points
# better than no augmentation are 1 and 5 kept views, and new views in every epoch, for which nothing can be kept? And 5
# kept views, if the whole base is frozen?

# %% tags=["nbval-ignore-output"]
asked = ["1 kept view", "5 kept views", "new views", "5 kept views, whole base frozen"]
widgets.choice("How many points better than no augmentation?", asked, ["worse", "0 to 2", "2 to 5", "more than 5"])

# %%
from course_utils import kept_views

Markdown(kept_views.table())

# %% [markdown]
# **Look at** the upper half first. New views in every epoch help: by 3.5 ± 1.4 points. Five kept views are 4.2 ± 0.6
# points ahead of one; they bring nearly what new ones bring, 86.9 and 87.6 %, but whether they beat no augmentation
# three repeats cannot tell: 2.9 ± 3.9. One kept view, the colleague's of exercise 2, is no better than none, 82.7 and
# 84.0 %: all of the gain is gone. In `training.train` five kept views are `views=5, reuse_views=True`.
#
# The lower half tells another story. With the whole base frozen, all four ways are 4 to 8 points *behind* no
# augmentation (only for five views does the interval exclude 0: 5.7 ± 3.4). Training accuracy is measured on the
# training pictures as they are: 93 % without, at most 63 % with. Section 6 shows the other side: on *changed* pictures
# such a head is good. So changed and unchanged slides look different to the frozen base. What is different? Here is one
# slide, turned in two ways:

# %%
fig, axs = plt.subplots(1, 3, figsize=(9, 3.3))
for ax, degrees in zip(axs, [0, 90, 30]):
    turn = layers.RandomRotation((degrees / 360, degrees / 360))  # always by so much
    turned = np.asarray(turn(small.images, training=True))
    steps = np.abs(np.diff(turned, axis=2)).mean()
    plots.picture(turned[2] / 255, ax).set_title(f"turned by {degrees}°")
    print(f"turned by {degrees:>2}°: from pixel to pixel, 64 slides change by {steps:.1f} grey levels")
notebook.show(
    axs[0], "A slide as it is, turned by 90°, and turned by 30°: there it is smoother, with mirrored corners."
)

# %% [markdown]
# **Look at** the fine grain. A turn by 90° brings each pixel to another place. A turn by 30° computes each one anew
# from its neighbours (it *interpolates*): the slide becomes smoother, and its corners hold a mirror image. Is that what
# does harm? Or is a head too small for slides in every position? A control can tell (`commands.views --quarter`): the
# same trainings, but slides are mirrored, and turned by 0, 90, 180 or 270°, so that pixels only move. Predict:

# %% tags=["nbval-ignore-output"]
asked = ["5 kept views, whole base frozen"]
widgets.choice(
    "Turned by quarters, against no augmentation?", asked, ["worse", "0 to 2 points better", "2 points or more better"]
)

# %%
Markdown(kept_views.quarter_table())

# %% [markdown]
# **Look at** the last column. By quarters the *frozen* base gains, too: 3.5 ± 0.5 points with five kept views, and
# 3.9 ± 1.7 with new ones. So slides in many positions are not too much for the head. What did harm comes
# with the angles in between: interpolation, which smooths, or the mirrored corners; which of the two was not measured.
# (The control also mirrors, which the other runs do not.) Where blocks train, in the upper half, both kinds of turn
# bring about the same: layers that train can get used to it.
#
# So if the whole base is frozen, prefer changes that only move pixels: flips, quarter turns, shifts by whole pixels.
# The base of the guide was pre-trained with flips and such shifts, and no picture was interpolated. How much a base
# minds depends on the base: that of the slides lost nothing in section 5. (The guide's lost more there than here.
# Slides were shifted, too, and the learning rate was another.)
#
# ## 8. Augment, or collect more pictures?
#
# From the same records: 64 pictures *with* augmentation, against 256, four times as many, *without*. The last column
# says how many pictures without augmentation would give the accuracy of 64 with it. These numbers are read off on
# straight lines between the measured sizes, over the logarithm of the size; they are rough. Predict for strategy 1,
# which starts from random weights:

# %% tags=["nbval-ignore-output"]
widgets.choice("Which is better?", ["garden", "biopsy"], ["64 with augmentation", "256 without", "cannot be told"])

# %% [markdown]
# ### Exercise 4
# Work one case out yourself, before you see the table. `augmentation_gain.mean("far", 64, 1, True)` gives the mean
# accuracy, in percent, of the pair *far*, 64 pictures, strategy 1, with augmentation, and half of its interval; with
# `False`, those without. For the pair *far* and strategy 1: by how many points are 256 pictures without augmentation
# ahead of 64 with it?

# %%
answer = None
checks.check("07.4", answer)

# %%
Markdown(augmentation_verdicts.collecting_table())

# %% [markdown]
# **Look at** the last two columns.
#
# - *Biopsy.* From random weights 64 slides with augmentation are worth about 240 without. Collecting four times as many
#   is ahead by 1.8 ± 6.5 points: that cannot be told from nothing. With warm start it is 3.4 ± 3.8, and about 210
#   slides; with strategy 2 it is 1.4 ± 1.2, little, but the interval lies above 0, and about 240 slides.
# - *Garden.* Here 64 flowers are worth about 80 from random weights, and about 100 with warm start or strategy 2.
#   Collecting is ahead by 25.9 ± 3.9, 9.6 ± 3.2 and 8.2 ± 1.4 points.
# - *Strategy 3.* With the whole base of the guide frozen, augmented pictures are worth less than the same ones as they
#   are.
#
# A likely reason, which we have not measured: slides of one tissue differ much in what a turn can imitate; flowers of
# one species differ in colour, light and clutter, too, which a turn cannot. So ask: *what varies among pictures of one
# class, and can I make it vary?* What you can make, augment. What you cannot, collect.
#
# ## What you have seen
#
# - Augmentation is a few Keras layers for pixels from 0 to 255. `fit` switches them on, `predict` and `evaluate` off;
#   when they, or a model that holds them, are called, they are on. Their factors are shares: of a full turn, of the
#   side, of the range.
# - A change must keep the label. That is a question about the task: a slide may be turned, a six may not.
# - Views of a picture are relatives, not new pictures. With a frozen base, 256 views of 16 flowers were worth no more
#   than the 16.
# - Its place is behind the cache, in front of the network, on training pictures only. A judge that sees changed
#   pictures chooses wrongly. With kept features, keep several views.
# - After a short training, settle the statistics of batch normalisation before you judge.
# - Where layers trained, augmentation never did harm here. It brought most in the pair far, with 64 pictures: 20 to 30
#   points; in the two pairs near to the source 6 at most. In the pair far 64 slides with it were worth about 210 to 240
#   without; 64 flowers of the garden were worth about 80 to 100, and collecting was better.
# - With the whole base of the guide frozen it did harm, where slides were turned by any angle and flowers leaned.
#   Mirrored, and turned by quarters, so that pixels only move, slides helped the frozen base, too.
#
# In notebook 08 all this meets real photographs.
