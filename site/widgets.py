"""What a widget showed when a notebook was stored, as HTML: a reading site has no kernel that would move it."""

from html import escape

VIEW = "application/vnd.jupyter.widget-view+json"
STATE = "application/vnd.jupyter.widget-state+json"


def models(notebook, output):
    """Return the states of an output's widget and of all in it, from top to bottom: a list of (model name, dict)."""
    every = notebook["metadata"]["widgets"][STATE]["state"]
    found, waiting = [], [output["data"][VIEW]["model_id"]]
    while waiting:
        model = every[waiting.pop(0)]
        found.append((model["model_name"], model["state"]))
        waiting[:0] = [child.removeprefix("IPY_MODEL_") for child in model["state"].get("children", ())]
    return found


def as_html(notebook, output, note):
    """Return the texts and figures of a widget, the names of its controls, and a note; "" for a progress bar."""
    found = models(notebook, output)
    if any(name == "FloatProgressModel" for name, _ in found):
        return ""
    shown = [f"<p>{state['value']}</p>" for name, state in found if name == "HTMLModel" and state["value"]]
    controls = [escape(state["description"]) for _, state in found if state.get("description")]
    # The question of a prediction comes before its controls, a figure after them.
    first = 1 if shown and "<img" not in shown[0] else 0
    shown.insert(first, f"<p>{' · '.join(controls)}</p>")
    return f'<div class="course-widget">{"".join(shown)}<p class="course-note">{escape(note)}</p></div>'
