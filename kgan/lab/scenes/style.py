"""Colours and frames that all scenes share."""

REAL = "#9aa0a6"
FAKE = "#d6336c"
DISCRIMINATOR = "#1c7ed6"
ARROW = "#343a40"
# From "judged fake" to "judged real".
LANDSCAPE = "RdYlBu_r"


def dress(axes, title):
    """Gives axes a title and takes away what distracts."""
    axes.set_title(title, fontsize=11, loc="left")
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    for spine in axes.spines.values():
        spine.set_color(REAL)
    axes.tick_params(colors="#5f6368", labelsize=8, length=3)
