"""The table of strategies: what starts from pre-trained weights, and what is frozen."""

from course_utils.cards import CourseError, Strategy

STRATEGIES = (
    Strategy("1: train everything", pretrained=False, freeze="none"),
    Strategy("warm start: train everything", pretrained=True, freeze="none"),
    Strategy("2: freeze the early part", pretrained=True, freeze="part"),
    Strategy("3: freeze the base", pretrained=True, freeze="all"),
)


def find(key):
    """Return a strategy.

    Parameters
    ----------
    key : {1, "warm start", 2, 3}

    Returns
    -------
    Strategy

    Raises
    ------
    CourseError
        If there is none of that name.

    Examples
    --------
    >>> find(3).freeze
    'all'
    """
    for strategy in STRATEGIES:
        if strategy.name.split(":")[0] == str(key):
            return strategy
    keys = ", ".join(strategy.name.split(":")[0] for strategy in STRATEGIES)
    raise CourseError(f"Expected a strategy: {keys}. Received: {key!r}.")
