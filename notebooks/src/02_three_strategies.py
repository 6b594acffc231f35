# %% [markdown]
# # 02 · Choose what to train: the three strategies
#
# You have a network that has learned from other pictures, and a new task. How much of the network do you keep as it
# is, and how much do you train? In this notebook you try every answer, first by hand, then with the measurements of
# several hundred trainings at your side.
#
# **You will learn to**
# 1. split pictures into training, validation and test pictures, and say what each set is for;
# 2. replace the classifier of a network, and train by strategy 1, 2 or 3, or by warm start, in plain Keras;
# 3. choose how much to freeze, and say how much the number of pictures, their likeness to the source and the number of
#    parameters count.
#
# **You need** notebooks 00 and 01. **Time:** about 70 minutes; the computer works for about one of them.
# Sections 8 and 9 can wait for another day; before you go on there, *Run → Run All Above Selected Cell*.

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
from course_utils import backbones, checks, comparisons, data, diagrams, metrics, notebook, plots, training, widgets

notebook.start()

# %%
import keras
import matplotlib.pyplot as plt
import numpy as np
from IPython.display import Markdown

# %% [markdown]
# ## 1. Three sets of pictures
#
# Before any training, the pictures are put into three piles, called sets:
#
# - **training** pictures: the network learns from them;
# - **validation** pictures: you choose with them. Which learning rate, how many epochs, how much to freeze: you try,
#   and keep what does best on these pictures;
# - **test** pictures: used once, at the end, for the number that you tell others.
#
# Notebook 00 showed why the training pictures cannot judge: a network can know them by heart. But why are two more
# sets needed? Could one not choose *and* judge with the same pictures?

# %%
garden = data.task("garden")
drawn = data.sample(garden.train, 192, seed=2)
training_pictures, validation = data.split(drawn, share=0.5, seed=2)
print(len(training_pictures), "training,", len(validation), "validation,", len(garden.test), "test pictures")

# %% [markdown]
# An experiment without any network. A hundred guessers answer at random; none of them has learned anything. We choose
# the one that does best on the validation pictures. Predict before you go on:

# %% tags=["nbval-ignore-output"]
widgets.prediction("What percentage will the best of 100 guessers get right?", ["validation pictures", "test pictures"])

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
# was chosen. On the test pictures nothing of that is left. The same happens to you when you try many learning rates and
# keep the best: a part of its success is luck on the validation pictures. So the final number needs *other* pictures.
#
# Move the sliders. **Find out:** how does the result of the best guesser change with more guessers? And with more
# validation pictures? How many do you need so that the best of 100 is less than 5 points above 12.5 %?

# %% tags=["nbval-ignore-output"]
widgets.best_of_many()

# %% [markdown]
# **Look at** the distance from the orange diamond to the dashed line. It grows slowly with the number of guessers, and
# shrinks with the number of pictures: with 100 guessers a few hundred are enough. The blue square stays near the dashed
# line.
#
# ### Exercise 1
# Below are 320 pictures. Make three sets of them: 160 to train, 80 to validate, 80 to test, with the same number of
# every species in each. No picture may be in two sets. `data.split(pictures, share, seed)` gives two sets: the second
# holds that share of the pictures of every species, the first holds the rest. It splits once; you need it twice. Any
# number will do as `seed`. Put the tuple `(training_set, validation_set, test_set)` in place of `None`.

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
# Only the two arrays of the new head are left. (Keras calls the weights of a dense layer `kernel`, too; `bias` holds
# its biases.) Does freezing really leave all other arrays as they were? One epoch of training shows it. A frozen batch
# normalisation keeps its running averages as well; notebook 03 comes back to this.

# %%
inputs = backbones.preprocess("coursenet_guide", training_pictures.images)
validation_inputs = backbones.preprocess("coursenet_guide", validation.images)
loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
before = [weight.copy() for weight in model.get_weights()]
model.compile(keras.optimizers.Adam(0.01), loss)
_ = model.fit(inputs, training_pictures.labels, verbose=0)

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
#   freeze is yours to choose: the last frozen block is called the **freeze depth**.
# - **Strategy 3, freeze the base.** Only the head is trained. It is the cheapest, since the frozen part gives the same
#   features in every epoch: it needs to be run only once. (Our `fit` below does not use this; `training.train`, in
#   section 9, does.)
#
# In plain Keras all four ways of training (for short: *ways*) are one function:


# %%
def build(frozen=(), weights="pretrained"):
    """Put a new head on CourseNet, and freeze the blocks that are named."""
    base = backbones.load("coursenet_guide", weights)
    for layer in base.layers:  # startswith takes several beginnings at once: is it any of them?
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
    print(f"{name}: {trained:7,} parameters are trained")

# %% [markdown]
# Always print this number, the count of **trainable parameters**. If a name is misspelt, `"blok1"`, that block
# is not frozen, and there is no error message.
#
# **Look at** strategies 2 and 1: three of five blocks are frozen, and yet nearly nine tenths of the parameters are
# trained. The early blocks are small; most parameters sit in the last two.
#
# ### Exercise 2
# How many parameters are trained if blocks 1 to 4 are frozen? Make such a network with `build`, and count as in the
# cell above.

# %%
answer = None
checks.check("02.2", answer)

# %% [markdown]
# ### Exercise 3: find the mistake
# A colleague wants to train blocks 4 and 5 and a new head, and to keep blocks 1 to 3 frozen. But the number that is
# printed is that of the whole network. Find the line that is wrong. Then write the repaired code into the cell below
# it, and give the network, base and head, as `answer`.

# %%
colleague = backbones.load("coursenet_guide")
colleague.trainable = False  # start with everything frozen
for layer in colleague.layers:
    layer.trainable = layer.name.startswith(("block4", "block5"))
colleague.trainable = True  # so that the base may learn
network = keras.Sequential([colleague, keras.layers.GlobalAveragePooling2D(), keras.layers.Dense(8)])
print(f"{sum(weight.value.numpy().size for weight in network.trainable_weights):,} parameters are trained")

# %%
answer = None
checks.check("02.3", answer)

# %% [markdown]
# ## 4. Predict, then train all four
#
# The task: garden, near to the field guide, with the 96 training pictures of section 1. What will each of the four
# reach on the validation pictures?

# %% tags=["nbval-ignore-output"]
widgets.prediction("What percentage of the validation pictures will be right?", list(models))

# %% [markdown]
# Each of the four ways uses the learning rate that did best for it on validation pictures, in recorded tries with 256
# pictures. (What these rates mean is the subject of notebook 03.) In the records a way of training is named by what is
# frozen: `"none"` is warm start, `"block3"` is strategy 2 with blocks 1 to 3 frozen, `"all"` is strategy 3. Strategy 1
# is `"scratch"`.

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
    settings = {"epochs": epochs, "validation_data": watched, "callbacks": [progress], "verbose": 0}
    return models[name].fit(inputs, training_pictures.labels, **settings).history


# %% [markdown]
# To repeat a training, first run the cell that makes `models` again: otherwise it goes on where it stopped.

# %% tags=["nbval-ignore-output"]
histories = {name: fit(name) for name in models}

# %% [markdown]
# ## 5. Read the curves: overfitting

# %%
fig, axs = plt.subplots(1, 4, figsize=(10.5, 3.3), sharey=True)
for ax, (name, history) in zip(axs, histories.items()):
    plots.overfitting(history, ax).set_title(name)
    ax.label_outer()
axs[0].legend(loc="center right", fontsize=9)
notebook.show(
    axs[0],
    "Four panels of accuracy by epoch. On training pictures all four end above 90 percent. On validation pictures "
    "strategy 1 ends far below the other three. The gap between the two lines is shaded.",
)

# %% [markdown]
# **Look at** the grey areas. All four networks know their training pictures nearly by heart. The one of strategy 1
# knows little else: its gap is by far the widest. Such a gap is the sign of **overfitting**. More epochs help
# little: in notebook 00, after 75 epochs on 100 pictures, strategy 1 was still some 40 points behind strategy 3.
#
# Then look at how soon the lines rise. Warm start is at the top after a few epochs: it had little left to learn.

# %% tags=["nbval-ignore-output"]
final = {name: history["val_accuracy"][-1] for name, history in histories.items()}
print({name: f"{accuracy:.0%}" for name, accuracy in final.items()})

# %%
known = [history["accuracy"][-1] > 0.9 for history in histories.values()]
print("all above 90 % on their training pictures:", all(known))
others = [final[name] for name in ("warm start", "strategy 2", "strategy 3")]
print("strategy 1 at least 30 points below all others:", final["strategy 1"] < min(others) - 0.3)

# %% [markdown]
# Compare with your prediction in section 4. Which of the four surprised you?
#
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
# chosen on a quarter of the pictures, set aside. Then the network was trained on all of them: five times with 256
# pictures, each time another sample; three times with the same 4,096; and each time from other random numbers. Each
# repeat has a number, its *seed*, which decides which pictures and random numbers these are.
#
# Predict first. Which way will be best in each case?

# %% tags=["nbval-ignore-output"]
cases = {f"{task}, {size:,} pictures": (task, size) for task in ("garden", "biopsy") for size in (256, 4096)}
widgets.choice("Which way is best?", list(cases), list(models))

# %%
Markdown(comparisons.strategies_table("drawn"))

# %% [markdown]
# Each cell is the percentage of 1,024 test pictures that were right: the mean, and half of its 95 % confidence interval
# over the repeats; it says nothing of other test pictures. For strategy 2 the freeze depth was chosen with validation
# pictures, and is named. Compare with your predictions.
#
# **Look at** one row after the other.
#
# - *Garden, few pictures.* Whatever starts from the pre-trained base is on average more than 25 points ahead of
#   strategy 1. How much is frozen matters little.
# - *Garden, many pictures.* Strategy 1 has caught up with strategy 3, but not with warm start and strategy 2.
# - *Biopsy, few pictures.* Strategy 3 is *worse* than strategy 1: features for flowers tell tissue apart only poorly.
#   Yet the same base as a *starting point*, with none or only its early blocks frozen, is far better than strategy 1.
# - *Biopsy, many pictures.* Strategy 3 stays far behind. The other three are close.
#
# **Is a difference more than luck?** Repeats with the same seed had the same training pictures, so we can compare them
# one by one. If one sample is harder than another, both ways suffer, and this cancels in the difference. We begin with
# the first row of the table, strategy 2 against strategy 3.

# %%
rows = comparisons.recorded("drawn", "garden", 256)
pairs = zip(rows["block3"], rows["all"])
ahead = [100 * (float(part["accuracy"]) - float(base_only["accuracy"])) for part, base_only in pairs]
print("garden, 256 pictures: strategy 2 ahead of strategy 3 by", [f"{points:.1f}" for points in ahead], "points")
mean, half = metrics.mean_interval(ahead)
print(f"on average {mean:.1f} ± {half:.1f} points")

# %% [markdown]
# The interval goes from below 0 to above 0: these five repeats do not tell which of the two is better. In the third
# row, strategy 2 against strategy 1, the result is different. `comparisons.difference` does the same computation in one
# call: the first depth minus the second. It returns the mean and half of the interval.

# %%
mean, half = comparisons.difference("drawn", "biopsy", 256, "block2", "scratch")
print(f"biopsy, 256 pictures: strategy 2 ahead of strategy 1 by {mean:.1f} ± {half:.1f} points")

# %% [markdown]
# This interval lies wholly above 0: the lead is more than luck.
#
# ### Exercise 4
# Biopsy, 256 pictures: by how many points is strategy 2, frozen to block 2, ahead of strategy 3, on average over the
# five repeats? Give the mean difference, one number.

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
# and test pictures when you freeze more? What does freezing save? (On the slider `none` is warm start, and `all` is
# strategy 3.)

# %% tags=["nbval-ignore-output"]
depths = [depth for depth in comparisons.DEPTHS if depth != "scratch"]
coursenet = backbones.load("coursenet_guide")
trained = {depth: comparisons.trained_parameters(coursenet, depth, n_classes=8) for depth in depths}
recorded = {name: comparisons.curves("drawn", *case) for name, case in cases.items()}
widgets.freeze_depth(recorded, shapes, trained)

# %% [markdown]
# Here are all four charts at once.

# %%
fig, axs = plt.subplots(2, 2, figsize=(10.5, 7.5), sharex=True, sharey=True)
for ax, (name, curves) in zip(axs.flat, recorded.items()):
    plots.depth_curves(curves, ax).set(title=name, xlabel="", ylim=(50, 101))
    ax.tick_params(axis="x", rotation=30)
axs[1, 0].legend(loc="lower left", fontsize=9)
notebook.show(
    axs[0, 0],
    "Accuracy by freeze depth in four panels. Garden: nearly flat, with a small drop where the whole base is frozen. "
    "Biopsy: flat up to block 2, then falling steeply, with 256 pictures to far below strategy 1.",
)

# %% [markdown]
# **Look at** where the blue lines bend. For garden they are flat to block 4: early or late, what the guide's blocks
# have learned is of use for flowers. For biopsy they bend behind block 2, with few and with many pictures alike.
# Notebook 01 points the same way, one block later: a frozen block 3 still holds features of use for tissue, but a block
# 3 that may train finds better ones.
#
# Then look at the grey dashed line: strategy 1, with its interval. Where the blue line falls below it, the frozen
# features do harm: random numbers would have been the better start. For biopsy this happens from block 4 on with 256
# pictures, and from block 3 on with 4,096. For garden only the last step, freezing the whole base, costs about 3
# points.
#
# Now the gap between the dotted line and the blue one. Freezing more did not keep the networks from learning their
# pictures by heart: all that trained at least one block reached nearly 100 % on them. What changed the gap was how
# useful the frozen features were. For biopsy it grows from block 2 to block 4. For garden it changes little. (With 256
# pictures of garden block 4 has the highest mean. But it is not surely better than warm start, and we know it only in
# hindsight: the validation pictures chose block 3.)
#
# What freezing surely saves is time. With 4,096 pictures warm start took 91 seconds, strategy 2 from block 3 on less
# than a third of that, and strategy 3 about a sixteenth. Freezing block 1 alone saved little.
#
# ## 8. Fewer parameters
#
# The advice in textbooks names two things: the amount of data and the number of parameters. A network with many
# parameters, they say, overfits sooner, so with few pictures more of it should be frozen. To see how much the number of
# parameters matters, CourseNet was built once more with half the channels in every layer, and pre-trained on the same
# field guide.

# %%
narrow_base = backbones.load("coursenet_guide", weights=None, width=0.5)
print(f"parameters of CourseNet: {coursenet.count_params():,}; half as wide: {narrow_base.count_params():,}")

# %% [markdown]
# The narrow one has a quarter of the parameters. Predict: which of the two is better on new pictures, when nothing is
# frozen?

# %% tags=["nbval-ignore-output"]
widgets.choice("Which is better, when nothing is frozen?", list(cases), ["CourseNet", "half as wide"])

# %%
fig, axs = plt.subplots(1, 4, figsize=(10.5, 3.6), sharey=True)
for ax, (name, case) in zip(axs, cases.items()):
    both = {"CourseNet": recorded[name], "half as wide": comparisons.curves("narrow", *case)}
    test = {width: {depth: curves[depth]["test"] for depth in both["half as wide"]} for width, curves in both.items()}
    plots.accuracy_lines(test, "frozen", ax).set(title=name, ylim=(50, 101))
    ax.tick_params(axis="x", rotation=45)
    ax.legend().set_visible(ax is axs[0])
notebook.show(
    axs[0],
    "Test accuracy by freeze depth for both networks, in four panels. In each panel the two lines have the same shape, "
    "and the line of CourseNet lies a few points above that of the network half as wide.",
)

# %% [markdown]
# **Look at** the two lines in each panel. (*block2* means: frozen up to block 2.) They have the same shape: how deep to
# freeze does not depend on the number of parameters here. Nor is the larger network the one that suffers from few
# pictures: its mean is higher at all 16 points, and at 14 of them the interval of the difference does not contain 0.
# (It was the better base to begin with: it named 97.9 % of the guide's held-out pages, the narrow one 96.3 %.)
#
# And the amount of data? Compare *nothing* with *block4* on garden. With 256 pictures freezing so much cost nothing
# that we could measure; with 4,096 the narrow network lost 1.3 ± 0.6 points by it. The direction is that of the
# textbooks: the more data, the more can be trained. But it is a matter of a point or two. How near the task is to the
# source decided far more: on biopsy the same step cost 14 to 20 points, with few pictures and with many.
#
# This is one small network, on drawn pictures, without augmentation (notebook 07). Take it as a reason to measure, not
# as a new rule.
#
# ## 9. The same on photographs
#
# Drawn pictures are one thing. With a folder of photographs of your own you can do the same now. It needs a folder
# `train` and a folder `test`, and in each of them one folder of pictures for every class. Replace what stands to the
# right of `folder =` with its path, in quotes, as in the comment. If you have no folder, go on to the table. The base
# is `"coursenet_photos"`, which learned from 36,000 small photographs. At most 100 training pictures of each class are
# used, and as many test pictures. The learning rates are those that did well for cats and dogs; for other pictures they
# may not be the best.

# %%
folder = os.environ.get("COURSE_PHOTOS")  # or a path: folder = "/home/me/cats_vs_dogs"

# %% [markdown]
# `training.train` does what you did by hand in sections 3 and 4, in one call, and runs the frozen part only once. The
# three strategies follow; warm start would be `train_on_photographs("none")`.

# %%
rows = comparisons.recorded("photographs", "cats_vs_dogs", 256)


def train_on_photographs(depth):
    """Train in one way on equally many photographs of each class, and say what came of it."""
    n_samples = len(photographs.class_names) * np.bincount(photographs.train.labels).min()
    way, freeze_depth = comparisons.strategy_at(depth)
    settings = {"learning_rate": float(rows[depth][0]["learning_rate"]), "epochs": 12, "freeze_depth": freeze_depth}
    run = training.train(way, "coursenet_photos", photographs, n_samples, **settings)
    print(f"{way.name:28}{run.test_accuracy:.0%} of {len(photographs.test):,} test pictures right")


# %% tags=["nbval-ignore-output"]
if folder:
    photographs = data.folder_task(folder, image_size=64, per_class=100)
    train_on_photographs("scratch")

# %% tags=["nbval-ignore-output"]
if folder:
    train_on_photographs("block3")
    train_on_photographs("all")

# %% [markdown]
# Without a folder nothing is printed above. Here is what was recorded, in the same manner as for the drawn tasks: cats
# and dogs, which are near to what this base has learned from, and blood cells with and without malaria parasites, which
# are far from it. Predict: for which of the two is strategy 3 worse than strategy 1?

# %% tags=["nbval-ignore-output"]
widgets.choice("Is strategy 3 worse than strategy 1?", ["cats and dogs", "malaria cells"], ["yes", "no"])

# %%
Markdown(comparisons.strategies_table("photographs"))

# %% [markdown]
# **Look at** the two rows with 256 pictures. They repeat what you saw on drawn pictures. Cats and dogs are near:
# whatever starts from the pre-trained base is more than 10 points ahead of strategy 1. Malaria cells are far: strategy
# 3 is behind strategy 1 (by 2.7 ± 2.2 points), and warm start and strategy 2 are at least as good as strategy 1. The
# differences are smaller than for biopsy, since here strategy 1 does well with few pictures.
#
# With 1,000 pictures of cats and dogs strategy 3 has little lead left, and warm start and strategy 2 are about 12
# points ahead of strategy 1.
#
# (There are two classes, so guessing gives 50 %. CourseNet sees 64 x 64 pixels. Larger networks, which see more, do
# better: notebook 08. The pictures of malaria cells come from few patients' slides, 50 in the test: new slides could
# move the numbers by more than the intervals say.)
#
# ## What you have seen
#
# - Training pictures teach, validation pictures choose, test pictures judge, once. What was chosen among many looks
#   better than it is.
# - Strategy 1 reuses the architecture, strategy 3 the whole base, strategy 2 its early part. Warm start trains
#   everything too, but from what was learned.
# - Near the source, with few pictures, everything that starts from the pre-trained base was far better than strategy 1,
#   and the freeze depth mattered little. Far from the source, freezing the late blocks did harm, with few pictures and
#   with many.
# - The freeze depth is a choice like the learning rate: try a few, and let validation pictures decide.
#
# In all of this the learning rate was given to you. In notebook 03 you choose it yourself, and see what a wrong one
# destroys.
