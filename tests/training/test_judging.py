"""A network is judged: by class, by its mistakes, by where it looks, and by what more pictures would bring."""

from types import SimpleNamespace

import numpy as np
import pytest

from course_utils import backbones, data, heads, judging, looking, measuring, strategies, training
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
    low, high = found.interval
    assert low < 0.4 and high > 0.85
    assert found.table().splitlines()[2:] == [
        "| dog | 2 | 50% | 9% to 91% | cat (1) |",
        "| cat | 6 | 67% | 30% to 90% | dog (2) |",
        "| cow | 1 | 100% | 21% to 100% | – |",
    ]


def test_a_class_without_test_pictures():
    found = judging.judged(LOGITS[:8], LABELS[:8], NAMES)
    assert found.balanced == pytest.approx((4 / 6 + 1 / 2) / 2) and found.confusion[2].sum() == 0


def test_scores_for_every_label():
    with pytest.raises(CourseError, match="Received 9 for 8"):
        judging.judged(LOGITS, LABELS[:8], NAMES)


@pytest.mark.parametrize("scores", [LOGITS, np.full((9, 3), 1 / 3), LOGITS[:, 0]], ids=["logits", "shares", "flat"])
@pytest.mark.parametrize("names", [("cat", "dog"), ("cat", "dog", "cow", "ass")], ids=len)
def test_scores_for_every_class(scores, names):
    with pytest.raises(
        CourseError, match=rf"each of {len(names)} classes .* shape \(9,.* Judge the network on the task"
    ):
        judging.judged(scores, np.zeros(9, int), names)


def test_a_network_of_another_task():
    task = data.task("garden")
    run = training.train(strategies.find(3), "coursenet_guide", task, 16, learning_rate=0.03, epochs=1, progress=False)
    with pytest.raises(CourseError, match=r"each of 3 classes .* \(256, 8\)"):
        judging.judge(
            run, Task("other", NAMES, task.train, Pictures(task.test.images[:256], task.test.labels[:256] % 3))
        )


def test_grad_cam_is_the_class_map_under_average_pooling():
    # With average pooling the gradient of a score is the weight of its channel: Grad-CAM and CAM are the same.
    keras.utils.set_random_seed(0)
    base = backbones.load("coursenet_guide")
    model = backbones.attach_head(base, 3)
    inputs = backbones.preprocess("coursenet_guide", data.task("garden").test.images[:1])
    seen = judging.grad_cam(model, inputs, 1)
    head = keras.Sequential(model.layers[-2:])
    wanted = heads.activations(head, base.predict(inputs, verbose=0))[0, ..., 1] - model.layers[-1].bias.numpy()[1]
    wanted = np.maximum(wanted, 0)
    assert seen.shape == (4, 4) and seen.max() == 1
    assert np.allclose(seen, wanted / max(wanted.max(), 1e-9), atol=1e-4)
    assert not np.allclose(seen, judging.grad_cam(model, inputs, 2), atol=1e-2)
    with pytest.raises(CourseError, match="feature maps"):
        judging.grad_cam(keras.Sequential([keras.Input((4,)), keras.layers.Dense(2)]), np.zeros((1, 4), "float32"), 0)


def _mobile_net(**settings):
    """Return a small MobileNetV2 with random weights, and a picture for it."""
    base = keras.applications.MobileNetV2(weights=None, alpha=0.35, input_shape=(96, 96, 3), **settings)
    return base, np.random.default_rng(0).uniform(-1, 1, (1, 96, 96, 3)).astype("float32")


def test_the_last_feature_maps():
    course_net = backbones.attach_head(backbones.load("coursenet_guide", None), 3)
    assert looking.last_maps(course_net).name == "block5_relu2"
    mobile_net, inputs = _mobile_net(include_top=False)
    assert looking.last_maps(backbones.attach_head(mobile_net, 3)).name == "out_relu"
    assert looking.last_maps(_mobile_net()[0]).name == "out_relu"
    assert judging.grad_cam(backbones.attach_head(mobile_net, 3), inputs, 1).shape == (3, 3)
    # Behind its pooling MobileNetV3 goes on with convolutions, of maps of a single place.
    whole = keras.applications.MobileNetV3Small(weights=None, input_shape=(96, 96, 3), classes=5)
    assert looking.last_maps(whole).output.shape[1:3] == (3, 3)


@pytest.mark.parametrize("pooling", [None, "avg"])
@pytest.mark.parametrize("outer", ["functional", "sequential"])
def test_a_network_in_a_network(pooling, outer):
    base, inputs = _mobile_net(include_top=False, pooling=pooling)
    pool = [] if pooling else [keras.layers.GlobalAveragePooling2D()]
    head = keras.Sequential([keras.Input(base.output.shape[1:]), *pool, keras.layers.Dense(3)])
    model = keras.Sequential([keras.Input((96, 96, 3)), keras.layers.Rescaling(1.0), base, head])
    if outer == "functional":
        pixels = keras.Input((96, 96, 3))
        model = keras.Model(pixels, head(base(keras.layers.Rescaling(1.0)(pixels), training=False)))
    with pytest.raises(CourseError, match=f"inside its layer '{base.name}'.*head\\(base.output\\)"):
        judging.grad_cam(model, inputs, 1)
    advised = keras.Model(base.input, head(base.output))
    assert np.allclose(advised(inputs), model(inputs), atol=1e-5)
    assert judging.grad_cam(advised, inputs, 1).shape == (3, 3)


def test_networks_without_feature_maps():
    pixels = keras.Input((8, 8, 3))
    flat = keras.Model(pixels, keras.layers.Dense(2)(keras.layers.Flatten()(keras.layers.Rescaling(2.0)(pixels))))
    with pytest.raises(CourseError, match="feature maps"):
        judging.grad_cam(flat, np.zeros((1, 8, 8, 3), "float32"), 0)


def test_a_learning_curve_leaves_the_test_pictures_alone(monkeypatch):
    task = data.task("garden")
    seen = []

    def run_once(case, rate, seed):
        seen.append(case.task)
        return SimpleNamespace(test_accuracy=len(case.task.train) / 200 + seed / 1000)

    monkeypatch.setattr(measuring, "run_once", run_once)
    curve = judging.learning_curve(measuring.Case(strategies.find(3), task, 128, 15), 0.032)
    assert curve == {n: pytest.approx([n / 2 + seed / 10 for seed in range(3)]) for n in (24, 48, 96)}
    assert judging.more_would_help(curve) == pytest.approx((24, 0))
    pool = {image.tobytes() for image in task.train.images}
    for one in seen:
        train, aside = ({image.tobytes() for image in part.images} for part in (one.train, one.test))
        assert not train & aside and len(aside) == 32 and train | aside <= pool


def _epochs(monkeypatch, shares, **options):
    """Return what the runs of a learning curve would be: number of pictures -> epochs, and the other options."""
    seen = {}

    def run_once(case, rate, seed):
        seen[case.n_samples] = case.epochs, case.options
        return SimpleNamespace(test_accuracy=0.5)

    monkeypatch.setattr(measuring, "run_once", run_once)
    case = measuring.Case(strategies.find(3), data.task("garden"), 128, 16, options=options)
    judging.learning_curve(case, 0.03, shares=shares)
    return seen


def test_classes_of_unequal_size_keep_their_shares(monkeypatch):
    seen = {}

    def run_once(case, rate, seed):
        seen[case.n_samples] = np.bincount(case.task.train.labels).tolist(), np.bincount(case.task.test.labels).tolist()
        return SimpleNamespace(test_accuracy=0.5)

    monkeypatch.setattr(measuring, "run_once", run_once)
    task, labels = data.task("garden"), np.repeat([0, 1], [96, 16])
    task = Task("uneven", ("a", "b"), Pictures(task.train.images[:112], labels), task.test)
    judging.learning_curve(measuring.Case(strategies.find(3), task, 112, 16), 0.03, shares=(0.5, 1))
    assert seen == {42: ([36, 6], [24, 4]), 84: ([72, 12], [24, 4])}


def test_every_size_gets_as_many_updates(monkeypatch):
    # 96, 48 and 24 pictures are 3, 2 and 1 batches of 32.
    assert _epochs(monkeypatch, (0.25, 1, 0.5)) == {24: (48, {}), 48: (24, {}), 96: (16, {})}
    found = _epochs(monkeypatch, (1 / 3, 1), batch_size=8, head_epochs=5, patience=None)
    assert found[32] == (48, {"batch_size": 8, "head_epochs": 15, "patience": None})
    assert _epochs(monkeypatch, (1 / 12, 1), batch_size=8)[8][0] == 4 * 16  # not the 12 times that it would take


@pytest.mark.parametrize(
    "settings",
    [{"shares": (1.0,)}, {"shares": (0.5, 0.505)}, {"shares": ()}, {"shares": (0.01, 1)}, {"shares": (0.5, 1.5)}]
    + [{"seeds": ()}, {"seeds": (1,)}, {"seeds": (1, 1)}, {"seeds": range(11)}],
    ids=str,
)
def test_curves_that_would_say_nothing(settings, monkeypatch):
    monkeypatch.setattr(measuring, "run_once", lambda *_: pytest.fail("trained in vain"))
    case = measuring.Case(strategies.find(3), data.task("garden"), 128, 15)
    with pytest.raises(CourseError, match="Expected (2 to 10 different seeds|two or more sizes)"):
        judging.learning_curve(case, 0.03, **settings)


def test_what_the_last_step_brought():
    overlapping = {24: [60.0, 72, 66], 96: [65.0, 76, 64], 48: [64.0, 70, 66]}  # in any order
    gained, half = judging.more_would_help(overlapping)
    assert gained == pytest.approx(5 / 3) and gained - half < 0 < gained + half  # cannot tell
    for curve in ({}, {24: [1.0, 2]}, {24: [1.0], 48: [2.0]}, {24: [1.0, 2], 48: [2.0, 3, 4]}, {24: [], 48: []}):
        with pytest.raises(CourseError, match="two or more sizes, with 2 to 10 repeats"):
            judging.more_would_help(curve)
