# %% [markdown]
# # 03 · Choose the learning rate: learn without forgetting
#
# A pre-trained network knows something. Fine-tuning changes its weights, and with a wrong learning rate it destroys
# what they hold. In this notebook you find out which rates do harm, measure how much is forgotten, and repair three
# mistakes that are easy to make.
#
# **You will learn to**
# 1. say what a learning rate is, and why it must be small when pre-trained weights are trained;
# 2. measure how much of the source task is forgotten, and find a good rate;
# 3. train the head first, give each depth its own rate, and freeze batch normalisation correctly;
# 4. find three mistakes: batch normalisation that only looks frozen, augmentation that is cached, sets that overlap.
#
# **You need** notebooks 00 to 02. **Time:** about 80 minutes; the computer works for about one of them.
# Sections 5 to 8 can wait for another day; before you go on there, *Run → Run All Above Selected Cell*.

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
from course_utils import backbones, batch_norm, checks, data, fine_tuning, manifest, notebook, plots, widgets

notebook.start()

# %%
import keras
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from IPython.display import Markdown

# %% [markdown]
# ## 1. A step downhill
#
# Training makes the **loss** small, a number that says how wrong the answers are. It does so by small steps. For each
# weight, the network computes the **slope**: how much the loss would grow if the weight grew a little. Then it goes the
# other way:
#
# > new weight = weight − learning rate × slope
#
# The **learning rate** decides how long the steps are. Here is the whole of it for one weight, whose loss is its own
# square. The slope of w² is 2w.

# %%
weight, rate = 5.0, 0.25
for step in range(4):
    weight = weight - rate * 2 * weight
    print(f"after step {step + 1}: weight {weight:.3f}, loss {weight**2:.3f}")

# %% [markdown]
# Predict: what will the weight do at these rates? The bottom of the bowl is at 0.

# %% tags=["nbval-ignore-output"]
outcomes = ["creeps towards 0", "is at 0 soon", "jumps from side to side", "runs away"]
widgets.choice("What will the weight do?", ["rate 0.01", "rate 0.5", "rate 0.9", "rate 1.1"], outcomes)

# %% [markdown]
# Now try it. **Find out:** at which rate does the bowl throw the weight out? Then choose *two valleys*. The right one
# is where pre-training has led, the left one a place like any other. Which rates keep the weight in the right valley?

# %% tags=["nbval-ignore-output"]
widgets.descent()

# %% [markdown]
# **Look at** where the orange dots, the steps, end. In the bowl: at 0.01 the weight creeps, and even 40 steps are not
# enough; at 0.5 one step brings it to 0; at 0.9 it jumps from side to side, but comes nearer. At 1.0 it jumps for ever,
# and above 1 each step is longer than the one before it: the weight runs away.
#
# Between two valleys the rate decides more. From a start at 3.5, rates up to 0.5 end in the valley where the weight
# was. At 0.7 the first steps leap over the ridge, and the weight ends in the other valley. It learned *something*
# there. But what the right valley stood for is lost. (At 0.9 it lands on the ridge: where it ends is chance.)
#
# What does "runs away" mean for a computer?

# %%
weight = np.float32(5.0)  # networks compute with 32 bits
with np.errstate(over="ignore", invalid="ignore"):
    for _ in range(1000):
        weight = weight - np.float32(1.1) * 2 * weight
print(weight)

# %% [markdown]
# `nan`, "not a number": the weight grew past the largest number that 32 bits can hold, and infinity minus infinity is
# no number. If the loss of a network becomes `nan`, all its weights soon are, and nothing can repair it: start again,
# with a tenth of the rate. The course's `training.train` stops at once then, says so, and keeps the history until then.
#
# ### Exercise 1
# A weight is 5, its loss is its square, the learning rate is 0.1. What is the weight after *one* step?

# %%
answer = None
checks.check("03.1", answer)

# %% [markdown]
# ## 2. The same fine-tuning at five rates
#
# A network has not one weight but hundreds of thousands, and its valley is what it learned. Its optimiser, **Adam**,
# changes the rule of section 1 a little: it takes a mean over the last slopes, and divides it by their usual size. So
# each weight moves by about the learning rate in a step, be it steep or flat, and good rates for Adam are other numbers
# than those for the bowl.
#
# How much a network forgets can be measured for CourseNet, since its source task comes with the course: the 64 kinds of
# the field guide, and the classifier for them. The new base below shares its layers with `guide_model`. So after
# fine-tuning we can ask the *old* classifier again.

# %%
guide_model = backbones.load_source_model("coursenet_guide")
base = keras.Model(guide_model.input, guide_model.get_layer("block5_relu2").output)
model = keras.Sequential([base, keras.layers.GlobalAveragePooling2D(), keras.layers.Dense(8)])
loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
guide_model.compile(loss=loss, metrics=["accuracy"])  # to be asked, not trained
model.compile(keras.optimizers.Adam(), loss, metrics=["accuracy"], steps_per_execution=3)


def inputs(pictures):
    """Bring pixels to the range from -1 to 1, as CourseNet wants them."""
    return backbones.preprocess("coursenet_guide", pictures.images)


# %%
all_pages, _ = data.read_pictures(manifest.verified("sources/guide_held_out.zip"), image_size=64)
pages, other_pages = data.split(all_pages, share=0.5, seed=0)
garden = data.task("garden")
small, validation = data.split(data.sample(garden.train, 480, seed=1), share=0.8, seed=1)
print(f"{len(small)} pictures to train on, {len(validation)} to validate with, and {len(pages)} pages of the guide")

# %% [markdown]
# The pages were held out when the base was pre-trained. How many of them does the old network name correctly, before
# any fine-tuning?

# %%
before = guide_model.evaluate(inputs(pages), pages.labels, verbose=0, return_dict=True)["accuracy"]
print(f"{before:.0%} of the pages, with 64 kinds to choose from")

# %% [markdown]
# Now everything is trained, a warm start, for 8 epochs on 96 pictures of the garden, at five rates. `fit` shows the
# pictures in **batches** of 32; each batch is one step. Each training begins from the same weights. Adam remembers
# earlier slopes; this memory is set to zero before each training.

# %%
model.optimizer.build(model.trainable_variables)
start = model.get_weights()


def fine_tune(rate):
    """Fine-tune from the start at one rate; return the accuracy on the new task, and on the old one."""
    model.set_weights(start)
    for memory in model.optimizer.variables:
        memory.assign(keras.ops.zeros_like(memory))
    model.optimizer.learning_rate = rate
    model.fit(inputs(small), small.labels, epochs=8, verbose=0)
    sets = ((model, validation), (guide_model, pages))
    return [one.evaluate(inputs(of), of.labels, verbose=0, return_dict=True)["accuracy"] for one, of in sets]


# %% [markdown]
# Predict, on paper: at which of these rates will the new task be learned best? Then with the sliders: how many of the
# guide's pages will the old classifier still name?

# %% tags=["nbval-ignore-output"]
rates = [0.00002, 0.0002, 0.002, 0.02, 0.2]
widgets.prediction("What percentage of the guide's pages will still be right?", [f"rate {rate:.5f}" for rate in rates])

# %% tags=["nbval-ignore-output"]
from tqdm.auto import tqdm

live = {rate: fine_tune(rate) for rate in tqdm(rates, leave=False)}
for rate, (new, old) in live.items():
    print(f"rate {rate:<9.5f} garden {new:4.0%}    field guide {old:4.0%}")

# %%
new, old = ({rate: accuracies[part] for rate, accuracies in live.items()} for part in (0, 1))
best = max(new, key=new.get)
print("the garden is learned best at a rate between the first and the last:", rates[0] < best < rates[-1])
print("of the guide more than half is left at 0.0002:", old[0.0002] > 0.5)
print("at 0.002 it is less than a third, and at the two highest rates less than a tenth:", end=" ")
print(old[0.002] < 0.33 and max(old[0.02], old[0.2]) < 0.1)

# %% [markdown]
# **Look at** both columns. From the lowest rate to the highest, less and less of the guide is left. At the highest it
# is gone, and the new task suffers too. (Do you need the old task at all? Perhaps not. But what is forgotten of it
# shows how much of the features that you wanted to reuse is destroyed.)
#
# Did the first row surprise you? At the lowest rate the weights hardly move, and yet a good part of the guide seems
# lost. It was not the weights. A batch normalisation works in two ways. While the network *trains*, it brings each
# feature to mean 0 and spread 1 with the mean and spread of the current batch, and keeps running averages of these: its
# **statistics**. When the network *answers*, as in `evaluate` and `predict`, it uses these averages instead; this is
# called **inference mode**. The statistics follow the new pictures at any learning rate, since no slope is involved.
#
# So let us measure them again on the other pages of the guide, in random order, and leave the weights as they are:

# %%
fine_tune(0.00002)
mixed = data.sample(other_pages, len(other_pages), seed=0)
batch_norm.settle(guide_model, inputs(mixed))
own = guide_model.evaluate(inputs(pages), pages.labels, verbose=0, return_dict=True)["accuracy"]
print(f"with statistics of the guide: {own:.0%} of the pages are right")

# %% [markdown]
# So there are two ways to forget. The statistics go at any rate, and can be measured again, if you still have old
# pictures. What the weights held cannot. Section 8 comes back to the statistics.
#
# One training can be luck. A command of the course (`commands.fine_tuning`) has repeated it with 256 pictures, 25
# epochs and a rate that falls to zero (section 4); on garden, near to the guide, and on biopsy, far from it; three
# times each. The green line with triangles says what is left of the guide with statistics of its own: what is missing
# there, the weights have lost.
#
# **Find out:** up to which rate do the weights lose next to nothing? At which rate is the new task learned best, and
# what is left of the guide there? What changes if blocks 1 to 3 are frozen, and what if the whole base is?

# %% tags=["nbval-ignore-output"]
ways = {"none": "warm start", "block3": "strategy 2, to block 3", "all": "strategy 3"}
tasks = fine_tuning.TASKS
measured = {task: {way: fine_tuning.forgetting(task, depth) for depth, way in ways.items()} for task in tasks}
widgets.forgetting(measured)

# %%
fig, axs = plt.subplots(2, 3, figsize=(12, 7), sharex=True, sharey=True)
for row, (task, by_way) in zip(axs, measured.items()):
    for ax, (way, curves) in zip(row, by_way.items()):
        plots.forgetting(curves, "new task", ax).set_title(f"{task}, {way}")
        ax.label_outer()
fig.legend(*ax.get_legend_handles_labels(), loc="outside lower center", ncols=3)
notebook.show(
    axs[0, 0],
    "Accuracy by learning rate in six panels, for garden and biopsy, for warm start and strategies 2 and 3. What the "
    "weights still know of the guide stays above 90 percent up to 0.0002 and falls below 25 at 0.002; with strategy 3 "
    "it never changes. Where the base is trained, the new task is learned best at one of these two rates.",
)

# %% [markdown]
# **Look at** the step from 0.0002 to 0.002.
#
# - *The weights* (green triangles). Up to 0.0002 they lose next to nothing: at least 94 % of the pages are right. At
#   0.002 it is 12 % after garden and 8 % after biopsy (warm start). One factor of ten lies between keeping nearly all
#   and losing nearly all.
# - *The statistics* (how far the squares lie below the triangles). At the lowest rate 69 % are left after garden, and
#   28 % after biopsy: the farther the new task, the more.
# - *The new task* (blue dots). Garden is near to the guide, and both rates do about as well. So take the smaller one:
#   it costs nothing, and keeps the features. Biopsy is far: there 0.002 is ahead by 13.7 ± 3.7 points. What is in the
#   way must be unlearned. "A small rate, lest it forget" is advice for tasks for which the old knowledge is of use.
# - *Strategy 2.* The blocks that train forget as thoroughly: at 0.002 less than a quarter is left. But a rate that is
#   too high does less harm to the new task. At 0.02 strategy 2 has 86 % of the garden right, warm start 65 %.
# - *Strategy 3.* The lines of the guide are flat.
#
# ### Exercise 2
# How many points have the *weights* forgotten between the rates 0.00002 and 0.002: warm start on garden, the guide
# judged with its own statistics? `measured["garden"]["warm start"]` holds for every rate "target", "source" and "own
# statistics", each a mean and half of its interval.

# %%
answer = None
checks.check("03.2", answer)

# %% [markdown]
# **Why strategy 3 is safe.** A frozen base does not change, whatever the rate. Only the head is trained, and it is new:
# there is nothing in it to forget. Let us see, at a rate that would have destroyed everything.

# %%
base.trainable = False
head_only = keras.Sequential([base, keras.layers.GlobalAveragePooling2D(), keras.layers.Dense(8)])
model.set_weights(start)
head_only.compile(keras.optimizers.Adam(0.2), loss)
_ = head_only.fit(inputs(small), small.labels, epochs=2, verbose=0)
after = guide_model.evaluate(inputs(pages), pages.labels, verbose=0, return_dict=True)["accuracy"]
print("pages of the guide that are still right:", "all that were" if after == before else f"{after:.0%}")

# %% [markdown]
# ## 3. Find a learning rate
#
# How do you find a good rate for a network and a task of your own? The honest way is to try: train with rates that are
# each four or ten times the one before, and let validation pictures choose. A quick first look is the **learning-rate
# finder** (Smith 2017): train on one batch after another, with a rate that grows from far too small to far too large,
# and watch the loss.

# %%
finder = [0.00001 * 10 ** (step / 15) for step in range(76)]  # 15 steps for each factor of 10, up to 1
base.trainable = True
model.set_weights(start)
model.compile(keras.optimizers.Adam(), loss, metrics=["accuracy"])
losses = []
for step, rate in enumerate(finder):
    batch = data.sample(garden.train, 32, seed=step)
    model.optimizer.learning_rate = rate
    model.reset_metrics()  # or Keras returns the mean over all batches so far
    losses.append(model.train_on_batch(inputs(batch), batch.labels, return_dict=True)["loss"])

# %%
notebook.show(
    plots.rate_finder(finder, losses),
    "The loss of one batch after another while the learning rate grows from 0.00001 to 1: first flat, then falling, "
    "then rising steeply.",
)

# %% [markdown]
# **Look at** three parts of the blue line. On the left it is flat: the rate is too small to change anything. Then it
# falls: here the network learns. On the right it rises: here it is destroyed. A good rate lies where the line falls,
# well before it turns: a third or a tenth of the rate at the lowest point is a usual choice.

# %% tags=["nbval-ignore-output"]
smooth = np.convolve(losses, np.ones(5) / 5, mode="valid")
lowest = finder[2 + int(np.argmin(smooth))]
print(f"lowest at {lowest:.4f}; suggested: {lowest / 10:.5f} to {lowest / 3:.5f}; best in section 2: {best:g}")

# %%
print("the best rate of section 2 is near to the suggestion:", lowest / 40 < best < lowest * 4 / 3)

# %% [markdown]
# The finder sees 76 batches and no validation pictures. It does not see what is forgotten. Use it to learn where to
# begin trying.
#
# ## 4. A rate that changes
#
# A rate need not stay the same. Long steps at first bring the weights near a valley; short ones at the end bring them
# to its bottom. A **schedule** says how the rate changes from **update** to update; an update is one step, on one
# batch. The course's `training.train(..., schedule="linear")` knows these by name; each is one of Keras's.

# %%
from course_utils import schedules

curves = {
    name: [float(schedules.find(name, 0.01, updates=100)(update)) for update in range(101)]
    for name in schedules.SCHEDULES
}
notebook.show(
    plots.schedules(curves),
    "The learning rate over 100 updates for five schedules. Constant stays at 0.01. Cosine and linear fall to zero. "
    "Warm-up rises during the first ten updates, then falls. Steps is halved four times.",
)

# %% [markdown]
# **Look at** the line *warm-up* (which has nothing to do with warm start). In the first updates Adam has hardly an idea
# of the slopes, and a new head knows nothing; so the rate begins at zero. The recorded trainings of the course use
# *cosine* (Loshchilov & Hutter 2017); the trainings in the cells of this notebook keep the rate constant. In Keras a
# schedule stands where the rate would stand: `keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(0.01,
# decay_steps=100))`.
#
# When to stop is a choice too. `training.train(..., validation=0.25, patience=5)` sets a quarter of the pictures aside,
# stops after five epochs without a lower loss on them, and goes back to the best epoch (Keras: `EarlyStopping`).
#
# ## 5. The head first
#
# A new head is random, and so are its first answers. Their errors flow back into the base, and pull at features that
# were fine. How strongly? Here are the slopes of all weights of the base in one number, the root of the sum of their
# squares: once under a new head, once under a head that has been trained on the frozen base for 30 epochs.


# %%
def pull(network):
    """Return the size of the slope in the base, with batch normalisation in inference mode."""
    weights = [weight for weight in network.trainable_variables if "block" in weight.path]
    with tf.GradientTape() as tape:  # the tape notes the computation, so that slopes can be found
        value = loss(small.labels, network(inputs(small), training=False))
    slopes = tape.gradient(value, [weight.value for weight in weights])
    return float(tf.linalg.global_norm(slopes))


# %%
base.trainable = True
model.set_weights(start)
new_head = pull(model)
base.trainable = False
model.compile(keras.optimizers.Adam(0.01), loss)
_ = model.fit(inputs(small), small.labels, epochs=30, verbose=0)
base.trainable = True
print("under the trained head the pull is less than a third:", pull(model) < new_head / 3)

# %% [markdown]
# (Adam evens out the length of the steps, but not their direction: under a new head it is the direction of chance.)
#
# That was the first stage: the head alone, on the frozen base. Now comes the second: everything, with a small rate.
# After every change of `trainable`, **compile again**: the training step is built from what was trainable when you
# compiled.

# %%
model.compile(keras.optimizers.Adam(0.0002), loss, metrics=["accuracy"])
_ = model.fit(inputs(small), small.labels, epochs=5, verbose=0)
reached = model.evaluate(inputs(validation), validation.labels, verbose=0, return_dict=True)["accuracy"]
print("more than three quarters of the validation pictures are right:", reached > 0.75)

# %% [markdown]
# In the course's package both stages are one call: `training.train(..., learning_rate=0.0002, head_epochs=30)`.
#
# ## 6. A rate for each depth
#
# Early blocks hold general features, which are often right for the new task as they are; late blocks hold specific
# ones, which often are not. So why should all have the same rate? Howard & Ruder (2018) divide the rate by 2.6 from
# layer to layer, towards the input. Here, from block to block:

# %%
from course_utils import depth_rates

factors = depth_rates.factors(backbones.load("coursenet_guide"), factor=1 / 2.6)
for block in range(1, 6):
    print(f"block {block}: rate {0.002 * factors[f'block{block}_conv1/kernel']:.6f}")
print("new head: rate 0.002000")

# %% [markdown]
# Block 1 has less than a hundredth of the head's rate. Freezing goes one step further: no change of the weights, and
# none of the statistics. Keras's optimisers have one rate for all; the course's `DepthAdam` is Keras's Adam, with each
# step multiplied by a factor that belongs to the array of weights. `training.train(..., depth_factor=1 / 2.6)` uses it.
#
# ## 7. Which way is best? Also on a dark day
#
# Kumar et al. (2022) found that training the head first changes the features less, and that it helps most where it is
# hardest to see: on pictures that differ from those of the training. Their figures, over ten data sets (from the
# paper's abstract): training everything at once is 2 points better than training the head alone on pictures of the same
# kind, and 7 points *worse* on pictures under a shift. Head first, then everything: 1 and 10 points better than all at
# once.
#
# Does that hold here? Three shifts of the test pictures, made from the same pictures:

# %%
from course_utils import shifts

flower = data.Pictures(garden.test.images[5:6], garden.test.labels[5:6])  # one picture
fig, axs = plt.subplots(1, 4, figsize=(10, 2.8))
plots.picture(flower.images[0], axs[0]).set_title("as it is")
for ax, kind in zip(axs[1:], shifts.SHIFTS):
    plots.picture(shifts.shifted(flower, kind).images[0], ax).set_title(kind)
notebook.show(
    axs[0],
    "The same flower four times: as it is, at dusk (dark and bluish), out of focus, and with grain.",
)

# %% [markdown]
# **Look at** what is lost in each: light and colour, edges, or smooth areas. You would still name the flower. No
# network here has been trained on such pictures.
#
# Four ways were measured: *head only* is strategy 3; *all at once* is warm start; *head first* is 25 epochs for the
# head, then 25 for everything; *rates per depth* is warm start with the factors of section 6. Each has its own rate,
# chosen on validation pictures as they are, without any shift. There are 256 pictures and five repeats. Predict:

# %% tags=["nbval-ignore-output"]
places = ["garden", "garden, shifted", "biopsy"]
widgets.choice("Which way is best on these test pictures?", places, list(fine_tuning.WAYS))

# %%
Markdown(fine_tuning.ways_table())

# %%
places = {"test": "as they are", **{kind: kind for kind in shifts.SHIFTS}, "source": "field guide (old task)"}
fig, axs = plt.subplots(1, 2, figsize=(12, 5), sharey=True)
for ax, task in zip(axs, tasks):
    plots.ways(fine_tuning.intervals(task, places), places, ax).set_title(task)
fig.legend(*axs[0].get_legend_handles_labels(), loc="outside lower center", ncols=4)
notebook.show(
    axs[0],
    "Accuracy of four ways to fine-tune, in two panels. Garden: all near 90 percent on test pictures as they are, and "
    "below 60 under each shift, where head first is lowest at dusk and out of focus. Biopsy: training the head alone "
    "is far behind on pictures as they are; under shifts all are low, with wide intervals.",
)

# %% [markdown]
# **Look at** one row of marks after the other.
#
# - *Garden, as they are.* The two gentle ways are a little better than all at once: head first by 1.9 ± 1.4 points,
#   rates per depth by 1.5 ± 1.3.
# - *Garden, under the shifts.* On the mean of the three no way keeps even half of its accuracy. And head first is
#   *behind* all at once there, by 8.5 ± 5.5 points: at dusk by 18.6 ± 10.1, out of focus by 9.4 ± 4.9; under grain no
#   difference can be seen. That is the opposite of what Kumar et al. found.
# - *Biopsy.* Training the head alone is 24.1 ± 2.6 points behind all at once. The gentle ways are behind, too: head
#   first by 3.5 ± 2.0 points, rates per depth by 2.9 ± 2.4. The task is far, and the features are not fine as they are.
#   Under the shifts the intervals of the gentle ways are too wide to tell.
# - *Field guide*, judged with the statistics of the new pictures, so weights and statistics together. After garden,
#   head first has kept 75 %, the other two that train the base 55 and 52 %. After biopsy all three have kept 2 %.
#
# Careful: on garden head first had a quarter of the rate of all at once, 0.000125 against 0.0005. Its validation
# pictures preferred this rate by only two answers of 128. So we cannot say what made the difference: the head that was
# trained before, or the smaller rate. Nor have we measured why it is otherwise than in the paper. There are many
# differences: a small network, few pictures, other shifts, and batch normalisation, whose features a dark picture
# changes in every block.
#
# Take two things with you. A result of a paper is a good reason to try, and no more. And if your pictures will come
# from another camera than those you train on, set some of *those* aside to choose with.
#
# ## 8. Three mistakes to find
#
# Each of these can be found in well-read tutorials, and none gives an error message.

# %% [markdown]
# ### Exercise 3: batch normalisation that only looks frozen
# If a base is fine-tuned on few pictures, its statistics should often stay as they are. A colleague has read that
# `base(x, training=False)` takes care of that. First the base is frozen and the head trained; then the base is thawed:


# %%
def colleagues_network():
    """Build a network whose batch normalisation should stay as it is."""
    base = backbones.load("coursenet_guide")
    base.trainable = False
    x = base(base.input, training=False)  # "so batch normalisation stays in inference mode"
    x = keras.layers.GlobalAveragePooling2D()(x)
    network = keras.Model(base.input, keras.layers.Dense(8)(x))
    # ... here the head is trained ...
    base.trainable = True
    return network


# %%
def moved_statistics(network):
    """Train for one epoch; return how many batch-normalisation layers have other statistics than before."""
    layers = batch_norm.layers_of(network)
    before = [layer.moving_mean.numpy().copy() for layer in layers]
    network.compile(keras.optimizers.Adam(0.0001), loss)
    network.fit(inputs(small), small.labels, verbose=0)
    return sum(not np.array_equal(old, layer.moving_mean) for old, layer in zip(before, layers))


# %%
print("batch-normalisation layers whose statistics moved:", moved_statistics(colleagues_network()), "of 8")

# %% [markdown]
# All of them moved. In Keras 3 `fit` runs the whole network in training mode, and this overrides the `training=False`
# that was written into it. What is never overridden is a layer's own `trainable`: with `False`, a batch-normalisation
# layer always uses its running averages. But `base.trainable = True` has set it to `True` in every layer inside.
#
# Repair it: build a network in which all convolutions of the base are trained, and no statistics move.
# `batch_norm.layers_of(network)` lists the layers. Give the network as `answer`. Try `moved_statistics` on it: it
# should return 0.

# %%
answer = None
checks.check("03.3", answer)

# %% [markdown]
# (Freezing them is not always better: far from the source, statistics of the new pictures can be the right ones.
# `training.train` keeps those of frozen blocks, and lets those of trained blocks follow. Know which you have.)
#
# A **`tf.data.Dataset`**, which the next two exercises use, is not a list but a recipe. Each time it is read, for
# example in each epoch, the recipe runs again. `batch(8)` puts eight elements together, `map` changes each, `cache`
# keeps what has come out so far, `take(20)` gives the first 20, and `skip(20)` the rest.
#
# ### Exercise 4: the same "random" pictures in every epoch
# Augmentation shows the network a changed picture each time: mirrored, moved, turned (notebook 07). Reading pictures is
# slow, so one keeps them with `cache()`. A colleague has put both together:

# %%
flip = keras.layers.RandomFlip("horizontal", seed=0)
few = tf.data.Dataset.from_tensor_slices(small.images[:32]).batch(8)


def pipeline(pictures):
    """Flip pictures at random, and keep them."""
    return pictures.map(lambda images: flip(images, training=True)).cache()


flipped = pipeline(few)
first, second = (np.concatenate(list(flipped.as_numpy_iterator())) for epoch in range(2))
print("pictures that look different in the second epoch:", int((first != second).any(axis=(1, 2, 3)).sum()), "of 32")

# %% [markdown]
# Repair it. What is read should be kept, and the flips should be new in every epoch. Write the function anew, and give
# the function itself as `answer`.

# %%
answer = None
checks.check("03.4", answer)

# %% [markdown]
# With kept *features* the same mistake waits: features of one changed view of a picture are the same in every epoch.
# `training.train(..., augmentation=..., views=10)` keeps ten views of each picture, and refuses to train for more
# epochs than that, unless you allow it.
#
# ### Exercise 5: validation pictures among the training pictures
# A colleague shuffles 100 pictures, takes 20 to validate with, and trains on the others. Here the pictures are numbers,
# so that you can see them.

# %%
shuffled = tf.data.Dataset.range(100).shuffle(100)
validating, training_set = shuffled.take(20), shuffled.skip(20)
seen = set(training_set.as_numpy_iterator())
both = [number for number in validating.as_numpy_iterator() if number in seen]
print("validation pictures that are among the training pictures:", "none" if not both else "some")

# %% [markdown]
# Each time that someone reads from `shuffled`, the recipe runs again, and other pictures come first. So *take* and
# *skip* do not speak of the same order. Validation accuracy then measures, in part, what has been learned by heart.
#
# Repair it: give a tuple `(training_set, validation_set)` of 80 and 20 numbers, drawn at random, that never overlap,
# however often they are read. `help(tf.data.Dataset.shuffle)` names a setting that you need.

# %%
answer = None
checks.check("03.5", answer)

# %% [markdown]
# ## What you have seen
#
# - The learning rate is the length of the steps. Too small, and nothing is learned; too large, and the weights leave
#   the valley where pre-training had led them, or run away to `nan`.
# - What is forgotten can be measured. Here a rate of 0.0002 kept nearly all that the weights held, 0.002 lost nearly
#   all. Near the source the small rate was as good for the new task; far from it, the larger one was better.
# - Strategy 3 cannot forget. Warm start and strategy 2 can: give them a small rate.
# - Head first and rates per depth are two ways to be gentle with the base. Near the source they helped a little, far
#   from it they did harm, and under a shift of the pictures head first was not the better one here.
# - `training=False` in a model does not protect batch normalisation during `fit`; `trainable = False` on the layer
#   does.
# - Augment behind the cache. Shuffle once, then split; shuffle the training part again in every epoch.
#
# In all of this the network was CourseNet. In notebook 04 you choose among the networks that others have trained.
