"""A network is judged: by class, by its mistakes, by where it looks, and by what more pictures would bring."""

from types import SimpleNamespace

import numpy as np
import pytest

from course_utils import backbones, heads, judging, looking, measuring, metrics, strategies
from course_utils.cards import CourseError, Pictures, Task
from course_utils.quiet import keras

NAMES = ("cat", "dog", "cow")
LABELS = np.array([0, 0, 0, 0, 0, 0, 1, 1, 2])
LOGITS = np.array([[5, 0, 0]] * 4 + [[0, 9, 0], [0, 3, 0], [0, 5, 0], [7, 0, 0], [0, 0, 1]], float)


def test_by_hand():
    found = judging.judged(LOGITS, LABELS, NAMES)
    assert found.confusion.tolist() == [[4, 2, 0], [1, 1, 0], [0, 0, 1]]
    assert found.accuracy == pytest.approx(6 / 9) and found.majority == pytest.approx(6 / 9)
    assert found.balanced == pytest.approx((4 / 6 + 1 / 2 + 1) / 3)
    assert found.mistakes.tolist() == [4, 7, 5]  # the surest first
    assert found.interval == metrics.share_interval(6 / 9, 9)
    assert found.shares == pytest.approx(np.exp(LOGITS) / np.exp(LOGITS).sum(1, keepdims=True))
    assert judging.judged(200 * LOGITS, LABELS, NAMES).shares[0].tolist() == [1, 0, 0], "also of huge scores"
    assert found.table().splitlines()[2:] == [
        "| dog | 2 | 50% | 9% to 91% | cat (1) |",
        "| cat | 6 | 67% | 30% to 90% | dog (2) |",
        "| cow | 1 | 100% | 21% to 100% | – |",
    ]
    without_cows = judging.judged(LOGITS[:8], LABELS[:8], NAMES)
    assert without_cows.balanced == pytest.approx((4 / 6 + 1 / 2) / 2) and without_cows.confusion[2].sum() == 0


@pytest.mark.parametrize(("scores", "names"), [(LOGITS, NAMES[:2]), (LOGITS, (*NAMES, "ass")), (LOGITS[:, 0], NAMES)])
def test_scores_for_every_class_and_every_label(scores, names):
    wanted = rf"each of {len(names)} classes .* shape \(9,.* Judge the network on the task"
    with pytest.raises(CourseError, match=wanted):
        judging.judged(scores, np.zeros(9, int), names)
    with pytest.raises(CourseError, match="Received 9 for 8"):
        judging.judged(scores, LABELS[:8], names)


def test_a_run_is_judged_on_the_test_pictures_of_its_own_task(head_trained, small):
    found = judging.judge(head_trained, small)
    assert found.accuracy == pytest.approx(head_trained.test_accuracy) and found.class_names == small.class_names
    assert found.confusion.sum(1).tolist() == np.bincount(small.test.labels).tolist()
    other = Task("other", NAMES, small.train, Pictures(small.test.images, small.test.labels % 3))
    with pytest.raises(CourseError, match=r"each of 3 classes .* \(32, 8\)"):
        judging.judge(head_trained, other)


def test_grad_cam_is_the_class_map_under_average_pooling(garden):
    # With average pooling the gradient of a score is the weight of its channel: Grad-CAM and CAM are the same.
    keras.utils.set_random_seed(0)
    base = backbones.load("coursenet_guide")
    model = backbones.attach_head(base, 3)
    inputs = backbones.preprocess("coursenet_guide", garden.test.images[:1])
    seen = judging.grad_cam(model, inputs, 1)
    head = keras.Sequential(model.layers[-2:])
    wanted = heads.activations(head, base.predict(inputs, verbose=0))[0, ..., 1] - model.layers[-1].bias.numpy()[1]
    wanted = np.maximum(wanted, 0)
    assert seen.shape == (4, 4) and seen.max() == 1
    assert np.allclose(seen, wanted / max(wanted.max(), 1e-9), atol=1e-4)
    assert not np.allclose(seen, judging.grad_cam(model, inputs, 2), atol=1e-2)


@pytest.mark.parametrize("shape", [(4,), (8, 8, 3)])
def test_networks_without_feature_maps(shape):
    flat = keras.Sequential([keras.Input(shape), keras.layers.Flatten(), keras.layers.Dense(2)])
    with pytest.raises(CourseError, match="feature maps"):
        judging.grad_cam(flat, np.zeros((1, *shape), "float32"), 0)


def test_the_last_feature_maps():
    course_net = backbones.attach_head(backbones.load("coursenet_guide", None), 3)
    assert looking.last_maps(course_net).name == "block5_relu2"
    applications, settings = keras.applications, {"weights": None, "input_shape": (96, 96, 3)}
    assert looking.last_maps(applications.MobileNetV2(alpha=0.35, **settings)).name == "out_relu"
    # Behind its pooling MobileNetV3 goes on with convolutions, of maps of a single place.
    assert looking.last_maps(applications.MobileNetV3Small(classes=5, **settings)).output.shape[1:3] == (3, 3)


@pytest.mark.parametrize("pooled", [False, True])
@pytest.mark.parametrize("outer", ["functional", "sequential"])
def test_a_network_in_a_network(pooled, outer):
    pool, pixels = keras.layers.GlobalAveragePooling2D(), keras.Input((24, 24, 3))
    maps = keras.layers.BatchNormalization()(keras.layers.Conv2D(4, 8, strides=8)(pixels))
    base = keras.Model(pixels, pool(maps) if pooled else maps, name="inner")
    head = keras.Sequential([keras.Input(base.output.shape[1:]), *([] if pooled else [pool]), keras.layers.Dense(3)])
    model = keras.Sequential([keras.Input((24, 24, 3)), keras.layers.Rescaling(1.0), base, head])
    if outer == "functional":
        model = keras.Model(pixels, head(base(keras.layers.Rescaling(1.0)(pixels), training=False)))
    inputs = np.random.default_rng(0).uniform(-1, 1, (1, 24, 24, 3)).astype("float32")
    with pytest.raises(CourseError, match=r"inside its layer 'inner'.*head\(base.output\)"):
        judging.grad_cam(model, inputs, 1)
    advised = keras.Model(base.input, head(base.output))
    assert np.allclose(advised(inputs), model(inputs), atol=1e-5)
    assert judging.grad_cam(advised, inputs, 1).shape == (3, 3)


@pytest.fixture
def cases(monkeypatch):
    """Keep the cases that a learning curve would train; what they would reach is their number of pictures."""
    seen = []

    def run_once(case, rate, seed):
        seen.append(case)
        return SimpleNamespace(test_accuracy=len(case.task.train) / 200 + seed / 1000)

    monkeypatch.setattr(measuring, "run_once", run_once)
    return seen


def test_a_learning_curve_leaves_the_test_pictures_alone(cases, garden):
    curve = judging.learning_curve(measuring.Case(strategies.find(3), garden, 128, 15), 0.032)
    assert curve == {n: pytest.approx([n / 2 + seed / 10 for seed in range(3)]) for n in (24, 48, 96)}
    assert judging.more_would_help(curve) == pytest.approx((24, 0))
    pool = {image.tobytes() for image in garden.train.images}
    for case in cases:
        train, aside = ({image.tobytes() for image in part.images} for part in (case.task.train, case.task.test))
        assert not train & aside and len(aside) == 32 and train | aside <= pool


def test_classes_of_unequal_size_keep_their_shares(cases, garden):
    pictures = Pictures(garden.train.images[:112], np.repeat([0, 1], [96, 16]))
    task = Task("uneven", ("a", "b"), pictures, garden.test)
    judging.learning_curve(measuring.Case(strategies.find(3), task, 112, 16), 0.03, (0, 1), shares=(0.5, 1))
    counts = [[np.bincount(part.labels).tolist() for part in (case.task.train, case.task.test)] for case in cases]
    assert counts == [[[36, 6], [24, 4]]] * 2 + [[[72, 12], [24, 4]]] * 2


@pytest.mark.parametrize(
    ("shares", "options", "wanted"),
    [
        ((0.25, 1, 0.5), {"patience": None}, {24: (48, None), 48: (24, None), 96: (16, None)}),  # 1 to 3 batches of 32
        ((1 / 3, 1), {"batch_size": 8, "head_epochs": 5, "patience": 2}, {32: (48, 8, 15, 6), 96: (16, 8, 5, 2)}),
        ((1 / 12, 1), {"batch_size": 8}, {8: (4 * 16, 8), 96: (16, 8)}),  # not the 12 times that it would take
    ],
)
def test_every_size_gets_as_many_updates(cases, garden, shares, options, wanted):
    case = measuring.Case(strategies.find(3), garden, 128, 16, options=options)
    judging.learning_curve(case, 0.03, shares=shares)
    assert {case.n_samples: (case.epochs, *case.options.values()) for case in cases} == wanted


@pytest.mark.parametrize(
    "settings",
    [{"shares": (1.0,)}, {"shares": (0.5, 0.505)}, {"shares": ()}, {"shares": (0.01, 1)}, {"shares": (0.5, 1.5)}]
    + [{"seeds": ()}, {"seeds": (1,)}, {"seeds": (1, 1)}, {"seeds": range(11)}],
    ids=str,
)
def test_curves_that_would_say_nothing(settings, cases, garden):
    case = measuring.Case(strategies.find(3), garden, 128, 15)
    with pytest.raises(CourseError, match="Expected (2 to 10 different seeds|two or more sizes)"):
        judging.learning_curve(case, 0.03, **settings)
    assert not cases, "trained in vain"


def test_what_the_last_step_brought():
    overlapping = {24: [60.0, 72, 66], 96: [65.0, 76, 64], 48: [64.0, 70, 66]}  # in any order
    gained, half = judging.more_would_help(overlapping)
    assert gained == pytest.approx(5 / 3) and gained - half < 0 < gained + half  # cannot tell
    for curve in ({}, {24: [1.0, 2]}, {24: [1.0], 48: [2.0]}, {24: [1.0, 2], 48: [2.0, 3, 4]}, {24: [], 48: []}):
        with pytest.raises(CourseError, match="two or more sizes, with 2 to 10 repeats"):
            judging.more_would_help(curve)
