# %% [markdown]
# # 01 · Look inside a convolutional network
#
# In notebook 00 a network named flowers. Here you take such a network apart. You compute one of its numbers by hand,
# watch a picture travel through it, and measure what its early and its late layers know. At the end you find out
# where the 138 million parameters of a famous network sit.
#
# **You will learn to**
# 1. say what convolution, activation, pooling and softmax do, and compute shapes and numbers of parameters;
# 2. name the convolutional base and the classifier, and say what each is for;
# 3. tell general features from specific ones, and say in which layers they are.
#
# **You need** notebook 00. **Time:** about 40 minutes; the computer works for about one of them.

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
from course_utils import anatomy, backbones, checks, data, diagrams, manifest, notebook, plots, records, widgets
from course_utils.commands import blocks

notebook.start()

# %%
import keras
import matplotlib.pyplot as plt
import numpy as np

# %% [markdown]
# ## 1. One filter, by hand
#
# For a computer a picture is a block of numbers: height x width x 3, one number each for red, green and blue. We take
# one flower, and of its colours only the mean, so that there is one number for each pixel.

# %%
garden = data.task("garden")
flower = garden.train.images[3]
grey = flower.mean(axis=2)
print("colour picture", flower.shape, " grey picture", grey.shape)

# %% [markdown]
# A **filter** (or kernel) is a small square of numbers. This one has 3 x 3. It is put on a patch of the picture,
# numbers that lie on each other are multiplied, and all nine products are added.

# %%
edge = np.array([[-1, 0, 1], [-1, 0, 1], [-1, 0, 1]])
patch = grey[21:24, 31:34].round()
print(patch)
print("sum of the products:", int((patch * edge).sum()))

# %% [markdown]
# The result is large because the right side of this patch is much brighter than the left side. Where both sides are
# equally bright it is near zero; where the left side is brighter it is negative. So this filter finds vertical edges.
# Now we put it on *every* patch of the picture. That is a **convolution**.

# %%
rows, columns = 62, 62  # a 3 x 3 patch fits 62 times beside each other into 64 pixels
response = np.zeros((rows, columns))
for row in range(rows):
    for column in range(columns):
        response[row, column] = (grey[row : row + 3, column : column + 3] * edge).sum()

# %% [markdown]
# Networks do the same many times faster. Keras, given our filter, gets the same numbers:

# %%
by_keras = keras.ops.conv(grey[None, :, :, None].astype("float32"), edge[:, :, None, None].astype("float32"))
print("same as Keras:", np.allclose(response, by_keras[0, :, :, 0], atol=0.1))

# %% [markdown]
# **Activation.** What follows a convolution is a simple function that is not a straight line; without it, many layers
# could do no more than one. CourseNet uses **ReLU**: negative numbers become zero.
#
# **Max pooling.** Then the picture of responses is made smaller: of every 2 x 2 values only the largest is kept.
# Where exactly the edge was matters less than that it was there.

# %%
activated = np.maximum(response, 0)
pooled = activated.reshape(31, 2, 31, 2).max(axis=(1, 3))
print(response.shape, "-> pooling ->", pooled.shape)

# %%
fig, axs = plt.subplots(1, 4, figsize=(11, 2.9))
steps = {"grey picture": grey, "convolution": response, "ReLU": activated, "max pooling": pooled}
for ax, (name, image) in zip(axs, steps.items()):
    plots.picture(image, ax).set_title(name)
notebook.show(
    axs[0],
    "Four pictures of a flower: grey; after the convolution, with bright and dark edges on grey; after ReLU, only the "
    "bright edges on black; after pooling, the same at half the size.",
)

# %% [markdown]
# **Look at** the second picture: left edges of bright stripes are white, right edges black. ReLU keeps only one kind.
# A second filter with opposite signs would keep the other.
#
# ### Exercise 1
# The patch below lies under the filter `edge`. Which number comes out of the convolution, and then out of ReLU?
# Give the number after ReLU.
#
# |   |   |   |
# | - | - | - |
# | 9 | 5 | 1 |
# | 9 | 5 | 1 |
# | 9 | 5 | 2 |

# %%
answer = None
checks.check("01.1", answer)

# %% [markdown]
# ## 2. Shapes and parameters
#
# A convolutional layer has many filters, and each filter gives one **feature map**; the maps of a layer are called
# its **channels**, as are red, green and blue of a picture. Three more choices decide the layer's output: the size of
# the kernel; the **stride**, which is how many pixels it moves from place to place; and the **padding**, zeros put
# around the picture so that the kernel can also stand on its border.
#
# Move the sliders. **Find out:** with padding *same*, which stride halves the picture? Why does the number of
# parameters not depend on the size of the picture? What happens if the kernel is larger than the picture, with
# padding *valid* (none)?

# %% tags=["nbval-ignore-output"]
widgets.convolution()

# %% [markdown]
# Stride 2 halves the picture. A filter is used again at every place, so the size of the picture adds no parameters. A
# kernel larger than the picture fits nowhere: with *valid* there is no output. The rules are:
#
# - *valid*: output side = (side - kernel) / stride, rounded down, plus 1. Side 8, kernel 3, stride 2 give 3.
# - *same*: output side = side / stride, rounded up. Side 8 and stride 2 give 4.
#
# Every filter sees all the channels below it. So a filter has kernel x kernel x channels weights, and one bias:
#
# parameters = filters x (kernel x kernel x channels + 1)
#
# ### Exercise 2
# Pictures of 64 x 64 x 3 go into `Conv2D(32, kernel_size=5, strides=2, padding="valid")`. What is the shape of the
# output of one picture? Give a tuple, such as `(64, 64, 3)`.

# %%
answer = None
checks.check("01.2", answer)

# %% [markdown]
# ## 3. A whole network: base and classifier
#
# CourseNet stacks such layers in five **blocks**. Together they are the **convolutional base**: it turns a picture
# into features. Behind it comes the **classifier** (or head), which turns features into a class.

# %%
base = backbones.load("coursenet_guide")
shapes = diagrams.shapes_of(base)
notebook.show(
    diagrams.base_and_classifier(flower, shapes, garden.class_names),
    "A flower goes through five boxes, block 1 to block 5, which get smaller up to block 4 and together are the "
    "convolutional base, then through a box called classifier, to eight names of species.",
)

# %% [markdown]
# **Look at** the numbers below the boxes. Up to block 4 the maps get smaller, 32 x 32 to 4 x 4, and in every block
# there are more of them, 16 to 128: less and less *where*, more and more *what*. Block 1 halves the picture by its
# stride, blocks 2 to 4 by pooling at their end. The next cell shows the convolutions *before* that pooling.

# %%
for name in ("block1_conv1", "block2_conv1", "block3_conv1", "block3_conv2", "block4_conv1", "block5_conv2"):
    layer = base.get_layer(name)
    print(f"{name}  output {layer.output.shape[1:]!s:13}  {layer.count_params():7,} parameters")
print(f"whole base {base.count_params():,}")

# %% [markdown]
# (CourseNet's convolutions have no bias. The *batch normalisation* behind each of them brings its outputs to a
# similar range and adds a number that does the work of the bias.)
#
# The classifier is **fully-connected**: every output is joined to every value of the layer before by a weight of its
# own. That is many weights, even for few units:

# %%
notebook.show(
    diagrams.fully_connected((6, 5, 3)),
    "Three columns of circles with 6, 5 and 3 units. Lines join every unit with every unit of the column before. The "
    "six lines into one unit are drawn in colour.",
)

# %% [markdown]
# **Look at** the thick, coloured lines: one unit alone has six weights, one for every input. A filter of a convolution
# is thriftier: it uses the same few weights, 3 x 3 for each channel, at every place of the picture.
#
# **Softmax.** What leaves the classifier are scores, any numbers. Softmax makes shares of them that add up to one:
# each score becomes e to the power of the score, divided by the sum over all classes.

# %%
scores = np.array([2.0, 1.0, -1.0])
shares = np.exp(scores) / np.exp(scores).sum()
print(shares.round(2), "sum", shares.sum().round(6))

# %% [markdown]
# ## 4. What the layers see
#
# The filters of the first layer work on colours directly, so they can be drawn as small pictures.

# %%
filters = base.get_layer("block1_conv1").get_weights()[0]  # (3, 3, 3, 16)
light = (filters - filters.min()) / (filters.max() - filters.min())
fig, axs = plt.subplots(2, 8, figsize=(9, 2.4))
for number, ax in enumerate(axs.flat):
    plots.picture(light[..., number], ax)
notebook.show(
    axs[0, 0], "The sixteen filters of the first layer as squares of 3 x 3 coloured pixels: edges, spots and colours."
)

# %% [markdown]
# **Look at** the kinds: some filters are light on one side and dark on the other, as our `edge` was; some prefer a
# colour. Nobody designed them. They were learned from the field guide.
#
# Now choose a block and a picture. The bright spots of a map are where its feature was found. The photograph shows
# Grace Hopper, who wrote one of the first compilers; it comes with matplotlib. With *bring a picture* you can use
# your own. **Find out:** in which block do you still recognise the picture? Compare the base that learned from drawn
# pages with the one that learned from photographs: in which block are they alike?

# %%
from matplotlib.cbook import get_sample_data

from course_utils.reading import read_picture

photograph = read_picture(get_sample_data("grace_hopper.jpg", asfileobj=True).read(), 160)
biopsy = data.task("biopsy")
pictures = {"flower": flower, "photograph": photograph, "tissue": biopsy.train.images[0]}

# %% tags=["nbval-ignore-output"]
widgets.feature_maps(["coursenet_guide", "coursenet_photos"], pictures)

# %% [markdown]
# **And the late layers?** A map of 4 x 4 values says little to the eye. So we ask differently: which pictures make
# one unit of the last block, that is one of its 128 maps, answer most? Here are the pages of the field guide that
# were kept aside when the base was trained. Every unit gets one number for a picture, the mean of its map.

# %%
pages, _ = data.read_pictures(manifest.verified("sources/guide_held_out.zip"), 64)
inputs = backbones.preprocess("coursenet_guide", pages.images)
strength = base.predict(inputs, verbose=0).mean(axis=(1, 2))  # (1024, 128)
print(strength.shape)

# %% tags=["nbval-ignore-output"]
widgets.strongest(strength, pages.images)

# %% [markdown]
# **Find out:** what do the eight pictures of a unit have in common: a kind of plant, a shape, a pattern? Is colour
# among it? Some units are easy to name, others are not: nobody asked the network for features with names.
#
# **How much of the picture does a unit see?** A unit of the first layer sees 3 x 3 pixels. A unit of the second sees
# 3 x 3 units of the first, and through them more pixels, and so on. What it sees is its **receptive field**.

# %%
fields = anatomy.receptive_fields(base)
last_of_block = {name.split("_")[0]: size for name, (size, _) in fields.items()}
print(last_of_block)

# %%
ax = plots.receptive_fields(flower, last_of_block)
notebook.show(
    ax,
    "A flower with squares drawn around its middle: a unit of block 1 sees 3 x 3 pixels, block 2 sees 9 x 9, block 3 "
    "sees 29 x 29; the squares of blocks 4 and 5 are larger than the picture.",
)

# %% [markdown]
# **Look at** the jump from block 2 to block 3. A unit of block 2 sees a stripe or a corner. One of block 3 sees half
# the width of a flower. The field of block 4 is a little wider than the picture, but none of its 4 x 4 units stands
# exactly in the middle, so each still misses a border. In block 5 every unit sees the whole picture.
#
# ### Exercise 3
# Two convolutions follow each other, both with 3 x 3 kernels and stride 1. How many pixels wide is the receptive
# field of the second one?

# %%
answer = None
checks.check("01.3", answer)

# %% [markdown]
# ## 5. General and specific, measured
#
# Textbooks say: features near the input are **general**, useful for any task; features near the output are
# **specific** to the task that the network was trained on. If that is so, then how far from the input we should read
# the features depends on how near the new task is. We can measure it.
#
# We freeze the base that learned from the field guide. Behind each of its five blocks we put a **linear probe**: the
# block's maps, each averaged to one number, and one dense layer trained on a new task. The better the probe, the more
# of the task can be read off this block. In plain Keras, for block 3:

# %%
block3 = keras.Model(base.input, base.get_layer("block3_pool").output)
some = data.sample(garden.train, 400, seed=1)
maps = block3.predict(backbones.preprocess("coursenet_guide", some.images), verbose=0)
features = maps.mean(axis=(1, 2))
print("maps", maps.shape, "-> features", features.shape)

# %%
scale = keras.layers.Normalization()
scale.adapt(features)  # every feature gets mean 0 and spread 1
probe = keras.Sequential([keras.Input(features.shape[1:]), scale, keras.layers.Dense(8)])
loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
probe.compile(keras.optimizers.Adam(0.01), loss, metrics=["accuracy"])
history = probe.fit(features, some.labels, epochs=30, verbose=0)

# %% tags=["nbval-ignore-output"]
test_maps = block3.predict(backbones.preprocess("coursenet_guide", garden.test.images), verbose=0)
accuracy = probe.evaluate(test_maps.mean(axis=(1, 2)), garden.test.labels, verbose=0, return_dict=True)["accuracy"]
print(f"probe behind block 3: {accuracy:.0%} of the test pictures of garden right; guessing: 12.5 %")

# %% [markdown]
# Before you see the rest, predict. Three tasks are **near** (garden: flowers, as in the guide), in the **middle**
# (butterflies: another family, drawn in the same style) and **far** (biopsy: tissue). Behind which block will the
# probe be best for each?

# %% tags=["nbval-ignore-output"]
widgets.choice("Best block for the probe?", ["garden (near)", "butterflies (middle)", "biopsy (far)"], list(shapes))

# %% [markdown]
# A command of the course has trained these probes on 1,024 pictures of each task, five times each.

# %%
rows = records.read("blocks")
order = ("garden", "butterflies", "biopsy")  # near, middle, far
guide = blocks.curves(rows, "coursenet_guide")
notebook.show(
    plots.accuracy_lines({task: guide[task] for task in order}, "probe behind"),
    "Accuracy of a linear probe behind blocks 1 to 5 of the base that learned from the guide. All three tasks rise up "
    "to block 3. Then garden and butterflies rise more, to above 90 percent; biopsy falls from 78 to 68 percent.",
)

# %% [markdown]
# **Look at** blocks 1 to 3. Each brings more than the one before, for all three tasks: what they find is of use even
# for tissue. (Each block also has more features than the one before.) Behind block 3 the lines part. For flowers and
# butterflies block 4 brings still more; for tissue it takes away. The last blocks have turned to what tells plants
# and shells apart, and have lost some of what tells tissue apart: they are more **specific**.
#
# And the last block? Even for flowers it is a little worse than block 4. It has learned to tell the 64 kinds of the
# guide apart, and the garden has other kinds.
#
# Is that so because of the guide, or would every base show it? Here are four: pre-trained on the guide, on slides of
# tissue, on small photographs, and not at all.

# %%
fig, axs = plt.subplots(1, 4, figsize=(10.5, 3.6), sharey=True)
bases = {"guide": True, "slides": True, "photos": True, "random weights": False}
for ax, (name, learned) in zip(axs, bases.items()):
    curves = blocks.curves(rows, f"coursenet_{name if learned else 'guide'}", learned)
    plots.accuracy_lines({task: curves[task] for task in order}, "probe behind", ax).set_title(name)
    ax.tick_params(axis="x", rotation=45)
    ax.legend().set_visible(ax is axs[0])
notebook.show(
    axs[0],
    "The same chart for four bases. Guide: garden and butterflies end high, biopsy falls. Slides: biopsy stays high, "
    "garden and butterflies fall. Photos: all are best behind block 3 or 4. Random weights: at most about 50 percent.",
)

# %% [markdown]
# **Look at** *slides*, beside *guide*: the roles are swapped. Now tissue is the near task and stays high to the end,
# while flowers and butterflies fall behind block 3. So it is not the task that is easy or hard: it is the *pair* of
# what the base has seen and what it is asked to learn. Compare the two for garden: behind block 1 they are 4 points
# apart, behind block 3 24, behind block 5 38. From **general** to specific is a slope, not a step.
#
# To the base that learned from photographs nothing here is near: no task gets above 78 %, and all of them end lower
# than they were. And in none of the three is the last block clearly the best, not even for the near task. Random
# weights do better than guessing (12.5 %), and for tissue as well behind two blocks as the photographs' base. But the
# learned bases get better with depth, and they do not.
#
# This is the heart of transfer learning. Near the input it matters little what a base has learned from; near the
# output it matters much. In notebook 02 you use it to decide how much of a base to keep.

# %% [markdown]
# ## 6. A famous network: VGG16
#
# VGG16 (Simonyan and Zisserman, 2014) is a larger sibling of CourseNet: five blocks of 3 x 3 convolutions, pictures
# of 224 x 224, 1,000 classes. Its base can be built here in a second; without `weights="imagenet"` it is filled with
# random numbers, which is enough to look at shapes.

# %%
vgg = keras.applications.VGG16(weights=None, include_top=False, input_shape=(224, 224, 3))
sizes = {}
for layer in vgg.layers[1:]:
    block = layer.name.split("_")[0]
    sizes[block] = sizes.get(block, 0) + layer.count_params()
print(*(f"{block}: {count:,} parameters" for block, count in sizes.items()), f"base: {vgg.count_params():,}", sep="\n")

# %%
notebook.show(
    diagrams.network(diagrams.shapes_of(vgg), start="", n_classes=1000, head="classifier"),
    "Five boxes and a classifier. The maps shrink from 112 x 112 x 64 after block 1 to 7 x 7 x 512 after block 5.",
)

# %% [markdown]
# **Look at** the numbers below the boxes: as in CourseNet, smaller maps and more of them, only on a larger scale.
#
# The last maps are 7 x 7 x 512. VGG16's classifier makes one long row of these 25,088 values, a step called
# **flatten**. Then come three fully-connected layers with 4,096, 4,096 and 1,000 units. Building them would take half
# a gigabyte, so we compute how large they are. Every output has a weight for every input, and a bias:
#
# parameters = outputs x (inputs + 1)
#
# ### Exercise 4
# How many parameters does the first fully-connected layer have, from 25,088 values to 4,096?

# %%
answer = None
checks.check("01.4", answer)

# %%
side, _, channels = vgg.output.shape[1:]
sizes["dense 1"] = anatomy.dense_parameters(side * side * channels, 4096)
sizes["dense 2"] = anatomy.dense_parameters(4096, 4096)
sizes["dense 3"] = anatomy.dense_parameters(4096, 1000)
total = sum(sizes.values())
print(f"{total:,} parameters, {sizes['dense 1'] / total:.0%} of them in the first fully-connected layer")

# %%
notebook.show(
    plots.parameter_bars(sizes),
    "Bars: the five blocks of VGG16 have up to 7 million parameters each; the first fully-connected layer has "
    "103 million, the other two 17 and 4 million.",
)

# %% [markdown]
# **Look at** the bars: the base does the seeing with 15 million parameters, and the classifier, which transfer
# learning throws away, holds nearly nine out of ten. A head of global average pooling instead averages each of the
# 512 maps to one number. For the eight classes of garden it would have:

# %%
print(f"{anatomy.dense_parameters(512, 8):,} parameters")

# %% [markdown]
# ## What you have seen
#
# - A convolution puts a small filter on every place of a picture. Its parameters depend on kernel, channels and
#   filters, not on the size of the picture.
# - The base turns a picture into features, less and less where, more and more what. The classifier names the class.
# - Features near the input were general: there it mattered little what the base had learned from. The nearer to the
#   output, the more it mattered; far tasks did better with block 3 than with the last blocks.
# - In VGG16 nearly nine of ten parameters sit in the classifier.
#
# In notebook 02 you decide how much of a base to keep: nothing, a part, or all of it.
