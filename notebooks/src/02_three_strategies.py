# %% [markdown]
# # 02 · Choose what to train: the three strategies
#
# You have a network that has learned from other pictures, and a new task. How much of the network do you keep as it
# is, and how much do you train? In this notebook you try every answer, first by hand, then with the measurements of
# several hundred trainings at your side.
#
# **You will learn to**
# 1. split pictures into training, validation and test pictures, and say what each pile is for;
# 2. replace the classifier of a network, and train by strategy 1, 2 or 3, or by warm start, in plain Keras;
# 3. choose how much to freeze, by the number of pictures, their likeness to the source, and the number of parameters.
#
# **You need** notebooks 00 and 01. **Time:** about 45 minutes; the computer works for about one of them.

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
from course_utils import backbones, checks, comparisons, data, diagrams, metrics, notebook, plots, strategies, training, widgets

notebook.start()

# %%
import keras
import matplotlib.pyplot as plt
import numpy as np
from IPython.display import Markdown

# %% [markdown]
# ## 1. Three piles of pictures
#
# Before any training, the pictures are put into three piles:
#
# - **training** pictures: the network learns from them;
# - **validation** pictures: you choose with them. Which learning rate, how many epochs, how much to freeze: you try,
#   and keep what does best on these pictures;
# - **test** pictures: used once, at the end, for the number that you tell others.
#
# Notebook 00 showed why the training pictures cannot judge: a network can know them by heart. But why are two more
# piles needed? Could one not choose *and* judge with the same pictures?

# %%
garden = data.task("garden")
drawn = data.sample(garden.train, 192, seed=2)
train, validation = data.split(drawn, share=0.5, seed=2)
print(len(train), "training,", len(validation), "validation,", len(garden.test), "test pictures")

# %% [markdown]
# An experiment without any network. A hundred guessers answer at random; none of them has learned anything. We choose
# the one that does best on the validation pictures. Predict before you go on:

# %% tags=["nbval-ignore-output"]
widgets.prediction("How many percent right has the best of 100 guessers?", ["validation pictures", "test pictures"])

# %%
rng = np.random.default_rng(0)
answers = rng.integers(0, 8, (100, len(validation)))  # one row for each guesser
right = (answers == validation.labels).mean(axis=1)
print(f"all guessers: {right.mean():.1%} right on average; the best of them: {right.max():.1%}")

# %%
answers_of_the_best = rng.integers(0, 8, len(garden.test))  # it guesses again
print(f"the same guesser on the test pictures: {(answers_of_the_best == garden.test.labels).mean():.1%}")

# %% [markdown]
# The best guesser looked much better than one in eight, 12.5 %. It was not: it was lucky on the pictures by which it
# was chosen. On the test pictures nothing of that is left. The same happens to you when you try many learning rates
# and keep the best: a part of its success is luck on the validation pictures. So the last word needs others.
#
# Move the sliders. **Find out:** what makes the best guesser look better, more guessers or more pictures? How many
# validation pictures do you need so that the best of 100 is less than 5 points above 12.5 %?

# %% tags=["nbval-ignore-output"]
widgets.best_of_many()

# %% [markdown]
# **Look at** the distance from the orange diamond to the dashed line. It grows with the number of guessers, slowly, and
# shrinks with the number of pictures: a few hundred are enough here. The blue square stays near the dashed line.
#
# ### Exercise 1
# Below are 320 pictures. Make three piles of them: 160 to train, 80 for validation, 80 for the test, with the same
# number of every species in each pile. No picture may be in two piles. Give the piles as a tuple
# `(train, validation, test)`. `data.split`, which you saw above, splits once; you need it twice.

# %%
pool = data.sample(garden.train, 320, seed=5)
answer = None
checks.check("02.1", answer)

# %% [markdown]
# ## 2. Take the classifier off, put a new one on
#
# Here is CourseNet as it left its training on the field guide, with its own classifier.

# %%
guide_model = backbones.load_source_model("coursenet_guide")
print("last layers:", [layer.name for layer in guide_model.layers[-4:]])
print("one picture gives", guide_model.output_shape[1], "scores: the guide has 64 kinds of plants and shells")

# %% [markdown]
# The garden has eight species, so this classifier is of no use. A Keras model can be cut at any layer: the new model
# below ends at `block5_relu2`, where the base ends. It shares its layers with the old one.

# %%
base = keras.Model(guide_model.input, guide_model.get_layer("block5_relu2").output)
model = keras.Sequential([base, keras.layers.GlobalAveragePooling2D(), keras.layers.Dense(8)])
print("one picture gives", model.output_shape[1], "scores")

# %% [markdown]
# Every layer has the attribute `trainable`. With `False` the layer is **frozen**: training leaves its weights as they
# are. Setting it on the base sets it on all layers inside.

# %%
base.trainable = False
print("arrays of weights that are trained:", [weight.path.split("/", 1)[1] for weight in model.trainable_weights])

# %% [markdown]
# Only the two arrays of the new head are left, its weights and its biases. Does freezing hold? One epoch of training
# tells. A frozen batch normalisation keeps its running averages, too (notebook 03 comes back to this).

# %%
inputs = backbones.preprocess("coursenet_guide", train.images)
validation_inputs = backbones.preprocess("coursenet_guide", validation.images)
loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
before = [weight.copy() for weight in model.get_weights()]
model.compile(keras.optimizers.Adam(0.01), loss)
_ = model.fit(inputs, train.labels, verbose=0)

# %%
moved = [not np.array_equal(old, new) for old, new in zip(before, model.get_weights())]
print(f"{sum(moved)} of {len(moved)} arrays changed: the last two?", moved[-2:] == [True, True])

# %% [markdown]
# ## 3. Three strategies, and a warm start

# %%
base = backbones.load("coursenet_guide")
shapes = diagrams.shapes_of(base)
notebook.show(
    diagrams.strategies(shapes)[0],
    "Four rows of five boxes and a head. Strategy 1: all boxes trained, from random numbers. Warm start: all trained, "
    "from what was learned. Strategy 2: blocks 1 to 3 frozen, the others trained. Strategy 3: all five blocks frozen.",
)

# %% [markdown]
# **Look at** two things in each row: what the blocks start from, and which of them are hatched, that is frozen.
#
# - **Strategy 1, train everything.** Only the *architecture* is reused: how many layers, which kernels. All numbers
#   start at random. It needs as much data and time as any new network.
# - **Warm start** is not strategy 1, though everything is trained here too: it starts from what was learned. Some
#   texts mix the two up. You will see how far apart they are.
# - **Strategy 2, freeze the early part.** General features are kept, specific ones are trained again. How much to
#   freeze is yours to choose.
# - **Strategy 3, freeze the base.** Only the head is trained. It is the cheapest, since the frozen part gives the same
#   features in every epoch: it needs to be run only once.
#
# In plain Keras all four are one function:

# %%
def build(frozen=(), weights="pretrained"):
    """Put a new head on CourseNet, and freeze the blocks that are named."""
    base = backbones.load("coursenet_guide", weights)
    for layer in base.layers:
        layer.trainable = not layer.name.startswith(frozen)
    return keras.Sequential([base, keras.layers.GlobalAveragePooling2D(), keras.layers.Dense(8)])


# %%
models = {
    "strategy 1": build(weights=None),
    "warm start": build(),
    "strategy 2": build(frozen=("block1", "block2", "block3")),
    "strategy 3": build(frozen=("block1", "block2", "block3", "block4", "block5")),
}
for name, model in models.items():
    trained = sum(weight.value.numpy().size for weight in model.trainable_weights)
    print(f"{name}: {trained:7,} numbers are trained")

# %% [markdown]
# Always print this number. If a name is misspelt, `"blok1"`, then nothing is frozen, and nothing complains.
#
# **Look at** strategies 2 and 1: three of five blocks are frozen, and yet four fifths of the numbers are trained. The
# early blocks are small; most parameters sit in the last two.
#
# ### Exercise 2
# How many numbers are trained if blocks 1 to 4 are frozen? Use `build`, or count them.

# %%
answer = None
checks.check("02.2", answer)

# %% [markdown]
# ### Exercise 3: find the mistake
# A colleague has trained a new head on the frozen base. Now she wants to train blocks 4 and 5 as well, and keep the
# others frozen. But the last line says that everything is trained. Why? Give the repaired network, base and head, as
# the answer.

# %%
colleague = backbones.load("coursenet_guide")
colleague.trainable = False  # first, only the head was trained
for layer in colleague.layers:
    layer.trainable = layer.name.startswith(("block4", "block5"))
colleague.trainable = True  # now the base may learn, too
network = keras.Sequential([colleague, keras.layers.GlobalAveragePooling2D(), keras.layers.Dense(8)])
print(f"{sum(weight.value.numpy().size for weight in network.trainable_weights):,} numbers are trained")

# %%
answer = None
checks.check("02.3", answer)

# %% [markdown]
# ## 4. Predict, then train all four
#
# The task: garden, near to the field guide, with the 100 training pictures of section 1. What will each of the four
# reach on the validation pictures?

# %% tags=["nbval-ignore-output"]
widgets.prediction("How many of 100 validation pictures will be right?", list(models))

# %% [markdown]
# Each way gets the learning rate that did best for it on validation pictures, in tries with 256 pictures that were
# recorded. (What the numbers mean is the subject of notebook 03.)

# %%
depth_of = {"strategy 1": "scratch", "warm start": "none", "strategy 2": "block3", "strategy 3": "all"}
rows = comparisons.recorded("drawn", "garden", 256)
rates = {name: float(rows[depth][0]["learning_rate"]) for name, depth in depth_of.items()}
rates

# %%
from tqdm.keras import TqdmCallback


def fit(name, epochs=15):
    """Train one of the four; return its history."""
    models[name].compile(keras.optimizers.Adam(rates[name]), loss, metrics=["accuracy"])
    watched, progress = (validation_inputs, validation.labels), TqdmCallback(verbose=0, leave=False)
    return models[name].fit(
        inputs, train.labels, epochs=epochs, validation_data=watched, callbacks=[progress], verbose=0
    ).history


# %% tags=["nbval-ignore-output"]
histories = {name: fit(name) for name in ("strategy 1", "warm start")}

# %% tags=["nbval-ignore-output"]
histories |= {name: fit(name) for name in ("strategy 2", "strategy 3")}

# %% [markdown]
# ## 5. Read the curves: overfitting

# %%
fig, axs = plt.subplots(1, 4, figsize=(13, 3.6), sharey=True)
for ax, (name, history) in zip(axs, histories.items()):
    plots.overfitting(history, ax).set_title(name)
axs[0].legend(loc="center left", fontsize=9)
notebook.show(
    axs[0],
    "Four panels of accuracy by epoch. On training pictures all four end above 90 percent. On validation pictures "
    "strategy 1 ends far below the other three. The gap between the two lines is shaded.",
)

# %% [markdown]
# **Look at** the grey areas. All four networks know their training pictures nearly by heart. The one of strategy 1
# knows little else: its gap is by far the widest. Such a gap is the sign of **overfitting**. More epochs do not close
# it: the training pictures have nothing more to teach.
#
# Then look at how soon the lines rise. Warm start is at the top after a few epochs: it had little left to learn.

# %%
final = {name: history["val_accuracy"][-1] for name, history in histories.items()}
known = [history["accuracy"][-1] > 0.9 for history in histories.values()]
print("all above 90 % on their training pictures:", all(known))
others = [final[name] for name in ("warm start", "strategy 2", "strategy 3")]
print("strategy 1 at least 30 points below all others:", final["strategy 1"] < min(others) - 0.3)

# %% [markdown]
# The validation pictures have chosen. Now the test pictures are used, once, for the one that did best:

# %% tags=["nbval-ignore-output"]
best = max(final, key=final.get)
test_inputs = backbones.preprocess("coursenet_guide", garden.test.images)
tested = models[best].evaluate(test_inputs, garden.test.labels, verbose=0, return_dict=True)["accuracy"]
print(f"{best}: {final[best]:.0%} of the validation pictures, {tested:.0%} of the test pictures")

# %% [markdown]
# Which of the three was best is partly luck: they are close, and 96 pictures are few. Section 1 says why, and the next
# section does better.

# %% [markdown]
# ## 6. Near and far, small and large
#
# One task and 96 pictures prove little. A command of the course (`commands.depths`) has trained all this on two tasks
# and with two amounts of pictures: on **garden**, which is near to the field guide, and on **biopsy**, drawn tissue,
# which is far from it; with 256 and with 4,096 pictures. For every way and every freeze depth the learning rate was
# chosen on a quarter of the pictures, set aside. Then all pictures were used, five times (with 4,096 pictures three
# times), each time with other random numbers and, of 256, other pictures.
#
# Predict first. Which way will be best in each case?

# %% tags=["nbval-ignore-output"]
sizes = {"256": 256, "4,096": 4096}
recorded = {
    f"{task}, {size} pictures": comparisons.curves("drawn", task, n_samples)
    for task in ("garden", "biopsy")
    for size, n_samples in sizes.items()
}
widgets.choice("Which way is best?", list(recorded), list(models))

# %%
Markdown(comparisons.strategies_table("drawn"))

# %% [markdown]
# Each cell is the percentage of 1,024 test pictures that were right: the mean, and half of its 95 % confidence interval
# over the repeats. For strategy 2 the freeze depth was chosen with validation pictures, and is named.
#
# **Look at** one row after the other.
#
# - *Garden, few pictures.* Whatever starts from the pre-trained base is more than 25 points ahead of strategy 1. How
#   much is frozen matters little.
# - *Garden, many pictures.* Strategy 1 has caught up with strategy 3, but not with the two that train further what was
#   learned.
# - *Biopsy, few pictures.* Strategy 3 is *worse* than starting from random numbers: features for flowers do not tell
#   tissue apart. Yet the same base, not frozen or frozen in front only, is far better than random numbers.
# - *Biopsy, many pictures.* Strategy 3 stays far behind. The other three are close.
#
# **Is a difference real?** Repeats with the same seed had the same training pictures, so we can compare them one by
# one. What is easy or hard about a sample is in both and cancels.

# %%
rows = comparisons.recorded("drawn", "garden", 256)
pairs = zip(rows["block4"], rows["all"])
ahead = [100 * (float(part["accuracy"]) - float(base_only["accuracy"])) for part, base_only in pairs]
print("garden, 256 pictures: strategy 2 (to block 4) ahead of strategy 3 by", [f"{points:.1f}" for points in ahead])
mean, half = metrics.mean_interval(ahead)
print(f"on average {mean:.1f} ± {half:.1f} points")

# %% [markdown]
# Here 0 is not within the interval: training block 5 as well, and not the head alone, is really better, by a little.
# If 0 is within, the repeats do not tell. `comparisons.difference` computes the same:

# %%
mean, half = comparisons.difference("drawn", "garden", 256, "block4", "none")
print(f"garden, 256 pictures: strategy 2 (to block 4) ahead of warm start by {mean:.1f} ± {half:.1f} points")

# %% [markdown]
# ### Exercise 4
# Biopsy, 256 pictures: by how many points is strategy 2, frozen to block 2, ahead of strategy 3, on average over the
# five repeats? Give the mean difference.

# %%
answer = None
checks.check("02.4", answer)

# %% [markdown]
# ## 7. Choose a freeze depth
#
# Strategy 2 is not one way but many. Move the slider. The upper row shows which blocks are trained; the left chart how
# good the network is at every depth, on test pictures and on its training pictures; the right one how long the
# training took on two processor cores. (The frozen part was run once, and the rest trained on what came out.)
#
# **Find out:** at which depth does the accuracy begin to fall, for each task? What happens to the gap between training
# and test pictures when you freeze more? What does freezing save?

# %% tags=["nbval-ignore-output"]
depths = [depth for depth in comparisons.DEPTHS if depth != "scratch"]
trained = {depth: comparisons.trained_parameters(base, depth, n_classes=8) for depth in depths}
widgets.freeze_depth(recorded, shapes, trained)

# %% [markdown]
# Here are all four charts at once.

# %%
fig, axs = plt.subplots(2, 2, figsize=(10.5, 7.5), sharex=True, sharey=True)
for ax, (case, curves) in zip(axs.flat, recorded.items()):
    plots.depth_curves(curves, ax).set(title=case, xlabel="", ylim=(50, 101))
    ax.tick_params(axis="x", rotation=30)
axs[1, 0].legend(loc="lower left", fontsize=9)
notebook.show(
    axs[0, 0],
    "Accuracy by freeze depth in four panels. Garden: nearly flat, with a small drop where the whole base is frozen. "
    "Biopsy: flat up to block 2, then falling steeply, with 256 pictures to far below strategy 1.",
)

# %% [markdown]
# **Look at** where the blue lines bend. For garden they are flat to block 4: early or late, what the guide's blocks
# have learned is of use for flowers. For biopsy they bend behind block 2, with few and with many pictures alike. In
# notebook 01 you saw why: behind block 3 the features of this base turn specific, to plants and shells.
#
# Now the gap between the dotted line and the blue one. The textbooks say: with few pictures and many parameters freeze
# most, or the network overfits. That is not what happened here. All networks that trained at least one block knew their
# training pictures by heart, at every depth. For biopsy the gap became *wider* when more was frozen, since what was
# frozen was of no use. For garden with 256 pictures the depth with the best mean is block 4, as the textbooks say, but
# it is not surely better than warm start (you computed that difference above).
#
# What freezing surely saves is time. TODO
#
# ## 8. Fewer parameters

# %%
narrow_base = backbones.load("coursenet_guide", weights=None, width=0.5)
print(f"CourseNet {base.count_params():,} numbers, half as wide {narrow_base.count_params():,}")

# %%
fig, axs = plt.subplots(1, 4, figsize=(13, 3.8), sharey=True)
for ax, (case, wide) in zip(axs, recorded.items()):
    task, size, _ = case.replace(",", "", 1).split()
    narrow = comparisons.curves("narrow", task, sizes[size])
    test = {name: {d: curves[d]["test"] for d in narrow} for name, curves in {"whole": wide, "narrow": narrow}.items()}
    plots.block_probes(test, ax).set(title=case, xlabel="frozen", ylim=(50, 101))
    ax.legend().set_visible(ax is axs[0])
notebook.show(
    axs[0],
    "TODO",
)

# %% [markdown]
# TODO
#
# ## 9. The same on photographs
#
# Drawn pictures are one thing. With a folder of photographs of your own you can do the same now. It needs a folder
# `train` and a folder `test`, and in each of them one folder of pictures for every class. Write its path into the
# cell. The base is `"coursenet_photos"`, which learned from 36,000 small photographs. Only 200 of the training
# pictures are used.

# %%
folder = os.environ.get("COURSE_PHOTOS")  # or a path: folder = "/home/me/cats_vs_dogs"

# %% tags=["nbval-ignore-output"]
for number, depth, rate in ((1, None, 0.002), (2, "block3", 0.002), (3, None, 0.032)) if folder else ():
    photos = data.folder_task(folder, image_size=64)
    way = strategies.find(number)
    options = {"freeze_depth": depth, "learning_rate": rate, "epochs": 15}
    run = training.train(way, "coursenet_photos", photos, 200, **options)
    print(f"{way.name:28}{run.test_accuracy:.0%} of {len(photos.test):,} test pictures right")
if not folder:
    print("No folder is given. Below is what was recorded.")

# %% [markdown]
# TODO

# %%
Markdown(comparisons.strategies_table("photographs"))

# %% [markdown]
# TODO
#
# ## What you have seen
