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
# **You need** notebooks 00 to 03. **Time:** about 80 minutes; the computer works for about one of them. Sections 5 to
# 7 can wait for another day; before you go on there, *Run → Run All Above Selected Cell*.

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
# for it is usually given as **top-1 accuracy** on ImageNet. That is a collection of photographs of 1,000 classes, such
# as goldfish, tabby cat and teapot. The networks learned from 1.28 million of them. Of 50,000 others, top-1 is the
# share whose class the network names at the first try.
#
# Before you see the table, predict. The bases of five networks have these parameters, in millions: MobileNetV2 2,
# EfficientNetB4 18, VGG16 15, ResNet50 24, DenseNet121 7. Which is slowest, which fastest, which most accurate?

# %% tags=["nbval-ignore-output"]
five = ["MobileNetV2", "EfficientNetB4", "VGG16", "ResNet50", "DenseNet121"]
widgets.choice("Which network?", ["slowest", "fastest", "most accurate"], five)

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
# - *Input*: side of the pictures for which its top-1 is given, in pixels. *Base gives*: height x width x channels.
# - *Download*: the file of the base, four bytes for every parameter.
# - *Ms a picture* and *memory*: one pass of the base over 8 pictures of that side; the fastest of several. Memory is
#   what it adds to the 0.6 GiB that TensorFlow takes alone. Training takes more of both.
# - *Top-1*: from Keras's table at keras.io/api/applications; for MobileNetV3, which is missing there, from its help
#   text in Keras.
#
# The rows are sorted by time. Read times as *about*: each network was measured in three rounds, and its time changed
# by up to a factor of two. A network with a third of another's time is faster; one with two thirds of it may not be.
# Compare with your prediction:

# %%
for one in found:
    if one.name in five:
        print(f"{one.name:15} {one.millions:5.1f} million  {one.milliseconds:4.0f} ms  {one.top_1} %")

# %% [markdown]
# **Look at** the order. MobileNetV2 is the fastest, and EfficientNetB4 the most accurate. VGG16 comes out as the
# slowest, but EfficientNetB4 is too near to it to be a wrong answer.
#
# Parameters are a poor guide to time. VGG16 has fewer of them in its base than ResNet50, 15 against 24 million, and
# takes about three times as long. EfficientNetB4 has 18 million, and takes about twice the time of ResNet50: its
# pictures have 380 x 380 pixels, nearly three times as many. Nor does time buy accuracy. VGG16 and MobileNetV2 are
# equally accurate, 71.3 %, and VGG16 takes about 17 times as long.
#
# A kernel is used once for each place of its maps. One in an early layer, with maps of 224 x 224 places, works a
# thousand times as often as one in a late layer with 7 x 7. So large pictures, and early layers with many channels,
# cost time; late layers with many channels cost parameters.
#
# Nor does the download say how much memory the work takes: that depends on the maps, too. And the range is wide: in the
# time that ConvNeXtXLarge takes for one picture, MobileNetV3Small does several hundred.
#
# ## 2. Which networks are never beaten
#
# No network is best in everything. But many are *beaten*: another is at least as accurate and costs no more, and is
# better in one of the two. Those that none beats form the **Pareto front**. With any other you pay for nothing, as far
# as these two numbers go.
#
# **Find out:** which families lie on the line when time counts, and which when the download counts? Where are VGG16 and
# ResNet50? Then set limits of your own.

# %% tags=["nbval-ignore-output"]
widgets.networks(found)

# %%
others = {"VGG16": "left", "InceptionV3": "left", "ResNet50": "right", "ConvNeXtBase": "right"}  # side of the name
fig, axs = plt.subplots(1, 2, figsize=(14, 6.5), sharey=True)
for ax, title in zip(axs, ("milliseconds a picture", "download (MB)")):
    points = {one.name: (getattr(one, zoo.COSTS[title]), one.top_1, one.family) for one in found}
    front = [one.name for one in zoo.front(found, zoo.COSTS[title])]
    plots.accuracy_cost(points, front, title, ax, named=others, legend=False)
fig.legend(*axs[0].get_legend_handles_labels(), loc="outside right", fontsize=9)
notebook.show(
    axs[0],
    "Published accuracy of forty networks against milliseconds and against download. In each panel a line, the Pareto "
    "front, rises steeply at first, then flattens. Far below it lie VGG16, InceptionV3 and ResNet50.",
)

# %% [markdown]
# **Look at** the line in each panel, and at which networks lie far below it. For time, about a third of the forty are
# on the line: MobileNetV3s, EfficientNets and EfficientNetV2s, and at its costly end two ConvNeXts. VGG16, InceptionV3
# and ResNet50, the most famous ones, are on neither line, nor on those for memory and parameters. They are in every
# tutorial, and they are easy to understand; but they are not what you would choose today. ConvNeXtBase touches the
# line, and is beaten all the same: EfficientNetV2M is as accurate, 85.3 %, and costs less.
#
# The line rises steeply at first and is nearly flat at its end. From MobileNetV3Small to EfficientNetV2B3 13.9 points
# of accuracy cost about 17 times the time; from there to the end of the line 4.7 points cost about 36 times as much
# again.
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
# is to be *added* to its input: the *residual*, that is, what is missing. So it is called a residual block. The slopes
# find a way back past the convolutions, and fifty or more layers can be trained. A 1 x 1 makes the maps fewer, then
# comes the 3 x 3, and another 1 x 1 brings them back: a *bottleneck*.

# %%
narrow = convolve(convolve(maps, 32, 1), 32, 3)
back = keras.layers.BatchNormalization()(keras.layers.Conv2D(128, 1, use_bias=False)(narrow))
residual = keras.Model(maps, keras.layers.ReLU()(keras.layers.Add()([maps, back])))
print(f"{residual.count_params():,} parameters")

# %% [markdown]
# **Depthwise separable, with a linear bottleneck** (MobileNetV2; Sandler et al. 2018). A plain convolution does two
# things at once: it looks at neighbours, and it mixes channels. A *depthwise* convolution only looks, with one kernel
# for each channel; a 1 x 1 convolution only mixes. Here the residual block is turned inside out, to an *inverted
# residual*: few channels go in, many are worked on, few come out. No ReLU follows the last step: on few channels it
# would throw away too much.

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
# behind which a base can be cut, or frozen up to there. First predict: in which of the four does the classifier hold
# most of the parameters?

# %% tags=["nbval-ignore-output"]
four = ("VGG16", "InceptionV3", "ResNet50", "MobileNetV2")
widgets.choice("Does the classifier hold more than half of the parameters?", four, ["yes", "no"])

# %%
keras.backend.clear_session()
bases, sizes = {name: outlines.outline(name) for name in four}, {}
for name, base in bases.items():
    classifier = outlines.outline(name, include_top=True).count_params() - base.count_params()
    sizes[name] = outlines.block_parameters(base) | {"classifier": classifier}
    print(f"{name:12} base {base.count_params():>11,}   classifier {classifier:>11,}")

# %%
fig, axs = plt.subplots(1, 4, figsize=(11.5, 4.6), sharex=True)
for ax, (name, parts) in zip(axs, sizes.items()):
    shares = [100 * count / sum(parts.values()) for count in parts.values()]
    ax.barh(list(parts), shares, color=["C0"] * (len(parts) - 1) + ["C1"])
    ax.set(title=name, xlabel="% of the parameters")
    ax.invert_yaxis()
    ax.tick_params(axis="y", labelsize=8)
notebook.show(
    axs[0],
    "Share of the parameters of each block, from input to output, and of the classifier, for four networks. The "
    "classifier of VGG16 has nearly nine tenths. In the others the blocks together have more, the late ones most.",
)

# %% [markdown]
# **Look at** the last, orange bar of each. VGG16 has nearly nine tenths of its parameters in the classifier, as you saw
# in notebook 01; you will throw this part away. The other three pool the last maps to one number each first, and need
# one dense layer only: a twelfth of InceptionV3 and of ResNet50. For the small MobileNetV2 even that is more than a
# third. In the bases the late blocks have most: late maps are small, but many.
#
# Now the ends. `include_top=False` leaves the classifier out. What is the last layer then, and what does it give?

# %%
from course_utils import cutting

for name, base in bases.items():
    blocks = cutting.blocks(base)
    print(f"{name:12} ends with {base.layers[-1].name}: {base.output.shape[1:]}; depth {outlines.depth(base)}")
    print(f"{'':12} can be frozen behind {len(blocks)} blocks: {', '.join(blocks[:2])} ... {blocks[-1]}")

# %% [markdown]
# In all four the maps at the end have 7 x 7 or 8 x 8 places, each of which sees a large part of the picture or all of
# it. The depths are smaller than in the table of section 1, since the dense layers of the classifier are gone: three in
# VGG16, one in each of the others. You freeze behind a whole block: inside, in all but VGG16, branches run side by
# side, or a connection goes past. The names of the blocks are what `training.train(..., freeze_depth=...)` takes.
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
# which number is larger. The network sees the numbers, not the look. There is no error message: it takes any numbers.
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
# hundred times too large: almost nothing is left.
#
# ### Wrong all along, or wrong in use
# Does it matter for transfer? There the head is new: it learns from whatever the base gives. If the preprocessing is
# wrong both in training and in use, the head can adapt. If it is right in training and wrong in use, it cannot. That
# happens when one person trains the network and another builds the program around it.
#
# We train a head of strategy 3 by each rule, on 256 pictures of the garden, and judge it by the same rule: wrong in
# both. The head of the right rule we judge by the other rules as well: wrong only in use. With eight classes guessing
# gives 12.5 %. Predict what is left in the second case:

# %% tags=["nbval-ignore-output"]
widgets.prediction("Accuracy, wrong only in use (%)", list(rules)[1:])  # the first rule is the right one

# %%
garden = data.task("garden")
small, new = data.sample(garden.train, 256, seed=1), data.sample(garden.test, 512, seed=1)
base = backbones.load("coursenet_guide")
pooled = keras.Model(base.input, keras.layers.GlobalAveragePooling2D()(base.output))


def features_of(part):
    """Return pooled features of pictures, by each rule."""
    return {name: pooled.predict(rule(part.images.astype("float32")), verbose=0) for name, rule in rules.items()}


seen, unseen = features_of(small), features_of(new)


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
print(f"{'rule':16}  in both  only in use")
for rule in rules:
    title = "-1 to 1 (right)" if rule == "-1 to 1" else rule
    print(f"{title:16}  {both[rule]:7.0%}  {in_use[rule]:11.0%}")

# %%
print("in both: more than half is right with every rule:", min(both.values()) > 0.5)
wrong = [rule for rule in rules if rule != "-1 to 1"]
print("wrong only in use is worse than wrong in both:", all(in_use[rule] < both[rule] - 0.05 for rule in wrong))
print("as they are, only in use: not much better than guessing:", in_use["as they are"] < 0.25)

# %% [markdown]
# **Look at** the two columns below the first row. A head can learn from features that come from wrong pictures, though
# it never gets as good: the base no longer sees what it was trained to see. But if the mistake comes in later, the head
# knows nothing of it. This is the worst case, and the accuracy measured in training does not show it.
#
# Is it the same on photographs, with a network from ImageNet? A command (`commands.preprocessing`) has measured
# MobileNetV2 with a third of its width (`alpha=0.35`) on photographs of 160 x 160 pixels: 256 for training, five
# repeats, a learning rate of its own for each preprocessing. Predict: how many points does *0 to 1* cost on cats and
# dogs?

# %% tags=["nbval-ignore-output"]
widgets.prediction("How many points does 0 to 1 cost on cats and dogs?", ["in both", "only in use"])

# %%
_, ax = plt.subplots(figsize=(9, 5))
plots.gains(preprocessing.costs(), ax).set_xlabel("accuracy lost against the right preprocessing (points)")
ax.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=2)
notebook.show(
    ax,
    "Accuracy lost by three wrong rules on three tasks, in both training and use, and only in use. Only in use as they "
    "are and BGR lose 18 to 42 points; 0 to 1 loses little, but 17 points on aerial scenes. In both, all lose less.",
)

# %% [markdown]
# **Look at** the two markers of each row.
#
# - *Cats and dogs*, where guessing gives 50 %: *0 to 1* in both costs 3.1 ± 1.0 points, and nobody suspects a mistake
#   behind 90 %. *As they are* only in use leaves a guess, 51.5 %.
# - *Malaria cells* are grey pictures, far from what the network was trained on. Here *0 to 1* in both was even
#   *better* than the right rule, by 2.7 ± 1.6 points. We did not look for the reason.
# - *Aerial scenes*, in colour, with seven classes: here every wrong rule costs, in both as well as only in use.
#
# The accuracies themselves:

# %%
Markdown(preprocessing.table())

# %% [markdown]
# So "the wrong rule always costs" is not true: a head can adapt, and far from the source another rule may suit by
# chance. But training and use should agree. Numbers of the wrong size (*as they are*, *BGR*) were clearly worse only in
# use than in both, on all three tasks. For *0 to 1* the means say the same, but only on aerial scenes is the difference
# clear. (Clear: the 95 % interval of the paired difference does not contain 0.)
#
# This is no rare mistake. In episode 5 of the Carpentries' *Introduction to deep learning*, a good open course, a
# DenseNet121 gets pixels from 0 to 1 (in the version that we read). Its weights want mean and spread. The code runs,
# the accuracy is far above that of a network trained from scratch, and nothing looks wrong.
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
# **With a photograph of your own.** If you are connected, you can let an ImageNet network name what it sees. This one,
# MobileNet with a quarter of its width, is a file of 2 MB; it names about half of ImageNet's photographs at the first
# try. Keras fetches it once, and the 1,000 names as well. Write the path of a photograph to the right of `photo =`.
# Without one, nothing happens.


# %%
def say_what_it_sees(photo):
    """Print the three likeliest classes of a photograph, by three rules."""
    picture = keras.utils.load_img(photo, target_size=(224, 224), keep_aspect_ratio=True)  # the middle, as a square
    pixels = np.array(picture, dtype="float32")[None]
    model = keras.applications.MobileNet(alpha=0.25)
    for rule in ("-1 to 1", "0 to 1", "as they are"):
        scores = model.predict(rules[rule](pixels), verbose=0)
        best = keras.applications.mobilenet.decode_predictions(scores, top=3)[0]
        print(f"{rule:12}", ", ".join(f"{name} {share:.0%}" for _, name, share in best))


# %% tags=["nbval-ignore-output"]
photo = None  # or a path: photo = "/home/me/dog.jpg"
if photo:
    try:
        say_what_it_sees(photo)
    except Exception as problem:
        print(f"This needs a photograph, and weights and names or a connection. {str(problem).splitlines()[0]}")

# %% [markdown]
# ## 5. What it was pre-trained on
#
# So far you compared architectures. But weights come from pictures. CourseNet was pre-trained on three sources: the
# drawn field **guide**, drawn microscope **slides**, and small **photos** of 200 classes. The architecture is the same
# each time, and so is the way of training on the target. Predict: which source is best for *garden* (flowers), and
# which for *biopsy* (tissue)?

# %% tags=["nbval-ignore-output"]
from course_utils import batch_norm, sources

cases = ["best for garden", "second for garden", "best for biopsy", "second for biopsy"]
widgets.choice("Which source?", cases, list(sources.SOURCES))

# %% [markdown]
# And how good are features of *random* weights, which never learned anything? Guessing gives 12.5 %.

# %% tags=["nbval-ignore-output"]
widgets.prediction("Accuracy on features of random weights (%)", ["garden", "biopsy"])

# %% [markdown]
# We freeze the base and train a head on 256 pictures: strategy 3, in plain Keras. (Random weights get
# batch-normalisation statistics that fit the pictures; otherwise their features would be far too small to learn from.)


# %%
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
on_garden = {source: strategy_3(source, small, new) for source in sources.SOURCES}
print({source: f"{accurate:.0%}" for source, accurate in on_garden.items()})

# %% tags=["nbval-ignore-output"]
biopsy = data.task("biopsy")
tissue, new_tissue = data.sample(biopsy.train, 256, seed=1), data.sample(biopsy.test, 512, seed=1)
on_biopsy = {source: strategy_3(source, tissue, new_tissue) for source in ("guide", "slides")}
print({source: f"{accurate:.0%}" for source, accurate in on_biopsy.items()})

# %%
order = [on_garden[source] for source in sources.SOURCES]
print("garden: guide before photos, photos before slides, slides before random:", order == sorted(order, reverse=True))
print("garden: guide more than 20 points ahead of all others:", order[0] - order[1] > 0.2)
print("biopsy: slides more than 15 points ahead of guide:", on_biopsy["slides"] - on_biopsy["guide"] > 0.15)

# %% [markdown]
# The same was recorded with five repeats, and a learning rate chosen for each case on validation pictures. The rows
# *warm start* are for later: there all is trained, from the same weights.

# %%
Markdown(sources.sources_table())

# %%
scores = {
    task: {source: metrics.mean_interval(sources.by_source(task, "strategy 3", source)) for source in sources.SOURCES}
    for task in sources.TASKS
}
ax = plots.by_source(scores, guessing=12.5)
ax.legend(loc="upper right")
notebook.show(
    ax,
    "Test accuracy of strategy 3 by source. Garden: guide 89 percent, photos 54, slides 42, random weights 25. Biopsy: "
    "slides 84 percent, guide and photos 58 each, random weights lowest. Guessing gives 12.5 percent.",
)

# %% [markdown]
# **Look at** the first row. The architecture and the training on the target are the same; the pre-training is not. With
# the guide 88.6 % of the garden is right, with photos 54.3 %, with slides 42.1 %. For biopsy it is the other way round:
# slides 83.5 %, guide 58.2 %.
#
# Then look at *photos*. These are real photographs of 200 kinds of things, and one might think that they are good for
# everything. For both tasks they are far behind the source that fits. And for tissue, features of photographs are no
# better than those of drawn flowers: 57.9 and 58.2 %.
#
# Take care what you conclude. The three pre-trainings did not come equally far: on its own held-out pictures the photo
# network names 41 % of 200 classes, the guide network 98 % of 64. And guide and garden are both drawn, as are slides
# and biopsy. CourseNet is small, and its photographs have 64 x 64 pixels. So this says nothing against ImageNet
# networks, which saw 1.28 million large photographs.
#
# With a frozen base, any pre-training was better than none: features of random weights come last on both tasks. (They
# are better than guessing, 12.5 %, since even random kernels react to colours and edges.)
#
# Now the rows *warm start* (three repeats for slides and photos). When all is trained, the wrong source costs less. For
# biopsy, guide and photos are only 6.4 and 7.2 points behind slides, where with a frozen base they were 25 behind. For
# garden, slides are no better than random weights, as far as we can tell: 64.9 ± 7.8 against 62.6 ± 5.7 %. The source
# that fits is first in every row.
#
#
# ## 6. Does a better network transfer better?
#
# Kornblith et al. (2019) took 16 networks and 12 data sets. Between accuracy on ImageNet and accuracy on the new task
# they found a correlation of r = 0.99 with fixed features (our strategy 3) and 0.96 with fine-tuning (from the paper's
# abstract). With r = 1 all networks would lie on one rising line; r = 0 would mean that there is no such trend. If that
# holds, the column *top-1* of our table tells you how good a start a network is.
#
# The same abstract warns: with fixed features this depends on how the network was trained. *Regularisation* is the name
# for what keeps a network from learning its pictures by heart; dropout, which switches off some numbers at random in
# training, is one kind. Many common kinds raise top-1 a little, and make the features much worse for new tasks. The
# weights in our table come from many recipes.
#
# We ask it in two ways. **First**, the same architecture, pre-trained on the same guide for 1, 2, 5 and 20 epochs, and
# for none. A shorter training gives a worse network: does it give worse features? **Second**, two narrow networks from
# ImageNet on photographs: MobileNet with a quarter of its width (49.8 % top-1) and MobileNetV2 with a third (60.3 %).
# These two values hold at 224 x 224 pixels; our photographs have 160 x 160.
#
# What counts was written down before: the claim *holds* on a task, if the better source network is ahead and the 95 %
# interval of the paired difference does not contain 0; it *fails*, if the interval lies below 0; else it stays *open*.
# Of the pre-trainings, the 20 epochs are compared with the one.

# %% tags=["nbval-ignore-output"]
ways = [f"{task}, {way}" for task in sources.TASKS for way in sources.WAYS]
questions = [*ways, "cats and dogs", "malaria cells", "aerial scenes"]
widgets.choice("Is the better source network the better start?", questions, ["holds", "open", "fails"])

# %%
Markdown(sources.budgets_table())

# %% [markdown]
# The rows *warm start* have three repeats in every column, so that the columns can be compared. Section 5 had five for
# the guide and for random weights. That is why its numbers are a little different: in the garden 89.8 and 62.6 %, here
# 90.0 and 62.9 %.

# %%
pages_named = {epochs: sources.source_accuracy(epochs) for epochs in (0, 1, 2, 5, 20)}
_, axs = plt.subplots(1, 2, figsize=(11, 4), sharey=True)
for ax, way in zip(axs, sources.WAYS):
    repeats = {task: sources.by_budget(task, way) for task in sources.TASKS}
    curves = {task: {n: metrics.mean_interval(repeats[task][n]) for n in pages_named} for task in repeats}
    plots.transfer(curves, pages_named, ax).set_title(way)
notebook.show(
    axs[0],
    "Accuracy of strategy 3 and of warm start by source network, from none to 20 epochs. Strategy 3: garden rises at "
    "every step, 26 to 89 percent; biopsy from 17 to 57 with one epoch, then stays near 60. Warm start: garden rises "
    "from 63 to 90, biopsy from 68 to 82.",
)

# %% [markdown]
# **Look at** the left panel first. To the right the source network gets better; the steps are not drawn to scale. For
# garden, near the guide, the claim *holds*: at every step the mean rises, and 20 epochs are 14.9 ± 1.7 points ahead of
# one. For biopsy, far from the guide, it stays *open*: 1.6 ± 3.2 points. One epoch of pre-training brought nearly 40
# points over random weights; what the network learned about the guide after that was of no measurable use for tissue.
# The network of two epochs, which names 86 % of the pages, is even 4.4 ± 1.6 points *ahead* of that of 20. (We noticed
# this after we had seen the table, so take it as a hint only.)
#
# In the right panel, with *warm start*, the claim *holds* on both tasks: 13.1 ± 5.9 points in the garden, 4.9 ± 3.6 on
# the biopsy, with three repeats. So a longer pre-training was of use for tissue, too, as soon as the base could adapt.
#
# Now the photographs: 256 for training, the base frozen, five repeats.

# %%
Markdown(sources.photographs_table())

# %% [markdown]
# **Look at** the last column. On cats and dogs and on malaria cells the claim holds, by the rule; on aerial scenes it
# stays open. But compare the sizes: 10.5 points of top-1 between the two became less than 2 points on each task. (The
# two differ in more than their top-1: MobileNetV2 gives 1,280 features for each place, MobileNet 256.)
#
# So top-1 is worth something, and less than it seems. Kornblith et al. compared more networks on more data sets; all of
# them were pre-trained on the same photographs. Within one source, the better network was the better start in five of
# our seven comparisons, and in two we could not tell. Between sources, ask first which one is near.
#
# ## 7. Weights that are not here
#
# The course brings the weights of CourseNet with it. Those of ImageNet networks are downloaded by Keras when you ask
# for them, once. What is on this machine already?

# %% tags=["nbval-ignore-output"]
from course_utils import networks, weights_files

here = weights_files.offline_names()
missing = sorted((one.megabytes, one.name) for one in found if one.name not in here)
print("here:", ", ".join(here))
print(f"missing: {len(missing)}, the smallest:", ", ".join(f"{name} ({size:.0f} MB)" for size, name in missing[:5]))

# %% [markdown]
# Three ways to get one:
#
# - **Connected**: call `backbones.load("ResNet50")`, or `keras.applications.ResNet50(include_top=False)`. Keras keeps
#   the file: in this course in `.cache/keras/models`, in plain Keras in `~/.keras/models`, unless the variable
#   `KERAS_HOME` says otherwise. `weights_files.model_folders()` gives the folders.
# - **By hand**: bring the file on a stick, and put it into one of these folders, or into one that the variable
#   `COURSE_WEIGHTS` names. `networks.find(name).weights_file` is its name. In those of MobileNets `{alpha}` stands for
#   the width, such as 1.0, and `*` for the side, such as 224; MobileNet, the first version, writes its width as `1_0`.
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
# about seven times the time. ConvNeXtXLarge is 11.1 points more accurate, takes about 250 times the time, and fits
# into no small machine. For a first try on an ordinary computer, the first three rows are enough.
#
# In which order to decide:
#
# 1. **What has it learned from?** Look for weights whose source is near to your pictures. On our drawn tasks the near
#    source was 25 and 34 points ahead of the next one with a frozen base, and 6 and 20 points with warm start (section
#    5). Twenty times the epochs of pre-training brought at most 15 (section 6).
# 2. **What can you afford?** Time, memory and download are limits; within them, take a network on the Pareto front.
# 3. **Start small.** With a small network you try ten things in the time of one. Take the larger one at the end, if it
#    is worth it, with what you learned.
# 4. **Preprocess with its own function**, in training and in use.
# 5. **Measure.** A higher top-1 is a reason to try a network, not a proof: it comes from the recipe of its training as
#    well. Let validation pictures decide.
#
# ### Exercise 5
# Your turn to choose. You have 400 photographs of flowers, a laptop, and a slow connection: the download may have 30
# MB, and a picture may take 50 ms. There is more than one good answer: take a network that no other of the table beats
# in accuracy, download and time together. Give a dict with three keys: the `"name"` of the network, its
# `"preprocessing"` (one of the five rules of section 4), and the name of the `"last layer"` of its base.

# %%
answer = None  # {"name": ..., "preprocessing": ..., "last layer": ...}
checks.check("04.5", answer)

# %% [markdown]
# With its weights on your machine you would go on as in notebook 02: `backbones.load(name)` is the base, frozen by
# `backbones.freeze`; `backbones.attach_head` adds a head; and `backbones.preprocess(name, images)` prepares pictures.
#
# ## What you have seen
#
# - Download, memory, time and parameters are different costs. Parameters tell little about time. The most famous
#   networks are beaten in both, cost and accuracy, by newer ones.
# - Four ideas come back everywhere: stacked 3 x 3 convolutions, parallel branches, skip connections, and depthwise
#   separable convolutions. A base ends before the pooling of the classifier, and is frozen behind a whole block.
# - Each network wants its pictures in its own way. A wrong way gives no error message. If it is wrong all along, it
#   mostly costs some accuracy; if it is wrong only in use, it can cost everything.
# - What a network was pre-trained on decided much: from 42 to 89 % for the same architecture on the same task. A longer
#   pre-training was the better start near the source; far from it, only when everything was trained. On photographs,
#   10.5 points of top-1 were worth less than 2.
# - If weights are missing, stop with a message; never go on with random ones.
#
# Which strategy suits your task? That depends on how many pictures you have and how near they are to the source. In
# notebook 05 you place tasks on the size-similarity chart, and see where its advice holds.
