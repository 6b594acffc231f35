"""What the site adds to Sphinx: formulas without scripts, a search that knows Korean, the language of a page."""

import re

from docutils import nodes
from docutils.utils.math.latex2mathml import tex2mathml
from sphinx.search.en import SearchEnglish

KOREAN_WORD = re.compile(r"[가-힣]{2,}")


class SearchKorean(SearchEnglish):
    """English as ever; a Korean word is also found by its beginning, since endings stick to it (과적합 in 과적합의)."""

    lang = "ko"
    language_name = "Korean"

    def split(self, input):
        """Return the words of a text, and the beginnings of Korean ones."""
        starts = [word[:end] for word in KOREAN_WORD.findall(input) for end in range(2, len(word))]
        return super().split(input) + starts


def visit_math(translator, node):
    """Write a formula as MathML, which browsers show by themselves: MathJax would be fetched from another host."""
    translator.body.append(tex2mathml(node.astext(), as_block=isinstance(node, nodes.math_block)))
    raise nodes.SkipNode


def set_language(app, pagename, templatename, context, doctree):
    """Say that a page which is not translated is in English, for screen readers and their like."""
    if pagename in app.config.course_english_pages:
        context["body"] = f'<div lang="en">{context["body"]}</div>'


def setup(app):
    """Register all of it."""
    app.add_html_math_renderer("mathml", (visit_math, None), (visit_math, None))
    app.add_search_language(SearchKorean)
    app.add_config_value("course_english_pages", [], "html")
    app.add_config_value("comments_config", {}, "")  # Jupyter Book sets it for sphinx_comments, which is not here
    app.connect("html-page-context", set_language)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
