import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

from kgan._core.writing import replacing

MILLISECONDS = 120
COLORS = 128


def animate(scene, frames, folder, count):
    """Draws frames as `animation.gif`, and the last of them as `final.png`.

    Args:
        scene: The scene that captured them.
        frames: List of the dicts that a `Recorder` holds.
        folder: Where both files go.
        count: Frames of the animation; if there are more, some are left out evenly.
    """
    chosen = np.linspace(0, len(frames) - 1, min(count, len(frames))).round()
    images = [_draw(scene, frames, int(index), dpi=80) for index in chosen]
    with replacing(folder / "final.png") as path:
        _draw(scene, frames, len(frames) - 1, dpi=160).save(path)
    # One palette for all frames, so that only what moves is written; no dithering,
    # which would make a pattern of flat colours and the file three times as large.
    mosaic = np.concatenate([np.asarray(images[i]) for i in {0, len(images) // 2, -1}])
    palette = Image.fromarray(mosaic).quantize(COLORS)
    images = [image.quantize(palette=palette, dither=0) for image in images]
    with replacing(folder / "animation.gif") as path:
        images[0].save(
            path,
            save_all=True,
            append_images=images[1:],
            # The last frame stays: it is what the game reached.
            duration=[MILLISECONDS] * (len(images) - 1) + [2000],
            loop=0,
        )


def _draw(scene, frames, index, dpi):
    # Not pyplot, whose figures and backend are global to the user's program.
    figure = Figure(figsize=scene.size, dpi=dpi, layout="constrained")
    canvas = FigureCanvasAgg(figure)
    scene.draw(figure, frames, index)
    canvas.draw()
    return Image.fromarray(np.asarray(canvas.buffer_rgba())[..., :3])
