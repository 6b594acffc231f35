"""The editions of the reading site: in which language, and what stands on its pages beside the course's own words."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Edition:
    """One language of the site.

    Parameters
    ----------
    language : str
        As HTML names it, such as "ko".
    place : str
        Its folder in the built site.
    title : str
        Stands above the table of contents.
    parts : tuple of str
        The names of the three parts of the table of contents.
    contents : str
        Stands above the sections of a page.
    search : str
        Stands in the field of the search.
    licence : str
        Stands at the foot of every page.
    install : str
        Title of the README there.
    widget : str
        Stands below what a widget showed.
    untranslated : str
        Stands below the title of a page that is shown in English; empty in English.
    fold : tuple of str
        What a folded cell offers: to show it, to hide it.
    """

    language: str
    place: str
    title: str
    parts: tuple
    contents: str
    search: str
    licence: str
    install: str
    widget: str
    untranslated: str
    fold: tuple


ENGLISH = Edition(
    language="en",
    place="",
    title="Transfer learning, measured",
    parts=("Notebooks", "To look things up", "For instructors and authors"),
    contents="On this page",
    search="Search the course",
    licence="Code: MIT licence. Text and pictures: CC BY 4.0.",
    install="Install and use",
    widget="A widget: open the notebook to move it.",
    untranslated="",
    fold=("Show the code", "Hide the code"),
)
KOREAN = Edition(
    language="ko",
    place="ko",
    title="측정으로 배우는 전이학습",
    parts=("노트북", "찾아보기", "가르치는 분과 만드는 분께"),
    contents="이 페이지의 차례",
    search="강의에서 찾기",
    licence="코드는 MIT 라이선스, 글과 그림은 CC BY 4.0을 따릅니다.",
    install="설치와 사용",
    widget="위젯입니다. 직접 움직여 보려면 노트북을 열어 주세요.",
    untranslated="이 페이지는 아직 한국어로 옮기지 않아 영어로 보여 드립니다.",
    fold=("코드 보기", "코드 숨기기"),
)
EDITIONS = (ENGLISH, KOREAN)
