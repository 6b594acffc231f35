# %% [markdown]
# # 05 · Place your problem on the chart, and see what is measured
#
# You have pictures and a pre-trained network. Which of the strategies should you take? There is a famous chart for
# this. It asks two questions, how many pictures you have and how similar they are to what the network has seen, and
# answers with a strategy. Many courses teach it. We found no place where it was measured. Here we measure it.
#
# **You will learn to**
# 1. place a problem on the size-similarity chart, by hand and by measurement;
# 2. say which of the chart's pieces of advice hold, which do not, and by how many points;
# 3. measure how similar your pictures are to what a network has seen, with a linear probe;
# 4. choose a strategy, and know what a wrong choice would cost you.
#
# **You need** notebooks 00 to 04. **Time:** about 80 minutes; the computer works for about one of them.

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
from course_utils import chart, chart_rules, chart_views, checks, data, diagrams, notebook, plots, widgets

notebook.start()

# %%
import matplotlib.pyplot as plt
import numpy as np
from IPython.display import Markdown

# %% [markdown]
# ## 1. The chart, by hand
# The chart comes from P. Marcelino's article *Transfer learning from pre-trained models* (2018), in the form of the
# notes at jeinalog.tistory.com/13. Draw two axes. Upwards: how many training pictures you have. To the right: how
# similar they are to what the network was pre-trained on. *Few* means fewer than about 1,000 in this course; Marcelino
# himself writes fewer than 1,000 *of each class*. *Similar* is a matter of common sense. That gives four quadrants,
# with numbers:

# %%
notebook.show(
    diagrams.quadrants(),
    "Four quadrants. Left is dissimilar, right is similar; below is small, above is large. 1 is large and dissimilar, "
    "2 large and similar, 3 small and dissimilar, 4 small and similar.",
)

# %% [markdown]
# A network has been pre-trained on ImageNet: everyday photographs of animals, tools, food and vehicles. Where would you
# put these five problems?

# %% tags=["nbval-ignore-output"]
problems = [
    "300 photographs of cats and dogs",
    "40,000 photographs of meals",
    "200 slides of tumour cells",
    "60,000 X-rays of lungs",
    "your own pictures",
]
widgets.choice("In which quadrant?", problems, ["1", "2", "3", "4"])

# %% [markdown]
# ### Exercise 1
# Give the quadrants of the first four, in their order, as a list of numbers without quotes, such as `[1, 1, 1, 1]`.

# %%
answer = None
checks.check("05.1", answer)

# %% [markdown]
# Which strategy would *you* take in each quadrant? Notebook 02 has them: **1**, train everything from random weights;
# **warm start**, train everything from pre-trained weights; **2**, freeze the early part; **3**, freeze the whole base
# and train only the head. Decide before you read on. You can come back to it after the results.

# %% tags=["nbval-ignore-output"]
names = [f"{number}: {name}" for number, name in diagrams.chart.NAMES.items()]
widgets.choice("Which way is best?", names, ["strategy 1", "warm start", "strategy 2", "strategy 3"])

# %% [markdown]
# The chart's own advice:

# %%
said = {
    1: "Strategy 1\n(you have enough pictures)",
    2: "Any works;\nstrategy 2 is recommended",
    3: "Collect more if you can;\nelse strategy 2, with changed copies",
    4: "Strategy 3\n(few pictures, and they fit)",
}
notebook.show(
    diagrams.quadrants(said),
    "The four quadrants with their advice. 1: strategy 1. 2: any strategy works, 2 is recommended. 3: collect more if "
    "you can, else strategy 2 with changed copies of the pictures. 4: strategy 3.",
)

# %% [markdown]
# (Changed copies: mirrored, turned and so on, which is called *augmentation*; notebook 07.) And this is how much of the
# base it freezes. In quadrant 3 it trains *deeper* than in quadrant 2: more blocks of the base learn, since late
# features do not fit the new pictures.

# %%
frozen = {
    1: (0, "nothing: random weights"),
    2: (3, "the early part"),
    3: (2, "a smaller part than in 2"),
    4: (5, "the whole base"),
}
notebook.show(
    diagrams.frozen_in_quadrants(frozen),
    "A network of five blocks and a head in each quadrant. Frozen blocks: none in quadrant 1, three in 2, two in 3, "
    "all five in 4.",
)

# %% [markdown]
# **Look at** the hatched boxes. How many of them stand in quadrants 2 and 3 is our choice: the chart gives no numbers.
#
# It is not the only advice. The notes of the Stanford course CS231n choose other ways in three of the four quadrants.
# For few and dissimilar pictures they advise a linear classifier on an *earlier* layer.

# %%
lines = ["| quadrant | Marcelino's chart | CS231n |", "| --- | --- | --- |"]
for number in diagrams.chart.NAMES:
    words = [advised.words.split(": ")[1] for advised in chart_rules.ADVICE if advised.quadrant == number]
    lines.append(f"| {number} | {' | '.join(words)} |")
Markdown("\n".join(lines))

# %% [markdown]
# **Look at** quadrant 1. The table shows only what each text puts first, and that is what we judge. In full, both say
# that with many pictures one can start from random weights, and that pre-trained ones often help all the same.
#
# ## 2. An experiment that can answer
#
# Say we train on cats and dogs, then on tumour cells, and transfer helps more with the cats. Is it because cats are
# more *similar* to ImageNet? Or because the cells are *harder*, or easier? Nobody can tell: similarity and difficulty
# are mixed up.
#
# Similarity belongs to a *pair*: what the network has seen, and what it must learn. So let each task meet several
# networks. Then its difficulty is the same in all of them, and cancels. The course has three sources (notebook 04): the
# **guide** (drawn flowers, leaves, shells), **slides** (drawn tissue) and **photos** (small photographs, 200 classes).
# And it has three tasks of eight classes that no source contains:

# %%
tasks = "garden", "butterflies", "biopsy"
notebook.show(
    plots.task_strip([data.task(name) for name in tasks]),
    "One picture of each of the eight classes of three tasks: flowers on a meadow, butterflies on a blurred green or "
    "pink ground, and stained tissue in pink and violet.",
)

# %% [markdown]
# Three sources and three tasks make nine pairs. Three of them are similar by common sense, since their pictures are
# drawn in the same style. (Notebook 01 called the butterflies "middle". The chart has two sides only; by their style
# they are on the similar one.)

# %%
found = chart.whole_sizes()
pairs = list(chart_views.by_similarity(found))
print("similar:", ", ".join(chart_views.pair_name(*pair) for pair in pairs if pair in chart_rules.SIMILAR))
print(sorted({case.n_samples for case in found}), "training pictures")

# %% [markdown]
# Each pair was trained with each number of pictures, in each way. A comparison is only worth something if it is fair:
#
# - every way had the same steps of learning rates. The search began at 0.002 and went on to a neighbour as long as that
#   was better. Rate and freeze depth were chosen on a quarter of the training pictures, never on the test;
# - training was long enough for random weights to know the training pictures almost by heart;
# - everything was repeated: five times with up to 256 pictures, three times above. A repeat has its own pictures (of
#   4,096 and of 16,384 there is only one set) and its own random numbers, the *same* ones for all ways, so that
#   differences can be taken pair by pair;
# - the test has 1,024 pictures on which nothing was chosen. All repeats are judged on the same ones: the intervals say
#   how far chance in training can move a result, and not what other test pictures would do.
#
# What does *not* cancel: the three sources are not equally well learned (notebook 04), and only three pairs are
# similar.
#
# The **sweep** is the command that trained all of this. What would count was written down before it began
# (`course_utils/chart_rules.py`). About a third of the runs are older: the records of notebooks 02, 04, 06 and 07 were
# known by then. These are the rules:
#
# - A **case** is a pair and a number of pictures.
# - A way is **beaten** in a case if another one is ahead by a point or more, *and* the 95 % interval of the paired
#   difference lies above 0. Ways that nothing beats are **tied**.
# - A piece of advice **holds** if its way is beaten in no case of its quadrant. It **does not hold** if it is beaten in
#   half of them or more. Else it **depends**.
# - *Small* is up to 256 pictures here, and *large* from 2,000 on. The 1,024 in between are shown, and get no verdict.
#   (Where a chart must answer for them, in sections 5 and 8, it is read with the limit of section 1: from 1,000 on is
#   many. This was settled later.)
#
# With 16,384 pictures only strategy 1, the warm start and strategy 3 were measured, with the rates that were chosen for
# 4,096. These cases count where one of these ways is judged; not in what compares all four: *any works* in section 4,
# and the tables of sections 8 and 9. By Marcelino's own limit they are the only ones with many pictures: 16,384 are
# 2,048 of each class, and 4,096 only 512.
#
# ### Exercise 2
# Write `ahead(first, second)`. It takes two lists of accuracies in percent, one number for each repeat, in the same
# order. It returns `True` if the first is ahead by this rule. `metrics.paired_difference(first, second)` returns the
# mean difference, and half of its 95 % interval. Repair the last line, and give the function itself as `answer`,
# without brackets: `answer = ahead`.

# %%
from course_utils import metrics


def ahead(first, second):
    """Tell whether the first way is surely ahead by a point or more."""
    mean, half = metrics.paired_difference(first, second)
    return mean > 0  # not yet the rule


answer = None
checks.check("05.2", answer)

# %% [markdown]
# ## 3. Two squares of the chart, live
#
# Take the biopsy with 64 pictures, eight of each class. The network of the *slides* has seen tissue: quadrant 4. The
# network of the *guide* has seen flowers and shells: quadrant 3. Random weights have seen nothing. Predict the accuracy
# on new pictures. Guessing gives 12.5 %.

# %% tags=["nbval-ignore-output"]
widgets.prediction(
    "What percentage will be right?",
    ["strategy 1", "guide, strategy 2", "guide, strategy 3", "slides, strategy 2", "slides, strategy 3"],
)

# %%
from course_utils import strategies, training

biopsy = data.task("biopsy")
by_name = {(chart_views.pair_name(case.backbone, case.task), case.n_samples): case for case in found}
live = {}


def train(source, way):
    """Train as the sweep did with its first seed; print and keep the accuracy in percent."""
    case = by_name[f"{source} → biopsy", 64]
    setting = dict(learning_rate=case.rates[way], epochs=100, freeze_depth=case.depth if way == "2" else None)
    run = training.train(strategies.find(way), case.backbone, biopsy, 64, seed=0, **setting)
    live[source, way] = 100 * run.test_accuracy
    print(f"{source}, {run.strategy}: now {live[source, way]:.1f} %, recorded {case.scores[way][0]:.1f} %")


# %% tags=["nbval-ignore-output"]
train("slides", "3")
train("guide", "3")

# %% tags=["nbval-ignore-output"]
train("slides", "2")

# %% [markdown]
# The other two train more blocks: the guide's strategy 2 freezes two of them, that of the slides four, as validation
# pictures chose. They would take up to half a minute each. These are their records, with the same seed:

# %%
print(f"guide, strategy 2: recorded {by_name['guide → biopsy', 64].scores['2'][0]:.1f} %")
print(f"random weights, strategy 1: recorded {by_name['guide → biopsy', 64].scores['1'][0]:.1f} %")

# %%
records = [by_name[f"{source} → biopsy", 64].scores[way][0] for source, way in live]
print("the records can be made again, within 3 points:", np.abs(np.subtract(list(live.values()), records)).max() < 3)
print("frozen, slides are ahead of the guide by over 20 points:", live["slides", "3"] > live["guide", "3"] + 20)

# %% [markdown]
# **Look at** the two lines of strategy 3. The task is the same, the pictures are the same, and so is the architecture.
# Only what the network had seen before differs. And compare what strategy 2 adds to strategy 3: with the guide about 9
# points more, with the slides about 3 less, which may be luck. And strategy 1 got 41.7 % right; guessing gets 12.5 %.
#
# Three trainings and two records, with one seed. The sweep did the same for all pairs and sizes:

# %%
from course_utils.commands.chart import cost

runs, tries, hours = cost("drawn")
print(f"{runs:,} runs, and {tries:,} tries to choose rates and depths: {hours:.0f} hours of one processor core")

# %% [markdown]
# ## 4. The measured chart
#
# One panel for each pair, the most similar first. Lines are means, bars are 95 % intervals over the repeats.

# %%
fig, axs = plt.subplots(3, 3, figsize=(10, 9), sharex=True, sharey=True)
for ax, pair in zip(axs.flat, pairs):
    curves = chart_views.curves(found, *pair)
    plain = {way: curves[way] for way in chart.PLAIN}
    plots.by_size(plain, ax).set(title=chart_views.pair_name(*pair), ylim=(20, 102))
    ax.label_outer()
fig.legend(*ax.get_legend_handles_labels(), loc="outside lower center", ncols=4)
notebook.show(
    axs[0, 0],
    "Accuracy by size for nine pairs, a line for each of four ways. Strategy 3 is near the others in similar pairs, "
    "and falls far behind in the six others from 256 pictures on. Strategy 1 starts low and catches up.",
)

# %% [markdown]
# **Look at** three things. On the left of each panel, at 64 pictures: how far strategy 1 lies below warm start and
# strategy 2. On the right: how little is left of that. And strategy 3: in the upper row, the similar pairs, it stays
# within 10 points of the best. In the two lower rows it cannot follow.
#
# One panel is a surprise. In *slides → garden* a warm start is 6.2 ± 5.0 points *behind* random weights with 256
# pictures, and strategy 2 is behind them by 6.3 ± 4.8 with 1,024. Where pre-training does harm, one speaks of
# **negative transfer**. But take care. With 256 pictures, validation pictures chose the rate 0.0005 for the warm start;
# with 0.008, the three repeats of notebook 04 (section 5) had 64.9 ± 7.8 %, no worse than random weights. So at least a
# large part of that loss comes from the rate. With 64 validation pictures a choice can go wrong: the chart measures a
# way *and* the choice of its rate. Some harm is likely in this pair; how much of it is the rate, we cannot tell.
#
# Who wins? A box below names the ways that nothing beats, the best mean first. An **SVM** (support vector machine,
# notebook 06) is a linear classifier; here it stands behind the block that validation pictures chose, and was measured
# with 64 and 256 pictures. The number behind a pair is its measured similarity, which section 7 explains. The chart
# lies on its side here: similar pairs stand above the thick line, and few pictures at the left. So quadrant 4 is at the
# top left, 2 at the top right, 3 at the bottom left, and 1 at the bottom right.
#
# Take *tied* literally: these repeats cannot tell the ways apart. It does not mean equal. With 64 pictures of *photos →
# biopsy* strategy 3 is called tied, and its mean is 8.8 points behind.

# %%
ax = plots.winner_map(chart_views.winners(found))
ax.axhline(len(chart_rules.SIMILAR & set(pairs)), color="0.1", lw=3)  # similar pairs above it, dissimilar ones below
many = {64: "few", 256: "few", 1024: "between", 4096: "many", 16384: "many, without\nstrategy 2"}
ax.set_xticklabels([f"{n:,}\n{word}" for n, word in many.items()])
notebook.show(
    ax,
    "A box for each pair and number of pictures, with the names of the ways that are tied for the best. Warm start or "
    "strategy 2, mostly both, are in every box; strategy 3 in four with few pictures; strategy 1 in 13, eight of them "
    "with 16,384.",
)

# %% [markdown]
# **Look at** how few boxes have a single name. In 26 of the 36 cases with up to 4,096 pictures warm start and strategy
# 2 are both among the best, and in all 45 at least one of them is. Strategy 3 is in 4 boxes, all with few pictures.
# Strategy 1 is in 5 boxes with up to 4,096 pictures, in 8 of the 9 with 16,384, and never alone. Compare with the four
# winners that you chose in section 1. In which quadrant were you right?
#
# Now the verdicts, by the rules that were written down before. Predict:

# %% tags=["nbval-ignore-output"]
pieces = [f"{one.chart}, {one.quadrant}: {chart_views.way_name(one.way)}" for one in chart_rules.ADVICE]
question = "A chart, a quadrant, and what it advises there: what will the verdict be?"
widgets.choice(question, pieces, ["holds", "depends", "does not hold"])

# %% [markdown]
# The last column says by how many points the advised way is ahead of the best other one: the mean, and the range, over
# the cases of the quadrant; with a minus it is behind. In quadrant 4 both charts say the same, and strategy 3 stands
# for it. In quadrant 3 the SVM gets the features of the block that validation pictures chose, which need not be an
# early one.

# %%
from course_utils import verdicts

Markdown(verdicts.table(found))

# %% [markdown]
# **Look at** the verdicts, quadrant by quadrant.
#
# - *1, many and dissimilar.* Strategy 1 is beaten in 4 of 12 cases, as often by strategy 2 as by a warm start, by 3.0
#   points at most. All four have 4,096 pictures, which Marcelino himself would still call few. With 16,384 it is beaten
#   in none of six; but it does not win there either. To start from pre-trained weights, as CS231n says, holds with
#   both.
# - *2, many and similar.* Both hold, strategy 2 and warm start.
# - *3, few and dissimilar.* Strategy 2 is beaten in 3 of 12 cases, by 4.2 points at most. A linear classifier on an
#   earlier layer is beaten in 11 of 12, and 12.8 points behind the best on average.
# - *4, few and similar.* To freeze the whole base is beaten in 3 of 6 cases, by 5.5 points at most. With 64 pictures it
#   is tied for the best in two of the three pairs, with 256 in one.
#
# Two warnings. By chance alone a way is called beaten in about one case of ten (of fourteen, where no SVM was measured,
# and of more with 16,384 pictures, where a way has only two rivals). So in 12 cases one beating is expected by luck:
# the 3 of 12 of strategy 2 are weak evidence against it, the 11 of 12 of the SVM are strong. And the best other way is
# chosen after the fact, so even equally good ways would show a little below 0.
#
# Three pieces of advice name no single way. *Any works* holds in a case if the four means lie within 3 points. *Deeper*
# holds if validation pictures freeze at least half a block less in quadrant 3 than in quadrant 2. *Augment* holds if
# strategy 2 is surely ahead *without* augmentation in no case: that says "it does no harm", and the gain is in the last
# column.

# %%
Markdown(verdicts.other_table(found))

# %% [markdown]
# **Look at** the figures. *Any works* does not hold: the four ways lie up to 9.3 points apart, since strategies 1 and 3
# stay behind. *Deeper* does not hold either, on the contrary: validation pictures chose to freeze 1.9 blocks in
# quadrant 3, 1.3 in quadrant 2. But the rule compares few pictures with many, and over all pairs 2.7 blocks were frozen
# with 64 pictures, 1.3 with 4,096. Among 64 pictures alone the chart's thought is right: 2.0 blocks in dissimilar
# pairs, 4 in each similar one. From 256 on the two differ by half a block at most. *Augment* does no harm, and often
# much good: strategy 2 gains 7.4 points on average, and 21.1 at most.
#
# ## 5. Explore it
#
# Choose a number of pictures and a pair. The bars are the measured means with their intervals; *best* marks the ways
# that nothing beats. (The way with augmentation is shown, but not compared: it has seen more.) Above stands what the
# two charts say, and the measured advice of section 8, taken from the other two tasks only.
#
# **Find out:** stay with the three similar pairs and few pictures: where is Marcelino's way farthest behind the best?
# In *slides → garden*: from how many pictures on is strategy 3 at least 20 points behind a warm start? In which pair
# has strategy 1 the best mean with 1,024 pictures?

# %% tags=["nbval-ignore-output"]
widgets.measured_chart(found)

# %% [markdown]
# **What you found.** Marcelino's way is farthest behind in *slides → biopsy* with 256 pictures, where it is 5.5 points
# behind: the chart says strategy 3. (It is nowhere farther behind.) In *slides → garden* strategy 3 is 20 points behind
# a warm start from 1,024 pictures on. The same pair is the one in which strategy 1 has the best mean with 1,024.
#
# ## 6. Freezing, time, and the end of transfer
#
# **How deep?** With 256 pictures strategy 2 was run at every depth. The figure shows what freezing costs against a warm
# start, which freezes nothing: means over the three similar pairs, and over the six others. Predict: from which block
# on does freezing cost more than 5 points, in each group?

# %% tags=["nbval-ignore-output"]
groups = ["similar pairs", "dissimilar pairs"]
places = ["block1", "block2", "block3", "block4", "all", "never"]
widgets.choice("From where on does freezing cost 5 points?", groups, places)

# %%
losses = chart_views.depth_losses(pairs)
notebook.show(
    plots.difference_lines(losses, "frozen up to", "points against warm start"),
    "Points lost by freezing, from nothing to the whole base, for similar and dissimilar pairs. Both lines stay near "
    "zero up to block 2. Then the dissimilar one falls, to 20 points below at the whole base; the similar one to 4.",
)

# %% [markdown]
# **Look at** where each line falls below -5. Over the similar pairs it never does; over the others it does from block 4
# on. Frozen whole, the base costs 20.4 ± 8.6 points there, and 3.7 ± 5.4 in similar pairs. (The intervals are wide,
# since they are over pairs, and pairs differ.) Yosinski et al. (2014) saw the same on ImageNet, cut into halves:
# transferred and frozen up to the last layer, a network lost 25 % where the halves were dissimilar, and 8 % where they
# were similar (their figure 3).
#
# And look at the left. On average, freezing the first two blocks cost nothing that we could measure: over the six
# dissimilar pairs it gained 0.3 ± 3.3 points. (Without *slides → garden*, where the warm start may have had a bad rate,
# it cost 0.9 ± 1.5.) Pair by pair, which the figure does not show, a loss is sure in one of nine, 2.5 ± 1.5 points in
# *slides → butterflies*. Early features are general (notebook 01).
#
# **How long?** Each way takes its time. Here is one training on one processor core, once the rate is chosen. Predict:

# %% tags=["nbval-ignore-output"]
factors = ["2 times", "5 times", "10 times", "30 times", "100 times"]
widgets.choice("How many times as fast as a warm start is strategy 3?", ["with 1,024 pictures"], factors)

# %%
fig, axs = plt.subplots(1, 2, figsize=(10, 4), sharey=True)
for ax, pair in zip(axs, [("coursenet_guide", "garden"), ("coursenet_guide", "biopsy")]):
    taken, curves = chart_views.seconds(1024), chart_views.curves(found, *pair)
    points = {way: (taken[way], *curves[way][1024]) for way in chart.PLAIN}
    plots.accuracy_seconds(points, ax).set_title(f"{chart_views.pair_name(*pair)}, 1,024 pictures", fontsize=11)
    ax.label_outer()
fig.legend(*ax.get_legend_handles_labels(), loc="outside lower center", ncols=4)
notebook.show(
    axs[0],
    "Accuracy against seconds of training for four ways, in a similar and a dissimilar pair. Strategy 3 takes a "
    "twentieth of the time or less; it loses a few points in the similar pair, and over twenty in the other.",
)

# %% [markdown]
# **Look at** strategy 3. It is about 27 times as fast as a warm start. (These are medians from machines that sometimes
# did other things, too.) In the similar pair you pay 4.0 points for it, in the other 22.6. While you try things out, a
# few points may be worth it.
#
# **When does transfer stop mattering?** With enough pictures, random weights catch up. The next figure shows by how
# many points a warm start is ahead of strategy 1; below, the same lines are drawn larger. Predict for three pairs:

# %% tags=["nbval-ignore-output"]
some_pairs = ["guide → garden", "guide → biopsy", "slides → garden"]
widgets.choice("From where on is the lead not sure?", some_pairs, ["256", "1,024", "4,096", "16,384", "more"])

# %%
sources = ["guide", "slides", "photos"]
fig, axs = plt.subplots(2, 3, figsize=(11, 6.5), sharex=True, sharey="row")
for column, task in zip(axs.T, tasks):
    gained = {pair.split(" → ")[0]: line for pair, line in chart_views.gains(found, task).items()}
    for ax, title in zip(column, (task, "")):
        plots.difference_lines(gained, "training pictures", "points ahead", ax, order=sources).set_title(title)
        ax.legend().set_visible(ax is axs[0, 0])
        ax.label_outer()
axs[1, 0].set_ylim(-9, 9)
words = "11 to 51 with 64 pictures, a few with 4,096, 1.3 or less with 16,384. Slides to garden is below zero from 256."
notebook.show(axs[0, 0], f"By how many points a warm start is ahead of strategy 1, by source and size: {words}")

# %% [markdown]
# **Look at** where the lines come down to zero. With 4,096 pictures a warm start is still surely ahead, by our rule, in
# six of the nine pairs, by 1.4 to 3.7 points; with 16,384 only in *guide → butterflies*, by 1.3 ± 1.1. So in five pairs
# the end lies between the two, as in *guide → garden*. In *guide → biopsy* and *photos → biopsy* the lead was sure up
# to 1,024 pictures, in *slides → garden* only with 64. Do not trust one crossing point too much: *photos → garden* is
# not surely ahead with 1,024 pictures, 1.1 ± 6.1, but is with 4,096. And "not surely ahead" is not "level": with 16,384
# pictures the mean is above 0 in seven of the other eight pairs, too, by 0.2 to 1.2 points, too little for three
# repeats to tell.
#
# Within a task the nearest source always has the largest lead. Between tasks similarity helps less: with 4,096 pictures
# *slides → butterflies* (0.31) and *guide → biopsy* (0.45) are both 1.9 points ahead, though only the first surely. He,
# Girshick & Dollár (2019) found much the same for object detection: pre-training no longer helped from somewhere
# between 3,500 and 10,000 pictures on (each of which shows several objects).
#
# ## 7. Similarity, measured
#
# "By common sense" will not do for X-rays. Can a number tell how similar a pair is, *before* anything is trained? Ask
# the features. If a **linear probe** (notebook 01) on the frozen features of a network tells the classes apart better
# than on features of random weights, then what the network has learned is of use here. The **probe gap** says which
# share of the errors is gone:
#
# $$\text{gap} = 1 - \frac{\text{errors on the network's features}}{\text{errors on features of random weights}}$$
#
# 1 means that no error is left, 0 that the network knows no more than random weights do. It takes seconds. To judge the
# probe on pictures that it has not seen, they are cut into four parts; it learns from three and is judged on the
# fourth, four times: that is `cross_val_score`. (`C` is explained in notebook 06.) Here it is for the biopsy with 256
# pictures:

# %%
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from course_utils import backbones, similarity_measures

some = data.sample(biopsy.train, 256, seed=0)
probe = make_pipeline(StandardScaler(), LogisticRegression(C=0.1, max_iter=1000))


def errors(features, labels):
    """Return the share of pictures on which a linear probe errs, on folds that it has not seen."""
    return 1 - cross_val_score(probe, features, labels, cv=StratifiedKFold(4, shuffle=True, random_state=0)).mean()


# %% tags=["nbval-ignore-output"]
# Of the name only the architecture and the preprocessing count: random weights are the same for all three sources.
on_random = errors(similarity_measures.random_features("coursenet_guide", some.images), some.labels)
gaps = {}
for source in ("slides", "photos", "guide"):
    name = f"coursenet_{source}"
    seen = similarity_measures.pooled(name, backbones.load(name), some.images)  # (256, 128)
    gaps[source] = 1 - errors(seen, some.labels) / on_random
    print(f"{source:<7} probe gap {gaps[source]:.2f}")

# %%
print("slides are the nearest source of the biopsy:", max(gaps, key=gaps.get) == "slides")

# %% [markdown]
# **Look at** the order. Slides are nearest, as common sense said. But here is also what common sense could not say:
# drawn flowers and photographs of everyday things are about equally far from tissue. (Section 4 printed 0.45 for *guide
# → biopsy*, the mean over five samples of 256 pictures; they run from 0.39 to 0.50. So a difference of a few hundredths
# means nothing.)
#
# ### Exercise 3
# Which of the three sources is nearest to the butterflies, and how near? Guess first. Then take 256 of them,
# `data.sample(data.task("butterflies").train, 256, seed=0)`. Use the cells above with butterflies in place of the
# biopsy, and compute `on_random` again, too: it is another number for each task. Give the three gaps as a dict:
# `{"guide": ..., "slides": ..., "photos": ...}`.

# %%
answer = None
checks.check("05.3", answer)

# %% [markdown]
# Does it predict what transfer brings? For each pair: the gap with 256 pictures, against the points by which the best
# pre-trained way is ahead of strategy 1, and by which strategy 3 is. Predict:

# %% tags=["nbval-ignore-output"]
limits = ["0.2", "0.4", "0.6", "0.8"]
widgets.choice("Below which gap is a frozen base worse than random weights?", ["with 256 pictures"], limits)

# %%
from course_utils import ranking, similarity

at_256 = [case for case in found if case.n_samples == 256]
gap = np.array([similarity.of_pair(case.backbone, case.task, 256) for case in at_256])
alike = np.array([case.similar for case in at_256])

# %%
fig, axs = plt.subplots(1, 2, figsize=(10, 4))
for ax, (name, ways) in zip(axs, ranking.GAINS.items()):
    gained = np.array([ranking.gain(case, ways) for case in at_256])
    ax.plot(gap[alike], gained[alike], "oC0", label="similar by common sense")
    ax.plot(gap[~alike], gained[~alike], "sC1", label="dissimilar")
    ax.axhline(0, color="0.3", lw=1)
    ax.set(title=f"256 pictures: {name}", xlabel="probe gap", ylabel="points ahead of strategy 1")
axs[0].legend()
what = "The best pre-trained way gains up to 28 points. Strategy 3 gains in three similar pairs, loses in six others."
notebook.show(axs[0], f"Gain of transfer against the probe gap for nine pairs. Both panels rise. {what}")

# %% [markdown]
# **Look at** the right panel. With 256 pictures a frozen base is worse than random weights in all six pairs to the left
# of 0.6, and far better in the three to the right of 0.8; nothing lies between. No wonder: the probe is a head on a
# frozen base, nearly strategy 3 itself. The left panel is the real test: there everything may train.
#
# The limit moves with the size. With 64 pictures strategy 3 had the higher mean in all nine pairs. And the gap itself
# grows with the sample, in *slides → garden* from 0.17 with 64 pictures to 0.29 with 1,024. So compare gaps of one size
# only. From here on, *similarity* is the probe gap.
#
# If you have time: there are other measures.
#
# - **LEEP** (Nguyen et al. 2020): do the answers of the *source's* classifier tell the target's classes?
# - **LogME** (You et al. 2021): how well does a linear model of the features explain the labels?
# - **distance**, the plainest: how far is the mean of the features from that of the source's pictures?
#
# How well does each put the nine pairs into the order of what transfer gains? A *rank correlation* of 1 means the same
# order, 0 none. Which of the four would you bet on?

# %% tags=["nbval-ignore-output"]
widgets.choice("Which orders the pairs best?", ["with 256 pictures"], list(similarity.MEASURES))

# %%
Markdown(ranking.table(at_256))

# %% [markdown]
# **Look at** the intervals before you crown a winner. With nine pairs they are wide, and they overlap: no measure is
# shown to be better than another. (The last column: for how many of the three tasks the measure names the best source.
# `commands.chart` prints 64 and 1,024 pictures, too.) We use the probe gap, since it can be read: a share of errors.
# That was settled before any of these numbers was seen.
#
# ## 8. Advice from measured cases
# Now turn it around. Your problem has a number of pictures and a probe gap (the argument `similar`). All measured cases
# are asked. Each has the gap of its own size; the nearer its gap and its size are to yours, the more it counts. The way
# that stays least behind the best one, on average, is the advice. *Quadrant 3* or *1* then means: your gap is nearer to
# those of the dissimilar cases. Notebook 09 uses this on your pictures.

# %%
from course_utils import advice, advice_check, advising

given = advice.advise(n_samples=150, similar=0.5)
Markdown(advising.explain(given))

# %% [markdown]
# **Look at** *Why*. It does not say which way is right. It says what each would cost you, so that you can weigh it
# against your time. *How sure* says when ways are a toss-up.
#
# Is it better than the charts? Leave one task out, take advice for it from the other two, and count how many points
# that gives away against the best way, chosen after the fact. Do the same for the charts, and for rules that ask
# nothing at all. (The gap was measured on five samples of pictures. Where they lead to different advice, the points are
# the mean, and the tables name both.) Predict how many points each gives away:

# %% tags=["nbval-ignore-output"]
widgets.choice("Points given away?", list(advice_check.RULES), ["0 to 2", "2 to 5", "5 to 10", "over 10"])

# %%
Markdown(advice_check.table(found))

# %% [markdown]
# **Look at** the first column. A rule that asks nothing, *always strategy 2*, gives away 0.9 points, *always a warm
# start* 1.0, and the measured advice 1.0. Marcelino's chart 1.6, that of CS231n 4.9; always freezing the base 15.8, and
# always random weights 12.1. So the measurement does not win: two ways are nearly equal from 1,024 pictures on, at most
# 2.4 points apart. With fewer they differ by more than 3 points in 7 of 18 cases, now one ahead, now the other. A rule
# that takes one of them is hard to beat. What it is worth is to know what the two large mistakes, strategies 1 and 3,
# would cost you.
#
# ### Exercise 4
# A colleague has 200 X-rays, and has measured a probe gap of 0.25. She freezes the whole base, "because with few
# pictures it would overfit". By how many points will she stay behind the best way, if her case is like ours?
# `advice.advise(...).regrets` is a dict. Its keys are `"1"`, `"2"`, `"3"` and `"warm start"`, its values are these
# points. The gap is the argument `similar`. Give one number.

# %%
answer = None
checks.check("05.4", answer)

# %% [markdown]
# If you have time: where do the rules fail? The last column has said by how many points. Predict the pair:

# %% tags=["nbval-ignore-output"]
all_pairs = [chart_views.pair_name(*pair) for pair in pairs]
widgets.choice("In which pair is it farthest behind?", list(advice_check.RULES)[:3], all_pairs)

# %%
Markdown("\n\n".join(advice_check.worst(found, rule) for rule in list(advice_check.RULES)[:3]))

# %% [markdown]
# **Look at** the last column. A rule can name the wrong way and cost little: Marcelino's chart gives away at most 5.5,
# the measured advice 6.4. CS231n's up to 24.7: where pictures are few and dissimilar, a linear classifier on features
# that do not fit. Which mistakes would you mind?
#
# ## 9. The chart to take home
#
# Here is the chart of section 1 once more. Now each quadrant says by how many points each way stays behind the best
# one, on average over our cases:

# %%
behind = chart_views.behind(found)
name = chart_views.way_name
words = {number: "\n".join(f"{name(way)}: {lost:.1f}" for way, lost in ways.items()) for number, ways in behind.items()}
ax = diagrams.quadrants(words)
ax.set_title("points behind the best way, on average (small: 64 and 256 pictures; large: 4,096)", fontsize=10)
notebook.show(
    ax,
    "The four quadrants with the points by which each way stays behind the best. Strategy 2 and warm start are near 0 "
    "in all four; strategy 3 is far behind on the left, strategy 1 in both lower quadrants.",
)

# %% [markdown]
# **Look at** the large numbers. Freezing the whole base is 16 and 27 points behind where pictures are dissimilar, few
# or many, and only 3.0 in quadrant 4. Random weights cost 35.5 points in quadrant 4, and still 1.7 in quadrant 1, which
# the chart gives to them; with 16,384 pictures it was 0.5. On average, warm start and strategy 2 are at most 2.2 points
# behind, in every quadrant; in a single case it was up to 7.8 and 4.2 (6.3 with 1,024 pictures).
#
# So, for your own problem:
#
# 1. **Measure the probe gap** of the networks you could take. It costs seconds, and names the source that is nearest.
# 2. **Try strategy 3 first.** It is quick, and the number to beat. In our three similar pairs (gap above 0.8 on 256
#    pictures, above 0.7 on 64) it was 3.0 points behind the best way with few pictures, and 5.9 with many. With a
#    smaller gap expect much more.
# 3. **Then strategy 2, with the first two blocks frozen (of CourseNet's five), or a warm start.** They are mostly a
#    toss-up. With few pictures we would begin with strategy 2, with many with a warm start. Choose the rate with care:
#    a bad one can cost as much as the wrong way of the two, which was 7.3 points at most.
# 4. **Random weights only if there is nothing else.** They never won alone. Twice they beat a base that may learn, both
#    times in *slides → garden*. With 16,384 pictures they were tied with a warm start in eight of nine pairs. Then it
#    hardly matters; but a warm start trained for as many epochs, no more.
# 5. **With few pictures, augment** where layers train (notebook 07).
# 6. **Let validation pictures decide**, and ask what a mistake would cost.
#
# This was one small network on drawn pictures of eight classes. On photographs, with a network of ImageNet, you look
# again in notebook 08.
#
# ## What you have seen
#
# - The chart asks two questions, size and similarity. Similarity belongs to a pair of source and target, and a linear
#   probe can measure it.
# - Measured, Marcelino's advice was unbeaten in 23 of 33 cases, and cost 5.5 points at most; that of CS231n cost up to
#   24.7. What is expensive: to freeze everything where the source does not fit, and to begin from nothing with few
#   pictures.
# - Freezing early blocks cost little anywhere; freezing late ones cost the more, the less similar the source was.
# - The more pictures, the less pre-trained weights gain: with 16,384 a warm start was surely ahead in one of nine
#   pairs. But a frozen base falls farther behind: 7.5 points with 64 pictures, 20.1 with 4,096.
# - Verdicts need rules that are written down before, pairs of runs that share their pictures, and intervals.
