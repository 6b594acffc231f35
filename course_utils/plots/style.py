"""Second cues beside colour, for readers who do not tell the colours apart."""

LINE_STYLES = ("-", "--", "-.", ":")
MARKERS = ("o", "s", "D", "^", "v")
