"""The glossary: in order, with a Korean name for each term, and each term in the notebook it names."""

import re

import pytest

from course_utils import ROOT

LINES = (ROOT / "notebooks/glossary.md").read_text(encoding="utf-8").splitlines()
ROWS = [[cell.strip() for cell in line.split("|")[1:-1]] for line in LINES if re.search(r"\| \d\d \|$", line)]
# The terms that the course promises in Korean.
KOREAN = "전이학습 합성곱층 풀링층 완전연결층 분류기 미세조정 학습률 과적합 데이터증강 전역평균풀링 서포트벡터머신"


def test_terms_are_in_order_and_have_korean_names():
    assert len(ROWS) == sum(line.startswith("|") for line in LINES) - 2  # no row is passed over but the head
    terms = [term for term, *_ in ROWS]
    assert len(terms) == len(set(terms)) > 30 and terms == sorted(terms)
    names = [korean.replace(" ", "") for _, korean, *_ in ROWS]
    assert not [name for name in names if not re.fullmatch("[가-힣]+", name)]
    assert set(KOREAN.split()) <= set(names) and "사전학습모델" in names


@pytest.mark.parametrize(("term", "number"), [(term, number) for term, _, _, number in ROWS])
def test_a_term_is_used_in_the_notebook_that_is_named(term, number):
    (path,) = (ROOT / "notebooks/src").glob(f"{number}_*.py")
    text = " ".join(path.read_text(encoding="utf-8").replace("\n#", " ").lower().split())
    assert re.search(rf"\b{re.escape(term)}s?\b", text)
