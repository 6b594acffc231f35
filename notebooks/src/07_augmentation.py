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
# **You need** notebooks 00 to 03; sections 5 and 8 speak of the chart of notebook 05. **Time:** about 75 minutes; the
# computer works for about one of them.

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
    "RandomFlip": layers.RandomFlip("horizontal", seed=2),
    "RandomRotation": layers.RandomRotation(20 / 360, seed=2),
    "RandomZoom": layers.RandomZoom(0.3, seed=2),
    "RandomTranslation": layers.RandomTranslation(0.2, 0.2, seed=2),
    "RandomContrast": layers.RandomContrast(0.5, seed=2),
    "RandomBrightness": layers.RandomBrightness(0.3, seed=2),
}
garden = data.task("garden")
flower = garden.test.images[5:6].astype("float32")  # RandomContrast takes no bytes

# %%
fig, axs = plt.subplots(4, 7, figsize=(10, 6))
for ax, name in zip(axs[0], ["as it is", *changes]):
    ax.set_title(name.removeprefix("Random"), fontsize=10)
for row in axs:
    plots.picture(flower[0] / 255, row[0])
    for ax, layer in zip(row[1:], changes.values()):
        plots.picture(np.asarray(layer(flower, training=True))[0] / 255, ax)
notebook.show(
    axs[0, 0],
    "A flower, and four views of it by each of six layers: mirrored, leaning, larger or smaller, elsewhere on the "
    "page, with other contrast, and lighter or darker.",
)

# %% [markdown]
# **Look at** one column after the other. *Flip* mirrors, or does not: there are only two views. The others draw a
# number from a range, so that no two views are the same. The ranges are written in different units:
#
# - `RandomRotation(20 / 360)`: the factor is a share of a *full turn*, to both sides. `RandomRotation(0.2)`, which
#   looks harmless, turns by up to 72°.
# - `RandomZoom(0.3)`, `RandomTranslation(0.2, 0.2)`: shares of the side. A zoom above zero makes the picture *smaller*.
# - `RandomContrast(0.5)`: differences from the mean become 0.5 to 1.5 times as large.
# - `RandomBrightness(0.3)`: up to 0.3 of the range is added to every pixel. Which range? `value_range=(0, 255)`, unless
#   you say otherwise.
# - `RandomFlip()`, without a word, mirrors in *both* directions.
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
# it is. Each layer has a switch for this, `training`. Predict: which of these three change the pictures?

# %% tags=["nbval-ignore-output"]
calls = ["flip(pictures, training=False)", "flip(pictures)", "keras.Sequential([flip]).predict(pictures)"]
widgets.choice("Are the pictures changed?", calls, ["yes", "no"])

# %%
flip = layers.RandomFlip("horizontal", seed=0)
pictures = garden.test.images[:16].astype("float32")
results = [flip(pictures, training=False), flip(pictures), keras.Sequential([flip]).predict(pictures, verbose=0)]
for call, result in zip(calls, results):
    print(f"{call:<45}", "changed" if (np.asarray(result) != pictures).any() else "as they were")

# %% [markdown]
# `predict` and `evaluate` switch augmentation off, `fit` switches it on. But a layer that you call by *itself* changes
# the pictures, unless you say `training=False`. It is a trap: write the switch down, always.
#
# Now choose for yourself. The widget changes a picture by as much as you say, with the layers above, one behind the
# other. Above each view stands how much of the picture can still be seen in it. You can bring a picture of your own.
#
# **Find out:** with `shift` alone, how far can you go until a view shows less than half of the picture? Which setting
# makes a view that you would not recognise? What do flip and turn leave of the picture, and which changes leave all?

# %% tags=["nbval-ignore-output"]
shown = {task: data.task(task).test.images[5] for task in data.TASKS}
widgets.augmented_views({**shown, "a six": digits.pictures(2, seed=0).images[0]})

# %% [markdown]
# **Look at** the shares. A flip leaves all of the picture. A turn cuts the corners off: about 83 % stays at least.
# Two shifts of up to 30 % leave 49 % in the worst case, 0.7 times 0.7. A zoom of −90 % leaves a hundredth. And contrast
# and brightness leave all places, but push pixels against 0 or 255, where differences are lost for good.
#
# ## 2. Which changes keep the label?
#
# A change is allowed if a picture of the class could look like this, and would still be of the class. That depends on
# the task, not on the network. A slide of tissue has no up and no down: turn it as you like. A flower on a page may be
# mirrored, and lean a little. For some tasks a change is a disaster: a mole's colour decides whether it is harmless,
# a heart lies on the left, an arrow points somewhere.
#
# Here is a task in which the class *is* a direction: sixes and nines.

# %%
few, many = digits.pictures(40, seed=0), digits.pictures(400, seed=1)
fig, axs = plt.subplots(1, 8, figsize=(10, 1.8))
for ax, image, label in zip(axs, many.images, many.labels):
    plots.picture(image, ax).set_title(digits.CLASS_NAMES[label])
notebook.show(axs[0], "Four sixes and four nines in different colours, a little tilted and shifted.")

# %% [markdown]
# **Look at** the shapes: each nine is a six that stands on its head. We train a head on 40 of them. The base is that of
# the guide, frozen, so its features can be computed once; the head is a linear classifier, as in notebook 06, which
# scikit-learn fits in a moment. For training, each picture is shown in 8 views.

# %%
base = backbones.load("coursenet_guide")
pooled = keras.Sequential([base, layers.GlobalAveragePooling2D()])


def features(images):
    """Return what the frozen base sees in pictures: 128 numbers each."""
    return pooled.predict(backbones.preprocess("coursenet_guide", images), batch_size=64, verbose=0)


def head_for(pictures, change, n_views=8):
    """Fit a linear head on changed views of pictures."""
    views = [features(change(pictures.images, training=True)) for _ in range(n_views)]
    return LogisticRegression(max_iter=1000).fit(np.concatenate(views), np.tile(pictures.labels, n_views))


# %% [markdown]
# Predict: how many of the new digits will be named correctly? Guessing gives 50 %.

# %% tags=["nbval-ignore-output"]
turns = {"turned by up to 10°": 10, "up to 90°": 90, "up to 180°": 180}
widgets.prediction("What percentage will be right?", list(turns))

# %% tags=["nbval-ignore-output"]
new = features(many.images)
right = {}
for name, degrees in turns.items():
    head = head_for(few, layers.RandomRotation(degrees / 360, seed=0))
    right[name] = head.score(new, many.labels)
    print(f"{name:<20} {right[name]:.0%}")

# %%
print("turned by up to 10° or 90°, more than 8 of 10 are right:", min(list(right.values())[:2]) > 0.8)
print("turned by up to 180° a quarter or more is lost:", right["up to 180°"] < right["turned by up to 10°"] - 0.24)

# %% [markdown]
# **Look at** the last line. Turned by up to 180°, a six can become a nine, but its label still says six. Such views
# teach the wrong answer. There is no error and no warning: the labels are just not true any more.
#
# So ask of each change: *would I still give it this label?* Ask someone who knows the pictures. And look at a few
# changed pictures, always. (Garbage of another kind is found for you: the course's `training.train` looks at a few
# changed pictures before it begins, and refuses augmentation that leaves them empty, nearly black, or out of range.)
#
# ### Exercise 1
# Build the augmentation for a garden in which flowers are mirrored left and right, lean by up to 20 degrees to each
# side, and are up to a fifth of the range lighter or darker. Pixels are 0 to 255. Give a `keras.Sequential` of layers.

# %%
answer = None
checks.check("07.1", answer)

# %% [markdown]
# ## 3. How many different pictures do you have?
#
# With 16 views each, 16 pictures become 256. Are they worth 256? Two views of a flower have much in common: the flower.
# How much can be measured. To the frozen base a picture is a point with 128 coordinates. How far apart are two views
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
species, flowers = eighty.labels[:, None] == eighty.labels, np.eye(80, dtype=bool)
groups = [apart[flowers], apart[species & ~flowers], apart[~species]]

# %%
notebook.show(
    plots.spreads(dict(zip(kinds, groups)), "distance between features"),
    "Spread of the distances between features of changed pictures, in three groups: two views of one flower, two "
    "flowers of one species, and flowers of two species. The means grow in this order.",
)

# %% [markdown]
# **Look at** the vertical lines, the means. Two views of one flower are about half as far apart as two flowers of one
# species. A view is news for the network, but it is about half the news of another flower, and always news of the same
# kind: how it leans, where it stands. No view has another colour, another light, or other petals.

# %%
views, relatives, strangers = (group.mean() for group in groups)
print("two views are nearer than two flowers, and these nearer than two species:", views < relatives < strangers)
print("two views are 0.4 to 0.6 as far apart as two flowers:", 0.4 < views / relatives < 0.6)

# %% [markdown]
# What counts in the end is accuracy. So: 16 flowers, two of each species; the same 16 in 16 views each; and 256
# flowers. Three samples each, and 512 test pictures. Predict the accuracy of the head:

# %% tags=["nbval-ignore-output"]
widgets.prediction("What percentage will be right?", ["16 flowers", "16 views of each", "256 flowers"])

# %%
test = data.sample(garden.test, 512, seed=0)
test_features, scores = features(test.images), []
for seed in range(3):
    few, many = (data.sample(garden.train, n, seed) for n in (16, 256))
    heads = [LogisticRegression(max_iter=1000).fit(features(some.images), some.labels) for some in (few, many)]
    heads.insert(1, head_for(few, lean, n_views=16))
    scores.append([100 * head.score(test_features, test.labels) for head in heads])
few_right, views_right, many_right = np.mean(scores, axis=0)

# %% tags=["nbval-ignore-output"]
print(f"16 flowers {few_right:.0f} %, 16 views of each {views_right:.0f} %, 256 flowers {many_right:.0f} %")

# %%
print("256 flowers are more than 10 points better than 16:", many_right > few_right + 10)
print("256 views of 16 are no better than the 16 as they are:", views_right < few_right + 1)

# %% [markdown]
# **Look at** the middle. 256 views did not come near to 256 flowers; here they brought nothing at all. The base is
# frozen, and its task was near: it has seen flowers that lean. What the head lacks is other *flowers*. So never count
# views as pictures. And split the *pictures* first: views of one flower in training and in validation would be the
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
tissue = keras.Sequential([layers.RandomFlip(seed=0), layers.RandomRotation(0.5, seed=1)])
biopsy = data.task("biopsy")
small, test = data.sample(biopsy.train, 64, seed=0), data.sample(biopsy.test, 256, seed=0)

# %% [markdown]
# There it runs in `fit`, on each batch, and keeps still in `predict` and `evaluate`. It is saved with the model, and
# runs where the model runs, on the accelerator if there is one.
#
# The second place is the **pipeline**, in a `map`. There it runs on the processor, while the model trains on the batch
# before. The switch `training=True` must be written down, since no `fit` is there to set it:


# %%
def changed(images, labels):
    """Change a batch of pictures; the labels stay."""
    return tissue(images, training=True), labels


small_set = tf.data.Dataset.from_tensor_slices((small.images, small.labels)).cache().shuffle(64, seed=0).batch(32)
training_set = small_set.map(changed).prefetch(1)  # ready for model.fit(training_set, epochs=20)
epochs = [{image.tobytes() for images, _ in training_set for image in images.numpy()} for epoch in range(2)]
print("pictures that both epochs have shown:", len(epochs[0] & epochs[1]), "of", len(epochs[0]))

# %% [markdown]
# Both places do the same to the pictures. Take the model if it should travel with them, the pipeline if the processor
# has time to spare. Never take both: then all is changed twice.
#
# Now train, with and without: 64 pictures of the biopsy, which is far from the guide, 20 epochs. That is the corner of
# the chart which notebook 05 calls quadrant 3. Predict:

# %% tags=["nbval-ignore-output"]
ways = ["without augmentation", "with augmentation"]
widgets.prediction("What percentage of new pictures will be right?", ways)


# %%
def right(model, pictures):
    """Return the percentage of right answers."""
    return 100 * model.evaluate(pictures.images, pictures.labels, verbose=0, return_dict=True)["accuracy"]


loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
results = {}

# %% tags=["nbval-ignore-output"]
for way, first in zip(ways, [(), (tissue,)]):
    model = network(*first)
    model.compile(keras.optimizers.Adam(0.002), loss, metrics=["accuracy"], steps_per_execution=2)
    model.fit(small.images, small.labels, epochs=20, verbose=0)
    at_once = right(model, test)
    batch_norm.settle(model.get_layer("coursenet"), backbones.preprocess("coursenet_guide", small.images))
    results[way] = at_once, right(model, test)
    print(f"{way}: {at_once:.0f} % at once, {results[way][1]:.0f} % with settled statistics")

# %%
(plain, plain_settled), (augmented, augmented_settled) = results.values()
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
# A command of the course (`commands.augmentation_gain`) has measured two pairs, each by several strategies, with and
# without augmentation: *near*, the base of the guide on the garden, and *far*, the same base on the biopsy. The changes
# are those of sections 3 and 4, and a shift of up to a tenth for both. Each way has its own learning rate, chosen on
# validation pictures, and the same number of epochs: 100 for 64 pictures, 25 for 256. There are five repeats.
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
    row = f"{n} pictures, {key if key == 'warm start' else f'strategy {key}'}"
    found.setdefault(pair, {})[row] = augmentation_verdicts.gain(pair, n, key)
notebook.show(
    plots.gains(found).legend(loc="lower right").axes,
    "By how many points augmentation is ahead, with intervals, for two pairs. Near, 64 pictures: about 5 points. Far, "
    "64 pictures: 20 to 30, and with strategy 3 9 behind. Far, 256 pictures: 5 with strategy 2, 14 behind with 3.",
)

# %% [markdown]
# **Look at** the marks, and at which side of 0 they lie.
#
# - *Quadrant 3*, far and few. With strategy 2 it is 21.1 ± 2.7 points for 64 pictures, and 5.0 ± 1.7 for 256. It helps
#   both times: by the rule that was written down, the textbook's advice **holds** here.
# - *Fewer pictures, more gain*, as expected. *More layers that train, more gain* is true only in part: with 64 pictures
#   of the biopsy it is 29.6 ± 4.5 points from random weights (from 39.0 to 68.6 %), but 20.4 ± 5.8 with warm start, and
#   no less with two blocks frozen.
# - *Near and far.* In the garden the gains are smaller: 5.5 ± 2.4 from random weights, 5.1 ± 3.9 with warm start.
#   Careful: the two pairs differ in more than their distance. A slide may be turned to any angle, a flower may only
#   lean. And with random weights, which have no source, the biopsy gains more, too. The distance to the source cannot
#   be the reason of that.
# - *Strategy 3.* On the biopsy with the whole base frozen, augmentation **harms**: 8.7 ± 4.0 points are lost with 64
#   pictures, 14.1 ± 4.4 with 256. Training accuracy falls, with 256 from 94 to 50 %. Section 7 comes back to it.
#
# What has no row was not measured; in particular strategies 2 and 3 in the garden, and the biopsy with a base that
# knows slides, for which the same task would be near.
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


# %%
def pictures_of(dataset):
    """Return all pictures of a data set as one array, as one epoch shows them."""
    return np.concatenate([images for images, _ in dataset.as_numpy_iterator()])


training_set, validation_set = colleagues_sets(batches)
first, second = pictures_of(training_set), pictures_of(training_set)
print("training pictures that are new in the second epoch:", sum((first != second).any(axis=(1, 2, 3))), "of 192")
as_they_are = pictures_of(batches.take(2))
print("validation pictures that are changed:", sum((pictures_of(validation_set) != as_they_are).any(axis=(1, 2, 3))))

# %% [markdown]
# Two mistakes in one line. The first you know from notebook 03: what is cached is not computed again, so the "random"
# pictures are the same in every epoch. What does that cost? It is recorded, as *1 kept view* in section 7: 82.7 %,
# where new views in every epoch reach 87.6 %, and no augmentation at all 84.0 %. All of the gain is gone.
#
# The second is worse, since it spoils the *judge*. Validation pictures stand for the pictures that will come, and these
# come unchanged. To see what happens, train two heads on a frozen base, one on 256 pictures as they are, one on 8
# changed views of each. Judge both twice: on validation pictures as they are, and on changed ones. Predict:

# %% tags=["nbval-ignore-output"]
judges = ["pictures as they are", "changed pictures"]
heads = ["trained on pictures as they are", "trained on changed views"]
widgets.choice("Which head is better, by this judge?", judges, heads)

# %%
seen, held_out = data.split(data.sample(biopsy.train, 512, seed=1), share=0.5, seed=1)
plain = LogisticRegression(max_iter=1000).fit(features(seen.images), seen.labels)
augmented = head_for(seen, tissue)
by_judge = {"as they are": features(held_out.images)}
for time in ("1st", "2nd", "3rd"):
    by_judge[f"changed, {time} time"] = features(tissue(held_out.images, training=True))

# %% tags=["nbval-ignore-output"]
verdicts = {judge: [head.score(x, held_out.labels) for head in (plain, augmented)] for judge, x in by_judge.items()}
for judge, (first, second) in verdicts.items():
    print(f"{judge:<17} trained on pictures as they are {first:.0%}, on changed views {second:.0%}")

# %%
(first, second), *changed_ones = verdicts.values()
print("on pictures as they are, the first head is better:", first > second)
print("on changed pictures the second one, each time:", all(two > one for one, two in changed_ones))
strict, kind = all(one < first for one, _ in changed_ones), all(two > second for _, two in changed_ones)
print("the judge with changed pictures is too strict with the first, too kind to the second:", strict and kind)

# %% [markdown]
# **Look at** who wins. The two judges disagree, and the one with changed pictures is wrong: it prefers the head that is
# used to changed pictures. It is too strict with the first head and too kind to the second. And it says something else
# each time that it is asked, although neither head has changed.
#
# The same happens if you ask a model with augmentation inside for `model(pictures, training=True)`: it changes the
# pictures, and batch normalisation works as in training. To judge, use `evaluate` or `predict`.
#
# Repair the colleague's function: `skip(2)` to train on, changed anew in every epoch; `take(2)` to validate with,
# unchanged; each of the two kept. Give the function itself as `answer`.

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
# each picture, drawn anew. Give the function itself as `answer`.

# %%
answer = None
checks.check("07.3", answer)

# %% [markdown]
# ## 7. Kept features and augmentation
#
# How many views are enough? This was measured for 256 pictures of the biopsy (`commands.views`), three repeats; the
# seconds are those of a training. Predict for a base frozen to block 2: how many points better than no augmentation
# are 5 kept views? And new views in every epoch, for which nothing can be kept?

# %% tags=["nbval-ignore-output"]
widgets.prediction("How many points better?", ["1 kept view", "5 kept views", "new views"])

# %%
from course_utils import kept_views

Markdown(kept_views.table())

# %% [markdown]
# **Look at** the upper half first. New views in every epoch help: by 3.5 ± 1.4 points. Five kept views are 4.2 ± 0.6
# points ahead of one; they bring nearly what new ones bring, 86.9 and 87.6 %, but whether they beat no augmentation
# three repeats cannot tell: 2.9 ± 3.9. One kept view is no better than none. In `training.train` five kept views are
# `views=5, reuse_views=True`.
#
# The lower half tells another story. With the whole base frozen, all four ways are 4 to 8 points *behind* no
# augmentation (for five views it is certain, 5.7 ± 3.4). The training accuracy says why: 93 % without, at most 63 %
# with. The head, a thousand numbers, is busy with the pictures as they are. Asked to name them in every position as
# well, it fails even on those it learns from. Augmentation is work, and somebody has to do it: layers that train. (In
# section 5 more was lost. There the pictures were shifted, too, and the learning rate was another.)
#
# ## 8. Augment, or collect more pictures?
#
# From the same records: 64 pictures *with* augmentation, against 256, four times as many, *without*. The last column
# says how many pictures without augmentation would give the accuracy of 64 with it, read off on straight lines between
# the measured sizes. Predict for strategy 1, which starts from random weights:

# %% tags=["nbval-ignore-output"]
widgets.choice("Which is better?", ["garden", "biopsy"], ["64 with augmentation", "256 without", "cannot be told"])

# %% [markdown]
# ### Exercise 4
# Work one case out yourself, before you see the table. `augmentation_gain.mean("far", 64, 1, True)` gives the mean
# accuracy of the pair far, 64 pictures, strategy 1, with augmentation, and half of its interval; with `False`, those
# without. By how many points are 256 pictures without augmentation ahead of 64 with it?

# %%
answer = None
checks.check("07.4", answer)

# %%
Markdown(augmentation_verdicts.collecting_table())

# %% [markdown]
# **Look at** the last two columns.
#
# - *Biopsy.* From random weights 64 slides with augmentation are worth 236 without. Collecting four times as many is
#   ahead by 1.8 ± 6.5 points: that cannot be told from nothing. With warm start it is 3.4 ± 3.8, and 210 slides; with
#   strategy 2 it is 1.4 ± 1.2, little but certain, and 235 slides. With strategy 3 augmented slides are worth less.
# - *Garden.* Here 64 flowers are worth 82 from random weights, and 104 with warm start. Collecting is ahead by
#   25.9 ± 3.9 and by 9.6 ± 3.2 points.
#
# A likely reason, which we have not measured: slides of one tissue differ much in what a turn can imitate; flowers of
# one species differ in colour, light and clutter, too, which a turn cannot. So ask: *what varies among pictures of one
# class, and can I make it vary?* What you can make, augment. What you cannot, collect.
#
# ## What you have seen
#
# - Augmentation is a few Keras layers for pixels from 0 to 255. `fit` switches them on, `predict` and `evaluate` off;
#   called by themselves they are on. Their factors are shares: of a full turn, of the side, of the range.
# - A change must keep the label. That is a question about the task: a slide may be turned, a six may not.
# - Views of a picture are relatives, not new pictures. 256 views of 16 flowers were worth no more than the 16.
# - Its place is behind the cache, in front of the network, on training pictures only. A judge that sees changed
#   pictures chooses wrongly. With kept features, keep several views.
# - After a short training, settle the statistics of batch normalisation before you judge.
# - Where layers trained, augmentation helped in every case measured here: by about 5 points in the garden, by 5 to 30
#   on the biopsy, most with 64 pictures. There 64 slides were worth more than 200 without; 64 flowers of the garden
#   were worth 82 to 104, and collecting was better.
# - It needs layers that train. With the whole base frozen it did harm on the biopsy.
#
# In notebook 08 all this meets real photographs.
