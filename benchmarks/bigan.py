"""What the encoder of BiGAN and of ALI knows of images that it never saw.

A row a data set and a kind of encoder, trained by the preset `bigan`: the mean squared
error of reconstructions, in units of that of the mean training image, and how often the
training image with the nearest code has the same label, beside the nearest in pixels
and the nearest in as many principal components.

    python benchmarks/bigan.py --steps 1000 digits fashion_mnist
"""

import time

import click
import numpy as np
from sklearn.decomposition import PCA
from sklearn.neighbors import KNeighborsClassifier

import kgan


def agreement(known, labels, new, new_labels):
    """Returns the share of new points whose nearest known point has their label."""
    flat = [np.reshape(points, (len(points), -1)) for points in (known, new)]
    nearest = KNeighborsClassifier(n_neighbors=1).fit(flat[0], labels)
    return nearest.score(flat[1], new_labels)


@click.command()
@click.argument("names", nargs=-1)
@click.option("--steps", default=1000, show_default=True)
@click.option("--seed", default=0, show_default=True)
def main(names, steps, seed):
    print("| data | encoder | error / mean image's | 1-NN | pixels | PCA | seconds |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for name in names or ["digits"]:
        splits = [kgan.data.read(name, split) for split in ("train", "test")]
        x, new = (split.x / np.float32(127.5) - 1 for split in splits)
        y, new_y = (split.y for split in splits)
        size = 50
        pca = PCA(size, random_state=seed).fit(x.reshape(len(x), -1))
        points = [pca.transform(part.reshape(len(part), -1)) for part in (x, new)]
        for kind, stochastic in (("BiGAN", False), ("ALI", True)):
            bigan = kgan.from_preset(
                "bigan",
                x.shape[1:],
                seed=seed,
                steps=steps,
                generator={"latent_dim": size},
                encoder={"stochastic": stochastic},
            )
            began = time.perf_counter()
            bigan.fit(x, batch_size=64, steps_per_epoch=steps, verbose=0)
            seconds = time.perf_counter() - began
            error = np.square(bigan.reconstruct(new) - new).mean()
            error /= np.square(x.mean(axis=0) - new).mean()
            found = (
                agreement(bigan.encode(x), y, bigan.encode(new), new_y),
                agreement(x, y, new, new_y),
                agreement(points[0], y, points[1], new_y),
            )
            shares = " | ".join(f"{share:.3f}" for share in found)
            print(f"| {name} | {kind} | {error:.3f} | {shares} | {seconds:.0f} |")


if __name__ == "__main__":
    main()
