# %% [markdown]
# # 04 · Choose a pre-trained model: what it costs, what it knows, how it wants its pictures
#
# Keras offers forty networks that others have trained, and there are thousands elsewhere. In this notebook you compare
# them, open four of them up, and find out what a wrong preprocessing does. Then you ask what matters most: what the
# network has learned from.
#
# **You will learn to**
# 1. compare networks by accuracy, parameters, size, time and memory, and choose one within your limits;
# 2. recognise the building blocks of VGG16, InceptionV3, ResNet50 and MobileNetV2, and say where their base ends;
# 3. give a network its pictures as it wants them, and find the mistake if somebody did not;
# 4. say what "pre-trained on" is worth, and whether a better network is a better start.
#
# **You need** notebooks 00 to 03. **Time:** about 80 minutes; the computer works for about one of them. Sections 5 to 7
# can wait for another day.

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
from course_utils import backbones, checks, data, manifest, metrics, notebook, outlines, plots, widgets, zoo

notebook.start()

# %%
import keras
import matplotlib.pyplot as plt
import numpy as np
from IPython.display import Markdown

# %% [markdown]
# ## 1. Forty networks, side by side
#
# A network has a price. Its file must be downloaded and fit into the memory, and each picture takes time. What you get
# for it is usually given as **top-1 accuracy** on ImageNet: of 50,000 photographs, the share whose class, out of 1,000,
# the network names at the first try.
#
# Before you see the table, predict. Five of them have a base with so many parameters: MobileNetV2 2 million,
# EfficientNetB4 18, VGG16 15, ResNet50 24, DenseNet121 7. Which needs the most time for a picture?

# %% tags=["nbval-ignore-output"]
places = ["most time", "least time", "highest accuracy", "lowest accuracy"]
widgets.choice("Which network?", places, ["MobileNetV2", "EfficientNetB4", "VGG16", "ResNet50", "DenseNet121"])

# %% [markdown]
# A command of the course (`commands.models`) has built each network of `keras.applications` in a process of its own and
# measured it on two processor cores. Weights were random: they decide neither time nor memory. Top-1 accuracy was not
# measured here, but published.

# %%
found = zoo.recorded()
Markdown(zoo.table(found))

# %% [markdown]
# How to read it:
#
# - *Parameters*: of the whole network with its 1,000-class classifier, and of the *base* alone, which is what you
#   reuse.
# - *Depth*: the number of layers with a kernel (convolutions and dense layers) on the longest way from input to output.
#   So VGG16 has 16 and ResNet50 has 50, as their names say. (Keras's own table counts more kinds of layers: 107 for
#   ResNet50.)
# - *Input*: side of the pictures that it was trained on, in pixels. *Base gives*: height x width x channels.
# - *Download*: the file of the base, four bytes for every parameter.
# - *Ms a picture* and *memory*: one pass of the base over 8 pictures of that side; the fastest of several. Memory is
#   what it adds to the 0.6 GiB that TensorFlow takes alone. Training takes more of both.
# - *Top-1*: from Keras's table at keras.io/api/applications; for MobileNetV3, which is missing there, from its help
#   text in Keras.
#
# The rows are sorted by time. Small differences of time mean nothing: the machine was not always idle. Compare with
# your prediction:

# %%
by_name = {network.name: network for network in found}
for name in ("MobileNetV2", "EfficientNetB4", "VGG16", "ResNet50", "DenseNet121"):
    one = by_name[name]
    print(f"{name:15} {one.millions:5.1f} million  {one.milliseconds:4.0f} ms  {one.top_1} %")

# %% [markdown]
# **Look at** the columns of parameters and of time: parameters are a poor guide to time. VGG16 has fewer of them in its
# base than ResNet50, 15 against 24 million, and takes three times as long. EfficientNetB4 has 18 million, and takes
# more than twice the time of ResNet50: its pictures have 380 x 380 pixels, nearly three times as many.
#
# A kernel is used once for each place of its maps. One in an early layer, with maps of 224 x 224 places, works a
# thousand times as often as one in a late layer with 7 x 7. So large pictures, and early layers with many channels,
# cost time; late layers with many channels cost parameters.
#
# Nor does the download say how much memory the work takes: that depends on the maps, too. And the range is wide: in the
# time that ConvNeXtXLarge takes for one picture, MobileNetV3Small does more than 700.
#
# ## 2. Which networks nobody beats
#
# No network is best in everything. But some are beaten in both: another is cheaper *and* more accurate. Those that
# nobody beats in both form the **Pareto front**. Who chooses any other pays for nothing, as far as these two numbers
# go.
#
# **Find out:** which families lie on the line when time counts, and which when the download counts? Where are VGG16 and
# ResNet50? Then set limits of your own.

# %% tags=["nbval-ignore-output"]
widgets.networks(found)

# %%
fig, axs = plt.subplots(1, 2, figsize=(14, 6), sharey=True)
for ax, title in zip(axs, ("milliseconds a picture", "download (MB)")):
    points = {one.name: (getattr(one, zoo.COSTS[title]), one.top_1, one.family) for one in found}
    front = [one.name for one in zoo.front(found, zoo.COSTS[title])]
    plots.accuracy_cost(points, front, title, ax).legend().remove()
fig.legend(*axs[0].get_legend_handles_labels(), loc="outside right", fontsize=9)
notebook.show(
    axs[0],
    "Published accuracy of forty networks against milliseconds and against download. In each panel a line joins those "
    "that none beats in both; it rises steeply at first, then flattens. VGG and ResNets lie far below it.",
)

# %% [markdown]
# **Look at** the line in each panel, and at which networks lie far below it. For time, 14 of the forty are on the line:
# 12 are MobileNetV3s, EfficientNets and EfficientNetV2s, and 2 ConvNeXts. VGG16, InceptionV3 and ResNet50, the most
# famous ones, are on neither line, nor on those for memory and parameters. They are in every tutorial, and they are
# easy to understand; but they are not what you would choose today.
#
# The line rises steeply at first and is nearly flat at its end. From MobileNetV3Small to EfficientNetV2B3 13.9 points
# of accuracy cost eleven times the time; from there to the end of the line 4.7 points cost seventy times as much again.
#
# Two warnings. Top-1 values come from many papers, with other training recipes and in part other data: three of the
# ConvNeXts had seen the 14 million pictures of ImageNet-21k before. So a point or two between families says little. And
# times are those of one processor: on a phone or on a graphics card, the order can be another one.
#
# ### Exercise 1
# What is the most accurate network within these limits: a download of at most 50 MB, 50 ms a picture (on the machine of
# the table) and 300 MiB of memory? Give its name.

# %%
answer = None
checks.check("04.1", answer)

# %% [markdown]
# ## 3. Four networks, opened up
#
# Four families have shaped the others. Each is built from one kind of block, again and again.

# %%
from course_utils import diagrams

notebook.show(
    diagrams.blocks()[0],
    "Four blocks as boxes and arrows. VGG16: two 3 x 3 convolutions and pooling in a row. InceptionV3: four branches "
    "side by side, concatenated. ResNet50: three convolutions with a connection past them, added. MobileNetV2: a 1 x 1 "
    "convolution to more channels, a depthwise 3 x 3, a 1 x 1 to fewer, with a connection past them.",
)

# %% [markdown]
# **Look at** how the maps come together again in each. The ideas, and one block of each in plain Keras, on maps of 28 x
# 28 with 128 channels:
#
# **Stacked 3 x 3** (VGG16; Simonyan & Zisserman 2014). Two 3 x 3 convolutions see as much of the picture as one 5 x 5,
# with fewer parameters and one more ReLU between.

# %%
maps = keras.Input((28, 28, 128))


def convolve(x, filters, size):
    """Convolve, normalise, and cut off what is negative."""
    x = keras.layers.Conv2D(filters, size, padding="same", use_bias=False)(x)
    return keras.layers.ReLU()(keras.layers.BatchNormalization()(x))


stacked = keras.Model(maps, convolve(convolve(maps, 128, 3), 128, 3))
single = keras.Model(maps, convolve(maps, 128, 5))

# %%
print(f"two 3 x 3: {stacked.count_params():,} parameters; one 5 x 5: {single.count_params():,}")

# %% [markdown]
# (VGG16 is older than batch normalisation, and has none.)
#
# **Parallel branches** (InceptionV3; Szegedy et al. 2015, 2016). Things have different sizes in pictures. So kernels of
# different sizes work side by side, and their maps are put together, one behind the other. 1 x 1 convolutions first
# reduce the channels, which makes the large kernels cheap.

# %%
average = keras.layers.AveragePooling2D(3, strides=1, padding="same")(maps)
branches = [
    convolve(maps, 32, 1),
    convolve(convolve(maps, 24, 1), 32, 5),
    convolve(convolve(convolve(maps, 32, 1), 48, 3), 48, 3),
    convolve(average, 16, 1),
]
inception = keras.Model(maps, keras.layers.Concatenate()(branches))
print(f"{inception.count_params():,} parameters for as many maps")

# %% [markdown]
# **Skip connection** (ResNet50; He et al. 2015). Very deep networks were hard to train. Here the block only learns what
# is to be *added* to its input. The slopes find a way back past the convolutions, and fifty or more layers can be
# trained. A 1 x 1 makes the maps fewer, the 3 x 3 works on these, and another 1 x 1 brings them back: a *bottleneck*.

# %%
narrow = convolve(convolve(maps, 32, 1), 32, 3)
back = keras.layers.BatchNormalization()(keras.layers.Conv2D(128, 1, use_bias=False)(narrow))
residual = keras.Model(maps, keras.layers.ReLU()(keras.layers.Add()([maps, back])))
print(f"{residual.count_params():,} parameters")

# %% [markdown]
# **Depthwise separable, with a linear bottleneck** (MobileNetV2; Sandler et al. 2018). A plain convolution does two
# things at once: it looks at neighbours, and it mixes channels. A *depthwise* convolution only looks, with one kernel
# for each channel; a 1 x 1 convolution only mixes. Here the block is turned inside out: few channels go in, many are
# worked on, few come out. No ReLU follows the last step: on few channels it would throw away too much.

# %%
thin = keras.Input((28, 28, 32))
wide = convolve(thin, 192, 1)
looked = keras.layers.DepthwiseConv2D(3, padding="same", use_bias=False)(wide)
looked = keras.layers.ReLU(6.0)(keras.layers.BatchNormalization()(looked))
mixed = keras.layers.BatchNormalization()(keras.layers.Conv2D(32, 1, use_bias=False)(looked))
inverted = keras.Model(thin, keras.layers.Add()([thin, mixed]))
print(f"{inverted.count_params():,} parameters, with 192 maps inside")

# %% [markdown]
# ### Exercise 2
# A plain 3 x 3 convolution from 128 channels to 256, without biases, has 3 · 3 · 128 · 256 = 294,912 weights. How many
# has a depthwise separable one: a 3 x 3 depthwise convolution on the 128 channels, then a 1 x 1 convolution to 256,
# both without biases?

# %%
answer = None
checks.check("04.2", answer)

# %% [markdown]
# Where do the parameters of the four sit? `outlines.outline` builds a network *without weights*: it has layers, shapes
# and counts, but takes no memory, and cannot be run. VGG16 with its classifier would take 553 MB. The blocks are those
# up to which a base can be frozen, or cut.

# %%
keras.backend.clear_session()
four = ("VGG16", "InceptionV3", "ResNet50", "MobileNetV2")
bases, sizes = {name: outlines.outline(name) for name in four}, {}
for name, base in bases.items():
    classifier = outlines.outline(name, include_top=True).count_params() - base.count_params()
    sizes[name] = outlines.block_parameters(base) | {"classifier": classifier}
    print(f"{name:12} base {base.count_params():>11,}   classifier {classifier:>11,}")

# %%
fig, axs = plt.subplots(1, 4, figsize=(14, 5))
for ax, (name, parts) in zip(axs, sizes.items()):
    ax.barh(list(parts), [count / 1e6 for count in parts.values()], color=["C0"] * (len(parts) - 1) + ["C1"])
    ax.set(title=name, xlabel="million parameters")
    ax.invert_yaxis()
    ax.tick_params(axis="y", labelsize=8)
notebook.show(
    axs[0],
    "Parameters of each block, from input to output, and of the classifier, for four networks. The classifier of VGG16 "
    "has far more than all its blocks; in the others the blocks together have more, and the late ones have most.",
)

# %% [markdown]
# **Look at** the orange bar of each. VGG16 has nearly nine tenths of its parameters in the classifier, as you saw in
# notebook 01; you will throw this part away. The other three pool the last maps to one number each first, and need one
# dense layer only: a twelfth of InceptionV3 and of ResNet50. For the small MobileNetV2 even that is more than a third.
# In the bases the late blocks have most: late maps are small, but many. (The bar *mixed10* holds the last two blocks.)
#
# Now the ends. `include_top=False` leaves the classifier out. What is the last layer then, and what does it give?

# %%
from course_utils import cutting

for name, base in bases.items():
    blocks = cutting.blocks(base)
    print(f"{name:12} ends with {base.layers[-1].name}: {base.output.shape[1:]}; depth {outlines.depth(base)}")
    print(f"{'':12} can be frozen up to {len(blocks)} blocks: {', '.join(blocks[:2])} ... {blocks[-1]}")

# %% [markdown]
# In all four the maps at the end have 7 x 7 or 8 x 8 places, each of which sees a large part of the picture or all of
# it. You freeze behind a whole block, never inside: there branches run side by side, or a connection goes past. The
# names of the blocks are what `training.train(..., freeze_depth=...)` takes.
#
# ### Exercise 3
# Which layer ends the base of DenseNet121? Give its name.

# %%
answer = None
checks.check("04.3", answer)

# %% [markdown]
# ## 4. How the pictures must come in
#
# Pixels are numbers from 0 to 255. Each network was trained on numbers of another kind, and its weights rely on that.
# These are all the conventions in Keras, in plain NumPy, and one that is none of them but stands in many tutorials:

# %%
mean, spread = np.float32([0.485, 0.456, 0.406]), np.float32([0.229, 0.224, 0.225])  # red, green, blue
rules = {
    "-1 to 1": lambda pixels: pixels / 127.5 - 1,
    "mean and spread": lambda pixels: (pixels / 255 - mean) / spread,
    "BGR minus mean": lambda pixels: pixels[..., ::-1] - np.float32([103.939, 116.779, 123.68]),  # blue first
    "as they are": lambda pixels: pixels,
    "0 to 1": lambda pixels: pixels / 255,
}

# %% [markdown]
# *As they are* is for networks that hold their preprocessing as first layers: EfficientNet, ConvNeXt, MobileNetV3.
# Their `preprocess_input` does nothing. Which network wants what? We give some pixels to each network's own
# `preprocess_input` and look which rule it followed.

# %%
from course_utils import preprocessing

wants = {}
for network in found:
    wants.setdefault(preprocessing.convention(network.name), []).append(network.name)
for rule in rules:
    print(f"{rule}: {', '.join(sorted(wants.get(rule, ['no network of Keras'])))}", end="\n\n")

# %% [markdown]
# You cannot tell from the family: ResNet50 and ResNet50V2 want different things. So never write the rule by hand: take
# `preprocess_input` from the same module as the network, or `backbones.preprocess(name, pictures)`.
#
# What do the rules do to a picture? Here is a page of the field guide.

# %%
held_out, _ = data.read_pictures(manifest.verified("sources/guide_held_out.zip"), image_size=64)
pages = data.sample(held_out, 512, seed=0)
pixels = pages.images.astype("float32")
axs = plots.as_seen({name: rule(pixels[4]) for name, rule in rules.items()})
notebook.show(axs[0], "A drawn page, preprocessed by five rules. Four look alike, and BGR has red and blue exchanged.")

# %% [markdown]
# **Look at** the numbers below the pictures. To you, four of the five look nearly alike, since a screen only shows
# which number is larger. To the network they are as different as day and night. There is no error message: it takes any
# numbers.
#
# CourseNet wants -1 to 1. With these, its own classifier names nearly all of the pages. Predict: how many with the
# others?

# %% tags=["nbval-ignore-output"]
widgets.prediction("What percentage of the pages will the classifier name?", list(rules))

# %%
guide_model = backbones.load_source_model("coursenet_guide")


def right(rule):
    """Return how many of the pages the guide's own classifier names, when they come in by a rule."""
    scores = guide_model.predict(rules[rule](pixels), verbose=0)
    return float(np.mean(scores.argmax(axis=1) == pages.labels))


# %% tags=["nbval-ignore-output"]
named = {rule: right(rule) for rule in rules}
print({rule: f"{share:.0%}" for rule, share in named.items()})

# %%
print("right: more than 95 % of the pages:", named["-1 to 1"] > 0.95)
print("mean and spread, 0 to 1: more than a tenth is lost, more than half is left:", end=" ")
print(all(0.5 < named[rule] < 0.9 for rule in ("mean and spread", "0 to 1")))
print("BGR, as they are: less than a tenth is left:", max(named["BGR minus mean"], named["as they are"]) < 0.1)

# %% [markdown]
# **Look at** how differently the mistakes show. Two rules lead to numbers of about the right size: the network still
# works, only worse. This is the dangerous kind, since you do not notice. The other two lead to numbers that are a
# hundred times too large: nothing is left.
#
# ### Wrong all along, or wrong in use
# Does it matter for transfer? There the head is new: it learns from whatever the base gives. If the preprocessing is
# wrong both in training and in use, the head can adapt. If it is right in training and wrong in use, it cannot. That
# happens when one person trains the network and another builds the program around it.
#
# We train the head of strategy 3 by each rule, on 256 pictures of the garden, and judge it by each rule.

# %%
garden = data.task("garden")
small, new = data.sample(garden.train, 256, seed=1), data.sample(garden.test, 512, seed=1)
base = backbones.load("coursenet_guide")
pooled = keras.Model(base.input, keras.layers.GlobalAveragePooling2D()(base.output))
seen, unseen = (
    {name: pooled.predict(rule(part.images.astype("float32")), verbose=0) for name, rule in rules.items()}
    for part in (small, new)
)


# %%
def trained_head(features, labels):
    """Train a head on pooled features of pictures."""
    head = keras.Sequential([keras.Input(features.shape[1:]), keras.layers.Dense(8)])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    head.compile(keras.optimizers.Adam(0.01), loss, steps_per_execution=8)
    head.fit(features, labels, epochs=25, verbose=0)
    return head


def accuracy(head, features, labels):
    """Return the share of pictures that a head names correctly."""
    return float(np.mean(np.argmax(head(features), axis=1) == labels))


# %% tags=["nbval-ignore-output"]
heads = {rule: trained_head(seen[rule], small.labels) for rule in rules}
both = {rule: accuracy(heads[rule], unseen[rule], new.labels) for rule in rules}
in_use = {rule: accuracy(heads["-1 to 1"], unseen[rule], new.labels) for rule in rules}
for rule in rules:
    print(f"{rule:16} wrong in both {both[rule]:4.0%}    wrong only in use {in_use[rule]:4.0%}")

# %%
print("wrong in both: more than half is right with every rule:", min(both.values()) > 0.5)
wrong = [rule for rule in rules if rule != "-1 to 1"]
print("wrong only in use is worse than wrong in both:", all(in_use[rule] < both[rule] - 0.05 for rule in wrong))
print("as they are, only in use: not much better than guessing:", in_use["as they are"] < 0.25)

# %% [markdown]
# **Look at** the two columns. A head can learn from features that come from wrong pictures, though it never gets as
# good: the base no longer sees what it was trained to see. But if the mistake comes in later, the head knows nothing of
# it. This is the worst case, and the accuracy measured in training does not show it.
#
# Is it the same on photographs, with a network from ImageNet? A command (`commands.preprocessing`) has measured
# MobileNetV2 with a third of its width (`alpha=0.35`) on photographs of 160 x 160 pixels: 256 for training, five
# repeats, a learning rate of its own for each preprocessing.

# %%
Markdown(preprocessing.table())

# %% [markdown]
# **Look at** the first two columns, cats and dogs, where guessing gives 50 %.
#
# - *0 to 1 in both* costs 3.1 ± 1.0 points. Nobody would suspect a mistake behind 90 %.
# - *0 to 1 only in use* costs 5.9 ± 3.8 points.
# - *As they are* and *BGR* cost more than 20 points in both. Only in use, what is left is a guess: 51.5 and 52.5 %.
#
# Then malaria cells, which are grey pictures, and far from what the network was trained on.
#
# - *In both*: 0 to 1 is here even *better* than the right rule, by 2.7 ± 1.6 points. BGR costs nothing that we could
#   measure (in a grey picture red and blue are the same), as they are costs 4.4 ± 1.9 points. We did not look for the
#   reason.
# - *Only in use*: as they are costs 25.9 ± 9.4 points, BGR 18.1 ± 15.8. For 0 to 1 the repeats do not tell: 0.7 ± 5.7.
#
# And aerial scenes, in colour, with seven classes. Here every wrong rule costs: 0 to 1 in both 3.8 ± 1.3 points, only
# in use 16.9 ± 4.2.
#
# So "the wrong rule always costs" is not true: a head can adapt, and far from the source another rule may suit by
# chance. What holds on all three tasks is that training and use should agree.
#
# This is no rare mistake. In a well-known open course on deep learning, a DenseNet gets pixels from 0 to 1; its weights
# want mean and spread. The code runs, the accuracy is not bad, and nobody notices what was lost.
#
# ### Exercise 4
# A colleague has read two tutorials. The network gives no error, and is of no use:


# %%
def colleagues_inputs(images):
    """Prepare pictures, pixels from 0 to 255, for CourseNet."""
    scaled = images / 255  # "networks want numbers from 0 to 1"
    return backbones.preprocess("coursenet_guide", scaled)


answers = guide_model.predict(colleagues_inputs(pages.images), verbose=0).argmax(axis=1)
print("more than nine of ten pages get the same answer:", np.bincount(answers).max() > 0.9 * len(answers))

# %% [markdown]
# Write a function that does it right, and give the function itself as `answer`.

# %%
answer = None
checks.check("04.4", answer)

# %% [markdown]
# **With a photograph of your own.** If you are connected, or have the weights, you can let an ImageNet network name
# what it sees. This one is the smallest of Keras, a file of 2 MB; it names about half of ImageNet's photographs at the
# first try. Write the path of a photograph to the right of `photo =`. Without one, nothing happens.

# %% tags=["nbval-ignore-output"]
photo = None  # or a path: photo = "/home/me/dog.jpg"
if photo:
    model = keras.applications.MobileNet(alpha=0.25)
    picture = np.array(keras.utils.load_img(photo, target_size=(224, 224)), dtype="float32")[None]
    for rule in ("-1 to 1", "0 to 1", "as they are"):
        scores = model.predict(rules[rule](picture), verbose=0)
        best = keras.applications.mobilenet.decode_predictions(scores, top=3)[0]
        print(f"{rule:12}", ", ".join(f"{name} {share:.0%}" for _, name, share in best))
    model = None

# %% [markdown]
# ## 5. What it was pre-trained on
#
# So far you compared architectures. But weights come from pictures. CourseNet was pre-trained on three sources: the
# drawn field **guide**, drawn microscope **slides**, and small **photos** of 200 classes. The network is the same each
# time, and so is the way of training on the target. Predict: which source is best for *garden* (flowers), and which for
# *biopsy* (tissue)? And how good are features of *random* weights that never learned anything?

# %% tags=["nbval-ignore-output"]
from course_utils import batch_norm, sources

cases = ["best for garden", "second for garden", "best for biopsy", "second for biopsy"]
widgets.choice("Which source?", cases, list(sources.SOURCES))

# %% [markdown]
# We freeze the base and train a head on 256 pictures: strategy 3, in plain Keras. (Random weights get
# batch-normalisation statistics that fit the pictures; otherwise their features would be far too small to learn from.)

# %%
guide_model = base = pooled = heads = None
keras.backend.clear_session()


def start(source, pictures):
    """Load a base from one source, or with random weights."""
    if source != "random":
        return backbones.load(f"coursenet_{source}")
    base = backbones.load("coursenet_guide", weights=None)
    batch_norm.settle(base, backbones.preprocess("coursenet_guide", pictures.images))
    return base


# %%
def strategy_3(source, train, test):
    """Train a head on a frozen base; return the accuracy on test pictures."""
    base = start(source, train)
    pooled = keras.Model(base.input, keras.layers.GlobalAveragePooling2D()(base.output))
    inputs = [backbones.preprocess("coursenet_guide", part.images) for part in (train, test)]
    seen, unseen = (pooled.predict(part, verbose=0) for part in inputs)
    return accuracy(trained_head(seen, train.labels), unseen, test.labels)


# %% tags=["nbval-ignore-output"]
live = {("garden", source): strategy_3(source, small, new) for source in sources.SOURCES}
print({source: f"{live['garden', source]:.0%}" for source in sources.SOURCES})

# %% tags=["nbval-ignore-output"]
biopsy = data.task("biopsy")
tissue, new_tissue = data.sample(biopsy.train, 256, seed=1), data.sample(biopsy.test, 512, seed=1)
live |= {("biopsy", source): strategy_3(source, tissue, new_tissue) for source in ("guide", "slides")}
print({source: f"{live['biopsy', source]:.0%}" for source in ("guide", "slides")})

# %%
order = [live["garden", source] for source in sources.SOURCES]
print("garden: guide before photos, photos before slides, slides before random:", order == sorted(order, reverse=True))
print("garden: guide more than 20 points ahead of all others:", order[0] - order[1] > 0.2)
print("biopsy: slides more than 15 points ahead of guide:", live["biopsy", "slides"] - live["biopsy", "guide"] > 0.15)

# %% [markdown]
# The same was recorded with five repeats, and a learning rate chosen for each case on validation pictures.

# %%
Markdown(sources.sources_table())

# %%
scores = {
    task: {source: metrics.mean_interval(sources.by_source(task, "strategy 3", source)) for source in sources.SOURCES}
    for task in sources.TASKS
}
ax = plots.by_source(scores)
ax.legend(loc="upper right")
notebook.show(
    ax,
    "Test accuracy of strategy 3 by source. Garden: guide 89 percent, photos 54, slides 42, random weights 25. Biopsy: "
    "slides 84 percent, guide and photos 58 each, random weights lowest.",
)

# %% [markdown]
# **Look at** the first row: the same network, the same pictures, the same training. With the guide 88.6 % of the garden
# is right, with photos 54.3 %, with slides 42.1 %. Only what the network saw before is different. For biopsy it is the
# other way round: slides 83.5 %, guide 58.2 %.
#
# Then look at *photos*. These are real photographs of 200 kinds of things, and one might think that they are good for
# everything. For both tasks they are far behind the source that fits. And for tissue, features of photographs are no
# better than those of drawn flowers: 57.9 and 58.2 %.
#
# Any pre-training is better than none: features of random weights come last on both tasks. (They are better than
# guessing, 12.5 %, since even random kernels react to colours and edges.)
#
#
# ## 6. Does a better network transfer better?
#
# Kornblith et al. (2019) took 16 networks and 12 data sets. Between accuracy on ImageNet and accuracy on the new task
# they found a correlation of r = 0.99 with fixed features (our strategy 3) and 0.96 with fine-tuning (from the paper's
# abstract). If that holds, the column *top-1* of our table tells you how good a start a network is.
#
# We ask it in two ways. **First**, the same architecture, pre-trained on the same guide for 1, 2, 5 and 20 epochs, and
# for none. A shorter training gives a worse network: does it give worse features? **Second**, two narrow networks from
# ImageNet on photographs: MobileNet with a quarter of its width (49.8 % top-1) and MobileNetV2 with a third (60.3 %).
#
# What counts was written down before: the claim *holds* on a task, if the better source network is ahead and the 95 %
# interval of the paired difference does not contain 0; it *fails*, if the interval lies below 0; else it stays *open*.
# Of the pre-trainings, the 20 epochs are compared with the one.

# %% tags=["nbval-ignore-output"]
questions = ["garden, strategy 3", "biopsy, strategy 3", "cats and dogs", "malaria cells", "aerial scenes"]
widgets.choice("Is the better source network the better start?", questions, ["holds", "open", "fails"])

# %%
Markdown(sources.budgets_table())

# %%
curves = {}
for task in sources.TASKS:
    scores = sources.by_budget(task)
    curves[task] = {sources.source_accuracy(n): metrics.mean_interval(values) for n, values in scores.items()}
notebook.show(
    plots.transfer(curves),
    "Accuracy of strategy 3 on two tasks against the source accuracy of five networks. Garden rises at every step, "
    "from 26 to 89 percent. Biopsy rises from 17 to 57 with one epoch of pre-training, then stays near 60.",
)

# %% [markdown]
# **Look at** the two lines. For garden, near the guide, the claim *holds*: at every step the mean rises, and 20 epochs
# are 14.9 ± 1.7 points ahead of one. For biopsy, far from the guide, it stays *open*: 1.6 ± 3.2 points. One epoch of
# pre-training brought nearly 40 points over random weights; what the network learned about the guide after that was of
# no measurable use for tissue. The network of two epochs, which names 86 % of the pages, is even 4.4 ± 1.6 points
# *ahead* of that of 20. (We noticed this after we had seen the table, so take it as a hint only.)
#
# Now the photographs: 256 for training, the base frozen, five repeats.

# %%
Markdown(sources.photographs_table())

# %% [markdown]
# **Look at** the last column. On cats and dogs and on malaria cells the claim holds, by the rule; on aerial scenes it
# stays open. But compare the sizes: 10.5 points of top-1 between the two became less than 2 points on each task. (Two
# networks differ in more than their top-1: this one gives 1,280 features for each place, the other 256. And of malaria
# cells the test knows few patients.)
#
# So top-1 is worth something, and less than it seems. Kornblith et al. compared networks over a wider range, on more
# data sets; all of them were pre-trained on the same photographs. Within one source, a better network is on average the
# better start. Between sources, ask first which one is near.
#
# ## 7. Weights that are not here
#
# The course brings the weights of CourseNet with it. Those of ImageNet networks are downloaded by Keras when you ask
# for them, once. What is on this machine already?

# %% tags=["nbval-ignore-output"]
from course_utils import networks, weights_files

here = weights_files.offline_names()
print("here:", ", ".join(here))
print("missing:", ", ".join(f"{one.name} ({one.megabytes:.0f} MB)" for one in found if one.name not in here))

# %% [markdown]
# Three ways to get one:
#
# - **Connected**: call `backbones.load("ResNet50")`, or `keras.applications.ResNet50(include_top=False)`. Keras puts
#   the file into the folder `models` of its home, which is `~/.keras`, or where the variable `KERAS_HOME` says.
# - **By hand**: bring the file on a stick, and put it into that folder under the name that `networks.find(name)` gives.
#   A classroom without network works so.
# - **A file of your own**: `backbones.load("ResNet50", weights="my_file.h5")`.
#
# What must never happen is that the file is missing and you go on with random weights, unknowingly. So the course
# refuses:

# %%
from course_utils.cards import CourseError

try:
    backbones.load("VGG16", weights="vgg16.h5")
except CourseError as error:
    print(error)
print("VGG16 wants:", networks.find("VGG16").weights_file)

# %% [markdown]
# Without a network it says the same of weights that cannot be downloaded, and names those that are here. (In plain
# Keras, `weights=None` gives random weights without a word. It is the first thing to look for when a "pre-trained"
# network is no better than chance.)
#
# ## 8. Which one, then?
#
# Here is the most accurate network for each of five situations, from the table. The limits were settled before anything
# was measured.

# %%
Markdown(zoo.guide(found))

# %% [markdown]
# **Look at** what each step costs. Against MobileNetV3Large, EfficientNetV2B3 is 6.4 points more accurate and takes
# seven times the time. ConvNeXtXLarge is 11.1 points more accurate, takes 480 times the time, and fits into no small
# machine. For a first try on an ordinary computer, the first three rows are enough.
#
# In which order to decide:
#
# 1. **What has it learned from?** Look for weights whose source is near to your pictures. Section 5: this was worth
#    more than anything else here.
# 2. **What can you afford?** Time, memory and download are limits; within them, take a network on the Pareto front.
# 3. **Start small.** With a small network you try ten things in the time of one. Take the larger one at the end, if it
#    is worth it, with what you learned.
# 4. **Preprocess with its own function**, in training and in use.
# 5. **Measure.** A higher top-1 is a reason to try a network, not a proof. Let validation pictures decide.
#
# ## What you have seen
#
# - Download, memory, time and parameters are different costs. Parameters tell little about time. The most famous
#   networks are beaten in both, cost and accuracy, by newer ones.
# - Four ideas come back everywhere: stacked 3 x 3 convolutions, parallel branches, skip connections, and depthwise
#   separable convolutions. A base ends before the pooling of the classifier, and is frozen behind a whole block.
# - Each network wants its pictures in its own way. A wrong way gives no error message. If it is wrong all along, it
#   mostly costs some accuracy; if it is wrong only in use, it can cost everything.
# - What a network was pre-trained on decided most: from 42 to 89 % for the same network on the same task. A better
#   network from the same source was the better start near the source; far from it this was not seen. On photographs,
#   10.5 points of top-1 were worth less than 2.
# - Weights that are missing must be missed with a message, never replaced by random ones.
#
# Which strategy suits your task? That depends on how many pictures you have and how near they are to the source. In
# notebook 05 you place tasks on the size-similarity chart, and see where its advice holds.
