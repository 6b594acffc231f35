# %% [markdown]
# # 00 · Start here: see what transfer learning does
#
# You have 100 pictures of flowers, and a network that must learn to name eight species. One hundred pictures are
# few. In this notebook you train the same network twice on them: once from nothing, and once on top of what it
# learned from *other* pictures. Then you compare.
#
# **You will learn to**
# 1. check that your machine is ready, and run a notebook;
# 2. name the two parts of a convolutional network, the base and the head, and say which one is reused;
# 3. read learning curves, and tell whether a network learned the species or only its own pictures.
#
# **You need** a little Python. **Time:** about 20 minutes; the computer works for about one of them.
#
# **How to run it.** Click into the first grey cell below and press `Shift` + `Enter`: the cell runs, and the next one
# is selected. Go from top to bottom. The results that you see already are those of an earlier run; yours take their
# place. If you lose your way, choose *Run → Run All Cells* in the menu. The first two cells find the course's files
# and load its tools; you need not read them. (On Colab the first one may ask for an address: paste that of the page
# where you found the course.) Without a mouse: `Tab` goes from control to control, arrows move a slider, `Space`
# opens a list, arrows and `Enter` choose.
#
# **After a pause**, or when the kernel has restarted, Python has forgotten everything, and says `NameError`. Click
# into the cell with which you want to go on, and choose *Run → Run All Above Selected Cell*. The answers in your
# cells and your ✓ stay. The map of the course, with minutes, is in section 9; words that you do not know are in the
# [glossary](glossary.md).

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
from course_utils import backbones, checks, data, fitting, manifest, notebook, plots, progress, records, widgets
from course_utils.commands import first_look, preflight

notebook.start()

# %% [markdown]
# ## 1. Is this machine ready?
#
# The course needs no graphics card and no network. It needs some memory, some room on the disk, and its own files.

# %% tags=["nbval-ignore-output"]
print(preflight.text())

# %% [markdown]
# Each line with a ✓ is fine. A line with a ✗ says what was expected; the README tells how to put it right. Below them
# stand the networks that have already been trained and that you can use without a connection.
#
# ## 2. The task: name the flower
#
# The course comes with small worlds of drawn pictures, so that we know exactly what is in them. This one is the
# **garden**: eight species, in any colour, under any light, with grass and leaves in the way.

# %%
garden = data.task("garden")
print(len(garden.class_names), "species,", len(garden.train), "pictures to train on,", len(garden.test), "to test with")

# %%
notebook.show(
    plots.contact_sheet(garden.train, garden.class_names, per_class=8),
    "Eight rows of drawn flowers, one row a species, each flower in another colour and place. Four species have five "
    "petals; the other four have the same shapes and patterns, but six petals.",
)

# %% [markdown]
# **Look at** the first row and the fifth. Both have pointed, striped petals; only their number tells them apart, five
# or six. Colour tells nothing at all. And some pictures are hard: small, tilted, half hidden by grass.
#
# We take 100 of the pictures to learn from, and 200 others to watch the progress on. No picture is in both groups: a
# network is judged only on pictures that it has never seen.

# %%
drawn = data.sample(garden.train, 300, seed=1)
hundred, new = data.split(drawn, share=2 / 3, seed=1)
print(len(hundred), "pictures to learn from,", len(new), "new ones to watch")

# %% [markdown]
# ### Exercise 1
# How often would a blind guess be right, in percent? Replace `None` and run the cell. If you want help, run
# `checks.hint("00.1")`, or `checks.solution("00.1")`, in a new cell.

# %%
answer = None
checks.check("00.1", answer)

# %% [markdown]
# ## 3. The network: a base and a head
#
# A convolutional network has two parts. The **base** turns a picture into features: how much of this edge, that
# stripe, that petal tip is there. The **head** (or classifier) turns features into an answer: the species. Our
# network is called CourseNet. The name `"coursenet_guide"` means CourseNet with what it learned from a field guide;
# that comes in section 6. With `weights=None` its base is filled with random numbers: it has learned nothing yet.

# %%
base = backbones.load("coursenet_guide", weights=None)
print(f"picture {base.input_shape[1:]} -> base -> feature maps {base.output_shape[1:]}")
print(f"{base.count_params():,} numbers in the base")

# %% [markdown]
# The base gives 128 maps of 4 x 4 values, one map for each feature. The head averages each map to a single number and
# joins these 128 features to eight outputs, one for each species. Every feature is joined to every output by one
# number, a *weight*; every output has one more number of its own, its *bias*. In Keras, base and head make one model:

# %%
import keras


def put_head_on(base):
    """Join a base and a new head for eight classes."""
    return keras.Sequential([base, keras.layers.GlobalAveragePooling2D(), keras.layers.Dense(8)])


# %% [markdown]
# ### Exercise 2
# How many numbers does this head have to learn?

# %%
answer = None
checks.check("00.2", answer)

# %% [markdown]
# ## 4. Predict
#
# We are about to train twice on the same 100 pictures:
# - **from scratch**: the base starts from random numbers, and everything is trained;
# - **pre-trained base**: the base has already learned to name 64 kinds of *other* flowers, leaves and shells. It stays
#   as it is; only the head is trained.
#
# Set the two sliders to what you expect, or write it on paper, before you scroll down. Nobody checks or keeps it. You
# will learn more from the result if you have guessed first.

# %% tags=["nbval-ignore-output"]
widgets.prediction("How many of 100 new flowers will each one name correctly?", ["from scratch", "pre-trained base"])

# %% [markdown]
# ## 5. Train from scratch
#
# Networks expect their pictures in a certain range of numbers. For CourseNet it is -1 to 1, and `preprocess` takes
# care of it.

# %%
inputs = backbones.preprocess("coursenet_guide", hundred.images)
new_inputs = backbones.preprocess("coursenet_guide", new.images)
print("pixels", hundred.images.min(), "to", hundred.images.max(), "become", inputs.min(), "to", inputs.max())

# %% [markdown]
# Training is plain Keras. The **loss** says how wrong the answers are; `from_logits=True` tells it that the head
# gives plain scores, one for each species, and not yet shares of 100 %. The **optimiser**, here Adam, changes the
# numbers in the network to make the loss smaller; the **learning rate** says how large each change is. `fit` walks
# through the 100 pictures 25 times; each walk is an **epoch**. The two callbacks do something after every epoch: one
# keeps the network's answers for later, the other shows the progress.

# %%
from tqdm.keras import TqdmCallback


def train(model, learning_rate):
    """Train for 25 epochs; return the history and the answers to the first new pictures."""
    log = fitting.AnswerLog(new_inputs[:8])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(learning_rate), loss, metrics=["accuracy"])
    watched = (new_inputs, new.labels)
    callbacks = [log, TqdmCallback(verbose=0, leave=False)]
    history = model.fit(inputs, hundred.labels, epochs=25, validation_data=watched, callbacks=callbacks, verbose=0)
    return history.history, log.answers


# %% [markdown]
# Each way of training gets a learning rate that did well on pictures set aside for the choice, in longer tries.

# %%
first_look.RATES

# %% tags=["nbval-ignore-output"]
scratch = put_head_on(backbones.load("coursenet_guide", weights=None))
scratch_history, scratch_answers = train(scratch, first_look.RATES["from scratch"])

# %% [markdown]
# ## 6. Train on top of a pre-trained base
#
# What has the other base seen? Here are pages of the **field guide** that it learned from. (These very pages were
# kept aside when it was trained.)

# %%
guide, guide_names = data.read_pictures(manifest.verified("sources/guide_held_out.zip"), 64)
some = ("clover-three", "four-petal-round-spotted", "maple-lobed", "six-petal-pointed-plain", "spiral-ribbed")
shown = data.only(guide, [guide_names.index(name) for name in some])
notebook.show(
    plots.contact_sheet(shown, some, per_class=8),
    "Five rows of drawn field-guide pages: three-leaved clover, a spotted flower with four round petals, a maple leaf, "
    "a plain flower with six pointed petals, and a ribbed spiral shell, in many colours.",
)

# %% [markdown]
# **Look at** what is alike and what is not. The guide has petals, stripes, spots and light like those of the garden.
# But not one of the garden's eight species is in it. `set()` means: nothing in common.

# %%
set(garden.class_names) & set(guide_names)

# %% [markdown]
# Now the same network again, with three changes. Its base is loaded with what it learned from the guide; the base is
# **frozen**, so that training leaves it alone; and the learning rate is the one chosen for this way of training.

# %% tags=["nbval-ignore-output"]
guide_base = backbones.load("coursenet_guide")
guide_base.trainable = False
transfer = put_head_on(guide_base)
transfer_history, transfer_answers = train(transfer, first_look.RATES["pre-trained base"])

# %% [markdown]
# ## 7. Compare

# %%
histories = {"from scratch": scratch_history, "pre-trained base": transfer_history}
notebook.show(
    plots.learning_curves(histories, chance=1 / 8),
    "Accuracy by epoch. On their training pictures both networks end above 90 percent. On new pictures the one with "
    "the pre-trained base climbs steeply and stays far above the one from scratch.",
)

# %% [markdown]
# **Look at** the dotted lines first. Both networks end above 90 % on the 100 pictures that they learn from. Judged by
# these, the one from scratch is as good as the other.
#
# Now look at the thick lines, the new pictures. In the first epochs the one from scratch does not rise at all: on new
# pictures a network uses running averages of what it has seen, and these need some epochs to settle (notebook 03 says
# more). The other thick line even begins above its dotted one. A dotted value is the mean over an epoch in which the
# network still learned; a thick one is measured at its end.
#
# Then compare the right ends of the lines. The network from scratch knows its 100 pictures by heart, and little about
# flowers. Such a large gap between dotted and thick is the sign of **overfitting**: what was learned holds for the
# training pictures and not for others. The other network had only a small head to train, on a base that had learned
# from other pictures.
#
# Compare with your prediction in section 4. Which of the two networks surprised you?
#
# The new pictures have served to watch the training. For a last word we take the test pictures, once.

# %% tags=["nbval-ignore-output"]
test_inputs = backbones.preprocess("coursenet_guide", garden.test.images)
accuracy = {}
for name, model in {"from scratch": scratch, "pre-trained base": transfer}.items():
    accuracy[name] = model.evaluate(test_inputs, garden.test.labels, verbose=0, return_dict=True)["accuracy"]
    print(f"{name:17}{accuracy[name]:.0%} of {len(garden.test):,} test pictures right")

# %%
gain = accuracy["pre-trained base"] - accuracy["from scratch"]
print("more than 20 points better with the pre-trained base:", gain > 0.2)
learned = [history["accuracy"][-1] > 0.9 for history in histories.values()]
print("both above 90 % on their training pictures:", all(learned))
on_new = {name: history["val_accuracy"] for name, history in histories.items()}
print("from scratch still near guessing after three epochs:", max(on_new["from scratch"][:3]) < 0.25)
first = {name: history["accuracy"][0] for name, history in histories.items()}
print("pre-trained, new pictures begin above:", on_new["pre-trained base"][0] > first["pre-trained base"])

# %% [markdown]
# Was that luck? With other pictures and other random numbers the result would be a little different. So a command of
# the course has trained both networks five times more, each time on another 100 pictures (for 75 epochs, with a
# learning rate that falls towards the end), and has written the results down. The number after ± says how sure the
# mean is on these test pictures: it is half of the 95 % confidence interval over the five repeats.

# %%
print(first_look.table(records.read("first_look")))

# %% [markdown]
# ## 8. Watch both of them learn
#
# Now move the slider from left to right. The line in the chart shows where you are. Below it are eight new pictures:
# first with their true names, then with the answers of each network at that moment. **Find out:** after how many
# epochs does each network stop changing its mind? When the network from scratch is wrong, is it wrong about the
# number of petals, their shape, or their pattern?

# %% tags=["nbval-ignore-output"]
answers = {"from scratch": scratch_answers, "pre-trained base": transfer_answers}
widgets.watch_learning(histories, answers, new, garden.class_names)

# %% [markdown]
# ### Exercise 3
# The course has a second world, **biopsy**: eight kinds of drawn tissue, as seen under a microscope. There is also a
# base that was pre-trained on 40 *other* kinds of tissue: `"coursenet_slides"`. Build a network for biopsy, ready to
# be trained: the slides base, frozen, and a new head.

# %%
answer = None
checks.check("00.3", answer)

# %% [markdown]
# ## 9. What the course holds
#
# Three target tasks, each with eight classes and none of them in any source. These are one picture of every class:

# %%
tasks = [data.task(name) for name in data.TASKS]
notebook.show(
    plots.task_strip(tasks),
    "Three rows of eight pictures. Garden: flowers. Biopsy: pink tissue with purple nuclei. Butterflies: "
    "butterflies on the pages of a field guide.",
)

# %% [markdown]
# **Look at** how different the three worlds are: the butterflies share the paper, the light and the grass with the
# flowers; the tissue shares nothing with either.
#
# There are three sources on which CourseNet has been pre-trained: the field **guide**, the **slides**, and 36,000
# small **photos**. Each source is near to some tasks and far from others, and that is the point: with every source
# and every task we can *measure* when transfer learning helps, how much, and when it does not.
#
# You can also use every network of `keras.applications`, such as VGG16 or MobileNetV2, with the same two functions,
# `backbones.load` and `backbones.preprocess`. Their weights are downloaded when you first ask for them.
#
# | notebook | afterwards you can | first do | you need (minutes) | the computer needs (seconds) |
# | --- | --- | --- | ---: | ---: |
# | [00 Start here](00_start_here.ipynb) | see what transfer learning does |  | 20 | 38 |
# | [01 CNN anatomy](01_cnn_anatomy.ipynb) | say what is inside a convolutional network | 00 | 40 | 16 |
# | [02 Three strategies](02_three_strategies.ipynb) | choose what to freeze | 01 | 70 | 36 |
# | [03 Learning rate](03_learning_rate.ipynb) | fine-tune without forgetting | 02 | 80 | 50 |
# | [04 Choosing a model](04_choosing_a_model.ipynb) | pick a pre-trained network | 03 | 80 | 42 |
# | [05 Quadrant chart](05_quadrant_chart.ipynb) | place your problem by size and similarity | 04 | 80 | 48 |
# | [06 Classifier heads](06_classifier_heads.ipynb) | choose a head | 03 | 60 | 37 |
# | [07 Augmentation](07_augmentation.ipynb) | make few pictures go further | 03, 06 | 80 | 47 |
# | [08 Real photographs](08_real_photographs.ipynb) | go the whole way on photographs | 05 | 60 | 34 |
# | [09 Your pictures](09_your_pictures.ipynb) | train on your own folder | 03 | 60 | 57 |
#
# This is the map of the course. From top to bottom is a good order. *First do* says what a notebook cannot do
# without, if you would rather go another way. Your minutes are estimates; the computer's seconds were measured, on two
# cores, from a cold start. The terms of the course, with their Korean names, stand in the [glossary](glossary.md).
#
# Which exercises have you done? A ✓ is correct, a ✗ was tried, a · is still to come. To see the latest, run the first
# two cells of this notebook, then the next one. A ✓ stays, even if you try something else later or put the notebook
# back as it came. What you tried is kept in the file `my_progress.jsonl` in the folder of the course, the one above
# `notebooks`: so it is still there tomorrow. (Binder and Colab keep nothing: download the file before you leave.) It
# holds your name on this computer, the exercise, the time, and whether it was correct; not your answer. Nothing is
# sent anywhere. Delete the file to begin anew in all notebooks.

# %% tags=["nbval-ignore-output"]
from IPython.display import Markdown

Markdown(progress.table(checks.EXERCISES))

# %% [markdown]
# ## What you have seen
#
# - A network is a base, which finds features, and a head, which gives the answer.
# - With 100 pictures and random numbers to start from, a network can learn its pictures by heart and still know little.
# - A base that learned from *other* pictures, kept frozen under a small new head, did much better on this task.
#
# One task proves little. Would it help as much if the base had seen only photographs, or only slides? With 4,000
# pictures instead of 100? Keep these questions: the course answers them with measurements.
