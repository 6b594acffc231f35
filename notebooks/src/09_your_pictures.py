# %% [markdown]
# # 09 · Your own pictures
#
# You bring a folder of pictures. At the end of this notebook you have a network that names their classes, you know how
# far to trust it, and you can use it again tomorrow. Everything happens on the machine that runs this notebook, and
# nothing is sent on. Is that your own computer? Then your pictures stay with you. On Binder, Colab or a hub you would
# upload them to somebody else's: ask first whether you may.
#
# **You will learn to**
# 1. check pictures before a network sees them, and keep copies from leaking into the test;
# 2. find out which network suits your pictures, and get advice that rests on measurements;
# 3. train, and judge the result: not by one number, and by the test pictures only once;
# 4. tell whether more pictures would help;
# 5. keep the network with all that it needs, and use it again.
#
# **You need** notebooks 00 to 03; 06 helps. **Time:** about 60 minutes; the computer works for a minute or two. With
# pictures of your own it works longer, the more there are and the larger the network.

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
from course_utils import advising, checks, data, findings, inspection, judging, notebook, plots, training, widgets

notebook.start()

# %%
import keras
import matplotlib.pyplot as plt
import numpy as np
from IPython.display import Markdown
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import ConfusionMatrixDisplay
from sklearn.model_selection import GroupShuffleSplit

# %% [markdown]
# ## 1. The folder
#
# Make one folder for all, and in it one folder for each class, with the name of the class:
#
# ```
# my pictures/
#     cats/      one.jpg   two.jpg   ...
#     dogs/      a.png     b.png     ...
# ```
#
# You need at least six pictures of each class; ten are enough to try, fifty are good. If you have pictures that were
# taken on another day, or by another person, they tell best how the network will do later. Then make two folders,
# `my pictures/train` and `my pictures/test`, with the folders of the classes in each.
#
# In JupyterLab you can make folders and drag files into the file browser at the left. Or use this: write the name of a
# class, choose files, and they are put in their place. (It takes a few small files at a time; if nothing happens, they
# were too large for it. Drag these.)

# %% tags=["nbval-ignore-output"]
widgets.bring_pictures("../my_pictures")

# %% [markdown]
# Have you none at hand? Then go on with the flowers of a friend, 227 files in four classes. They are drawn, but the
# folder is as real folders are. The notebook first shows these. For yours, change one line, and run all cells again.
# What is said of *the flowers* below is then said of them, not of your pictures.

# %% tags=["nbval-ignore-output"]
from course_utils import example_folder

folder, about = example_folder.write(), "Drawn flowers of a friend. Made for practice."
# folder, about = "../my_pictures", "Who took them, of what, and for what?"  # yours: remove the first "#"
print("The pictures are in:", Path(folder).name)

# %% [markdown]
# ## 2. Check
#
# Before anything is trained, look. Nothing is changed in the folder; what cannot be used is left out when the pictures
# are read. Predict for the flowers: what is in a folder that a friend sends?

# %% tags=["nbval-ignore-output"]
asked = ["files that cannot be read", "exact copies", "flowers in two classes", "pictures on their heads"]
widgets.choice("How many are there among 227 files?", asked, ["none", "1 to 3", "4 or more"])

# %% tags=["nbval-ignore-output"]
looks = inspection.look_at(folder)
plan = findings.judge(looks, image_size=64)

# %%
Markdown(plan.table())

# %% [markdown]
# **Look at** the last column: it says what will be done. *The flowers:* four files cannot be read, three are exact
# copies, one flower lies in two classes, and one picture stood on its head.
#
# Some of it you could do better. A picture that lies in two classes is left out, since nobody but you knows where it
# belongs. HEIC, as phones take it, can be saved as JPEG. And nobody can make up for a class with few pictures. Are your
# classes scenes that look alike, as a camera on a tripod sees them? Then write `findings.judge(looks, 64,
# alike=False)`, and only exact copies count. Choose a line, and look at the files yourself:

# %% tags=["nbval-ignore-output"]
widgets.odd_files(plan)

# %% [markdown]
# **Look at** the files that *look like another*. *The flowers:* they are no exact copies; the friend made them a little
# lighter and saved them again. A *perceptual hash* finds them: each picture is made small and grey, and 144 bits say
# how light and dark are spread in it. Pictures that look alike differ in few bits, and their colours are alike, too.
# What is cut off at the edge may escape.
#
# ### Why copies matter
#
# Where no folder `test` is there, a quarter of the pictures is set aside. If a picture is trained on, and its copy is
# in the test, then the test asks what the network has already seen. It **leaks**. How much does it matter? We make a
# case where we know the truth: 80 slides of the biopsy task, in eight classes, each four times, a little turned,
# lighter or darker, as in a series of photographs. A linear classifier learns from three quarters, and is tested with
# the rest. Then the truth: 1,024 new slides.

# %%
biopsy = data.task("biopsy")
few = data.sample(biopsy.train, 80, seed=0)
series = keras.Sequential([keras.layers.RandomRotation(0.02, seed=0), keras.layers.RandomBrightness(0.05, seed=0)])
images = np.concatenate([np.asarray(series(few.images.astype("float32"), training=True)) for _ in range(4)])
labels, groups = np.tile(few.labels, 4), np.tile(np.arange(80), 4)

# %% [markdown]
# `groups` says which pictures belong together: four of each slide. `GroupShuffleSplit` keeps a group on one side. If
# every picture is a group of its own, it divides them as if nothing belonged together. Predict the accuracy of each
# test, and the truth, which is about the same for both:

# %% tags=["nbval-ignore-output"]
widgets.prediction("Accuracy (%)", ["test: pictures divided at random", "test: other slides", "the truth: new slides"])

# %%
from course_utils import backbones

base = backbones.load("coursenet_photos")
pooled = keras.Sequential([base, keras.layers.GlobalAveragePooling2D()])
features = pooled.predict(backbones.preprocess("coursenet_photos", images), verbose=0)
new = pooled.predict(backbones.preprocess("coursenet_photos", biopsy.test.images), verbose=0)


# %%
def tested(train, test):
    """Learn from some rows; return the accuracy on others and on new slides, in percent."""
    learned = LogisticRegression(max_iter=1000).fit(features[train], labels[train])
    return 100 * learned.score(features[test], labels[test]), 100 * learned.score(new, biopsy.test.labels)


for name, together in {"divided at random": np.arange(320), "other slides": groups}.items():
    pairs = GroupShuffleSplit(10, test_size=0.25, random_state=0).split(features, labels, together)
    found, truth = np.mean([tested(*pair) for pair in pairs], axis=0)
    print(f"{name:<17}  test: {found:.0f} %   the truth: {truth:.0f} %")

# %% [markdown]
# **Look at** the first line. Divided at random, the test says 94 %, and the truth is 46 %: nearly every test picture
# has a relative among those that were trained on. Divided by slide, the test says 51 %, much nearer to its truth of 44
# %. (That one is lower, since fewer different slides are trained on.) This mistake is common, and gives no message.
# Frames of one film, slices of one patient, photographs of one walk: what belongs together must stay on one side. A
# hash finds copies. It does not know your patients: you do. If the names of your files begin with the patient's, as in
# `anna_03.jpg`, then `findings.judge(looks, 64, together=lambda path: path.name.split("_")[0])` keeps each patient on
# one side.
#
# ### Exercise 1
# Write it yourself. `answer(groups, share, seed)` takes an array of group numbers, one for each picture, and returns an
# array of `True` for what is put into the test, else `False`. No group may be on both sides; the test should hold about
# the share of the *groups* (rounded, but one at least), chosen at random by the seed. Finish this, and give
# `answer = grouped`.


# %%
def grouped(groups, share, seed):
    """Return which pictures are the test: an array of bool."""
    names = np.unique(groups)  # draw some: np.random.default_rng(seed).choice(names, count, replace=False)
    return np.isin(groups, names)  # so far, all of them


answer = None
checks.check("09.1", answer)

# %% [markdown]
# Now what will be read, said before it is done:

# %%
Markdown(plan.overview())

# %%
task = findings.read(plan, image_size=64, name=Path(folder).name)
for part, pictures in {"train": task.train, "test": task.test}.items():
    print(part, dict(zip(task.class_names, np.bincount(pictures.labels).tolist())))

# %%
notebook.show(
    plots.contact_sheet(task.train, task.class_names, per_class=8),
    f"The first training pictures of each class, one row a class: {', '.join(task.class_names)}.",
)

# %% [markdown]
# **Look at** the rows as a stranger would: could *you* learn the classes from them? Does something tell them apart that
# you did not mean, such as the background, or the light of a day? A network takes whatever works. *The flowers:* did
# you see it? All pointed ones are striped, and all round ones are spotted. A network may learn stripes and never look
# at the shape. No test on these pictures could tell you; only pointed, spotted flowers could.
#
# ## 3. Which network, and which strategy?
#
# The course brings three networks, trained on a drawn guide of flowers, on drawn slides, and on small photographs. If
# you have weights of ImageNet on this machine, they stand in the next line; how to get them is told in notebook 04.

# %% tags=["nbval-ignore-output"]
from course_utils import networks, weights_files

print(", ".join(weights_files.offline_names()))

# %% [markdown]
# Which suits? A *linear probe* is a linear classifier on kept features (notebooks 01 and 06). Here it makes a measure.
# Let a probe learn on the network's features, and one on features of random weights. The **probe gap** is the share of
# the second one's errors that the first one does not make: 1 if none is left, 0 if the source tells nothing about your
# pictures. It measures the similarity of source and target. Only training pictures are used. Predict for the flowers:

# %% tags=["nbval-ignore-output"]
sources = ["coursenet_guide", "coursenet_slides", "coursenet_photos"]
widgets.choice("How large is the probe gap?", sources, ["below 0.25", "0.25 to 0.5", "0.5 to 0.75", "above 0.75"])

# %% tags=["nbval-ignore-output"]
from course_utils.similarity_measures import probe_gap

gaps = {name: probe_gap(name, advising.enough(task.train)) for name in sources}  # of about 1,024 pictures
for name, gap in gaps.items():
    print(f"{name:<17}{gap:.2f}")

# %%
print("the nearest source:", max(gaps, key=gaps.get))

# %% [markdown]
# **Look at** the largest. *The flowers:* the guide is drawn as they are; with it more than half of the errors are gone,
# with the other two fewer. The gap is an estimate: with ten pictures of a class, other ten may change it, and the
# order. If random features make no errors at all, the task is too easy to tell, and every gap is 0.
#
# For photographs, a network of ImageNet is worth a try: it is the second line below. (Gaps are for networks of one
# architecture. Another one starts from other random features.)

# %%
network, options = max(gaps, key=gaps.get), {}
# network, options = "MobileNetV2", {"alpha": 0.35, "image_size": 96}  # if you have its weights
side = options.get("image_size", networks.find(network).image_size)
task = findings.read(plan, side, task.name)  # in the size that the network wants

# %% [markdown]
# Many courses answer with a chart of four quadrants. 1: many pictures, unlike the source: random weights. 2: many,
# and similar: freeze the early part. 3: few, and unlike: freeze less. 4: few, and similar: train the head only. What
# would *you* do here?

# %% tags=["nbval-ignore-output"]
asked = [f"{len(task.train)} training pictures"]
widgets.choice("Which way is best?", asked, ["strategy 1", "warm start", "strategy 2", "strategy 3"])

# %% [markdown]
# The course's advice does not come from the chart. A command has trained CourseNet of three sources on three drawn
# tasks, with few and many pictures, in each of these ways (`commands.sweep`). In `slides → biopsy`, for example, the
# network had learned slides, and then learned the biopsy. Your case is compared with these.

# %% tags=["nbval-ignore-output"]
advice = advising.for_task(task, network, **options)
Markdown(advising.explain(advice))

# %% [markdown]
# **Look at** the reasons before you follow. The advice is the way that stayed least behind the best one, on an average
# in which the nearest cases count most. If your case is far from all of them, it says so. You may know better: then
# overrule it, as in `advice.setting("3")`, which gives depth and rate for another way.

# %% tags=["nbval-ignore-output"]
way, depth, rate = advice.setting()  # overrule it here
epochs = advising.epochs(len(task.train), network) // 2  # half of the measured cases': take all when it matters
print(f"way {way}, freeze up to {depth}, learning rate {rate:g}, {epochs} epochs")

# %% [markdown]
# ## 4. Train
#
# First on trial: a quarter of the *training* pictures is set aside for validation, copies on one side. Here you may try
# what you like, and as often as you like. We compare the advice with strategy 3, which is quick; the advice also says
# how far behind it should be. (`training.train` notes how many test pictures are right, too. Do not look: they would
# choose for you.)

# %% tags=["nbval-ignore-output"]
from course_utils import strategies


def tried(name, frozen, speed):
    """Train on three quarters of the training pictures, and watch the last quarter."""
    print(strategies.find(name).name)
    setting = dict(learning_rate=speed, epochs=epochs, freeze_depth=frozen, validation=0.25, **options)
    return training.train(strategies.find(name), network, task, len(task.train), **setting)


trials = [tried(way, depth, rate)]

# %% tags=["nbval-ignore-output"]
other = "2" if way == "3" else "3"
trials.append(tried(*advice.setting(other)))

# %% tags=["nbval-ignore-output"]
fig, axs = plt.subplots(1, 2, figsize=(9, 3.2), sharey=True)
for ax, trial in zip(axs, trials):
    plots.overfitting(trial.history, ax).set_title(trial.strategy)
axs[0].legend(loc="lower right")
ends = "; ".join(f"{trial.strategy}: {trial.history['val_accuracy'][-1]:.0%} of those set aside" for trial in trials)
notebook.show(axs[0], f"Accuracy by epoch, on the pictures trained on and on those set aside. At the end {ends}.")

# %% [markdown]
# **Look at** where the solid lines end: they count. A network soon knows a hundred pictures by heart, so the dotted
# line tells little. *The flowers:* with about forty pictures set aside, one picture is 2.5 points, so only a large
# difference means something; with fewer, one picture is more. Validation may disagree with the advice: it has seen your
# pictures, but few of them; the advice has seen many, but others. And half the epochs favour strategy 3, which needs
# fewer. Where the two are only a few pictures apart, as they were for us, this cannot decide, and we stay with the
# advice. Where they are far apart, follow the validation pictures: for strategy 3 write `way, depth, rate =
# advice.setting("3")` into the next cell, above `setting`.
#
# When you have decided, train once more on *all* training pictures.

# %% tags=["nbval-ignore-output"]
setting = dict(learning_rate=rate, epochs=epochs, freeze_depth=depth, **options)
run = training.train(strategies.find(way), network, task, len(task.train), **setting)

# %% [markdown]
# ## 5. Judge
#
# Now, and only now, the test pictures. Each look at them followed by a change makes them a little less of a test; when
# you have changed something because of them, only new pictures can judge it.

# %% tags=["nbval-ignore-output"]
judged = judging.judge(run, task)
low, high = judged.interval
print(f"accuracy {judged.accuracy:.0%} of {len(task.test)} pictures, 95 % interval {low:.0%} to {high:.0%}")
print(f"always naming the largest class: {judged.majority:.0%}")
print(f"balanced accuracy, the mean over the classes: {judged.balanced:.0%}")
print("surely better than the largest class:", low > judged.majority)

# %% [markdown]
# Three numbers, three questions.
#
# - *Is it better than nothing?* Compare with the largest class. If 95 of 100 pictures show cats, a network that always
#   says "cat" has an accuracy of 95 %.
# - *How sure is the number?* The interval says how far it could be by the chance of the draw alone. With so few test
#   pictures it is wide.
# - *Is it good for every class?* The balanced accuracy counts each class alike, however many pictures it has. Where it
#   lies below the accuracy, small classes are worse. The table says which, and how little a few pictures can tell.

# %% tags=["nbval-ignore-output"]
Markdown(judged.table())

# %% tags=["nbval-ignore-output"]
fig, ax = plt.subplots(figsize=(4.5, 4))
ConfusionMatrixDisplay(judged.confusion, display_labels=task.class_names).plot(
    ax=ax, cmap="Greys", colorbar=False, xticks_rotation=45
)
ax.grid(False)
right = f"{judged.confusion.trace()} of {len(task.test)} test pictures are on its diagonal, named as they should be"
notebook.show(ax, f"The confusion matrix: rows are true classes, columns are answers. {right}.")

# %% [markdown]
# **Look at** what is off the diagonal. *The flowers:* most mistakes keep the shape and miscount the petals. Such a
# pattern tells what to do: more pictures of the classes that are confused, or larger ones, in which petals can be
# counted.
#
# The mistakes themselves teach most. Here are those in which the network was surest, with the names of their files.

# %% tags=["nbval-ignore-output"]
names = np.array(task.class_names)
fig, axs = plt.subplots(2, 3, figsize=(9, 6))
for ax, number in zip(axs.flat, judged.mistakes):
    share, truth, file = judged.shares[number], names[task.test.labels[number]], plan.test_files[number]
    words = f"{file}\nit is: {truth}\n{names[share.argmax()]} ({share.max():.0%})?"
    plots.picture(task.test.images[number], ax).set_title(words, fontsize=10)
for ax in axs.flat[len(judged.mistakes) :]:
    ax.axis("off")
shown = min(axs.size, len(judged.mistakes))
notebook.show(axs[0, 0], f"The {shown} wrong answers of which the network was surest, with both names.")

# %% [markdown]
# **Look at** each, and ask: would I have known? Is the label right at all? Is there something in it that belongs to the
# other class? A wrong label in the folder shows up here first, and you know the file.
#
# **Where does it look?** For a class, *Grad-CAM* (Selvaraju et al. 2017) asks which of the last feature maps raise its
# score, and adds them up with that weight. Bright places speak for the class. Find out: are they on the thing itself?
# Choose the other class of a mistake: what speaks for it? And bring a picture of something else altogether.

# %% tags=["nbval-ignore-output"]
widgets.where_it_looks(run, task)

# %% [markdown]
# **Look at** the background. If it is bright there, the network may have learned where pictures were taken, not what
# they show. (A map of CourseNet has 4 x 4 places, so it tells the region, not the petal.)
#
# ### Exercise 2
# A network looks for cracks in bricks. Of 190 whole bricks it calls 186 whole; of 10 cracked ones it calls 4 cracked.
# Its accuracy is 95 %. What is its *balanced* accuracy, in percent?

# %%
answer = None
checks.check("09.2", answer)

# %% [markdown]
# ### Exercise 3
# You want to say "90 %, give or take 2 points". How many test pictures do you need? `metrics.share_interval(0.9, n)`
# gives the lower and the upper end of the interval for `n` pictures, as shares. Find the smallest `n` for which both
# ends lie within 0.02 of 0.9.

# %%
from course_utils import metrics

lower, upper = metrics.share_interval(0.9, 100)
print(f"100 pictures: {lower:.3f} to {upper:.3f}")

# %%
answer = None
checks.check("09.3", answer)

# %% [markdown]
# ## 6. Would more pictures help?
#
# Before you spend a Saturday on taking photographs, train with half of those that you have. If half is nearly as good
# as all, twice as many will not bring much either. Test pictures have no part in this: a quarter of the training
# pictures is set aside each time. We do it with strategy 3, which is quick. A frozen base has less to learn, and may
# need fewer pictures: with time at hand, put the way that you took into the first line. Predict:

# %% tags=["nbval-ignore-output"]
widgets.choice("Would twice as many help?", [f"{len(task.train)} pictures"], ["yes", "no", "cannot tell"])

# %% tags=["nbval-ignore-output"]
from course_utils import measuring

name, frozen, speed = advice.setting("3")  # or: way, depth, rate
case = measuring.Case(strategies.find(name), task, len(task.train), epochs, network, frozen, options)
curve = judging.learning_curve(case, speed, seeds=(0, 1, 2), shares=(0.5, 1))
print({n: [round(one) for one in found] for n, found in curve.items()})

# %% tags=["nbval-ignore-output"]
gained, half = judging.more_would_help(curve)
fig, ax = plt.subplots(figsize=(5, 3))
for n, found in curve.items():
    ax.plot([n] * len(found), found, "o", color="C0", mfc="none")
ax.plot(list(curve), [np.mean(found) for found in curve.values()], color="C0")
ax.set(xscale="log", xticks=list(curve), xlabel="pictures trained on", ylabel="accuracy (%), set aside")
ax.set_xticks(list(curve), list(curve))
ax.minorticks_off()
ax.yaxis.get_major_locator().set_params(integer=True)
ax.set_title(f"The last doubling brought {gained:.1f} ± {half:.1f} points.")
notebook.show(ax, f"Accuracy by number of pictures. The last doubling brought {gained:.1f} ± {half:.1f} points.")

# %% [markdown]
# **Look at** how far the three repeats lie apart: each point is one sample, judged by a few dozen pictures. Then read
# the interval in the title. If it reaches from far below 0 to far above, as with the flowers, the repeats decide
# nothing yet; more of them would (`seeds=range(10)`). The next doubling mostly brings less than the last one.
#
# ### Exercise 4
# Three friends have made learning curves; accuracies in percent by number of pictures, three repeats each. Say for each
# whether more pictures would probably help: "yes", "no", or "cannot tell". `judging.more_would_help` takes one curve,
# and gives the points that the last doubling brought, and half of the 95 % interval. Say "no" if even the upper end of
# the interval is below 1 point, else "yes" if its lower end is above 0. Give a dict: `{"Ada": "...", "Ben": ...}`.

# %%
from course_utils.checks.your_pictures import CURVES

for friend, measured in CURVES.items():
    print(friend, measured)

# %%
answer = None
checks.check("09.4", answer)

# %% [markdown]
# ## 7. Keep it, and use it again
#
# Trained weights alone are useless tomorrow. Which classes, in which order? Which preprocessing? Pictures of what size?
# So all of it goes into one `.keras` file: the network from pixels to shares, its preprocessing as a layer, the names
# of the classes, and where it comes from. Beside it lies a *model card* (Mitchell et al. 2019): a page that tells
# others what it can do, and what not.

# %% tags=["nbval-ignore-output"]
from course_utils import keeping

place = keeping.FOLDER / f"{task.name}.keras"
facts = {"about": about, "n_test": len(task.test), "left_out": f"{len(looks) - len(plan.kept)} of {len(looks)} files"}
facts["right_by_class"] = ", ".join(f"{name} {part:.0%}" for name, part in zip(names, judged.by_class))
card = keeping.keep(run, task.class_names, place, replace=True, **facts)
Markdown(card.read_text(encoding="utf-8"))

# %% [markdown]
# **Look at** the card. Would somebody who was not here know what the network is for, and for which class it is weak?
# Write into `about`, in the cell that names the folder, who took the pictures, and for what the network must not be
# used. (`replace=True` writes over a network of the same name, and its card. To keep both, take another name.)
#
# Is everything in the file? Load it and see. No code of this course is needed for it: it is Keras's own format. Its
# safe mode refuses layers that bring code of their own. In older versions of Keras a file could get round it; so take
# files from people whom you trust, and keep Keras up to date.

# %%
again = keras.saving.load_model(place, safe_mode=True)
shares = again.predict(task.test.images, verbose=0)  # pixels as they are: preprocessing is inside
print(again.input_shape, "→", again.output_shape)
print("the same answers:", (shares.argmax(1) == judged.shares.argmax(1)).all())

# %% [markdown]
# The course's own `keeping.load` opens known layers only. It also gives the names, and takes files of any size:

# %% tags=["nbval-ignore-output"]
kept = keeping.load(place)
some = [look.path for look in plan.kept][::60]
for path, answered in zip(some, kept.predict(some)):
    name, share = next(iter(answered.items()))
    print(f"{path.parent.name}/{path.name}: {name} ({share:.0%})")

# %% [markdown]
# These may be pictures that it was trained on; it is no test. For a new picture write its path:
# `kept.predict(["../new.jpg"])`.
#
# A small command does the same in a terminal, in the folder of the course, for pictures and for folders of them. This
# is what you type there; on Windows, `.venv\Scripts\python` in place of `.venv/bin/python`:

# %%
print(f'.venv/bin/python -m course_utils.commands.predict "my_networks/{place.name}" new.jpg')

# %% [markdown]
# ## 8. Where next
#
# This course stays with convolutional networks that were pre-trained with labels. Two things have changed since, and
# most of what you learned has not.
#
# **Self-supervised backbones.** A network can be pre-trained without labels: two views of one picture should get
# similar features, and views of others different ones (SimCLR, Chen et al. 2020); or hidden parts of a picture must be
# filled in (MAE, He et al. 2022). For you little changes: it is a backbone with weights. But they differ. The features
# of DINOv2 (Oquab et al. 2023, from 142 million pictures) are good with a linear probe, so try strategy 3 first; MAE is
# made to be fine-tuned. Without labels one can also pre-train on pictures of one's own kind, such as slides or
# satellite images.
#
# **Vision transformers.** A ViT (Dosovitskiy et al. 2021) cuts the picture into patches, 16 x 16 pixels each, and lets
# every patch look at every other. It has fewer built-in assumptions than a convolution, so it needs more pictures for
# pre-training. Pre-trained on enough, and fine-tuned on a few, it does as well as a convolutional network, or better.
# In Keras you find such backbones in the package KerasHub.
#
# **What stays the same.**
# - backbone and head, preprocessing that belongs to the weights, freezing, a small rate for what was learned;
# - size and similarity as the first two questions, and a linear probe as the cheapest answer;
# - test pictures used once, groups kept together, intervals, the majority class.
#
# What goes: a transformer has no batch normalisation, so that trap is gone; and Grad-CAM, as it is here, needs the maps
# of a convolution.
#
# ## What you have seen
#
# - Check first. Copies and relatives must stay on one side: in our case a careless split said 94 %, where the truth was
#   46 %.
# - A linear probe on features, against one on random features, tells which network suits your pictures.
# - Advice comes from measured cases, with its reasons. It is a start, and you may overrule it.
# - Choose on validation pictures, judge once on test pictures: against the majority class, with an interval, class by
#   class, and by the worst mistakes.
# - Keep the network with its preprocessing, its classes and a card.
