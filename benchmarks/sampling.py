"""Samples a second of an exported generator, beside TensorFlow's and PyTorch's.

The same networks and weights, batch and threads; the sides take turns in one run, each
for a burst of batches, and a row is the median over the rounds. Each network is first
trained for some steps on Fashion-MNIST, so that its numbers are those of a network at
work.

    python benchmarks/sampling.py
    python benchmarks/sampling.py --torch /path/to/python --network dcgan28 --steps 1000

PyTorch is measured by the interpreter that `--torch` names, or left out.
"""

import os
import pathlib
import subprocess
import sys
import tempfile
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import click
import keras
import numpy as np
import onnxruntime
import tensorflow as tf
from burst import seconds_of
from keras import layers

import kgan
import kgan_export
from kgan.latents import latents
from kgan.metrics import Classifier, frechet_distance, to_uint8

WORKER = pathlib.Path(__file__).with_name("sampling_torch.py")
ATTEMPTS = 3
FRECHET_SAMPLES = 2000


def resnet(image_shape, latent_dim=128, width=256):
    """A generator of the shape of SNGAN's for 32×32: three residual blocks.

    Reference:

    - [Miyato et al., 2018](https://arxiv.org/abs/1802.05957)
    """

    def normalized(x):
        return layers.ReLU()(layers.BatchNormalization(momentum=0.9, epsilon=1e-5)(x))

    z = keras.Input([latent_dim], name="z")
    x = layers.Reshape([4, 4, width])(layers.Dense(16 * width)(z))
    while x.shape[1] < image_shape[0]:
        h = layers.Conv2D(width, 3, padding="same")(
            layers.UpSampling2D()(normalized(x))
        )
        h = layers.Conv2D(width, 3, padding="same")(normalized(h))
        x = layers.Add()([h, layers.Conv2D(width, 1)(layers.UpSampling2D()(x))])
    x = layers.Conv2D(image_shape[-1], 3, padding="same")(normalized(x))
    return keras.Model(z, layers.Activation("tanh")(x), name="resnet_generator")


# Kind, image shape, generator, coarsest size, share of the training steps.
NETWORKS = {
    "dcgan28": ("dcgan", (28, 28, 1), kgan.networks.dcgan.generator, 7, 1.0),
    "dcgan64": ("dcgan", (64, 64, 3), kgan.networks.dcgan.generator, 4, 0.1),
    "resnet32": ("resnet", (32, 32, 3), resnet, 4, 0.05),
}


def trained(make, data, steps):
    """Returns a generator after some steps against a DCGAN discriminator."""
    gan = kgan.GAN(make(data.shape), kgan.networks.dcgan.discriminator(data.shape))
    gan.compile(*(keras.optimizers.Adam(2e-4, beta_1=0.5) for _ in range(2)))
    gan.fit(data.x, batch_size=32, steps_per_epoch=steps, verbose=0)
    return gan.generator


def session(path, threads):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    return onnxruntime.InferenceSession(
        path, options, providers=["CPUExecutionProvider"]
    )


def onnx_sides(paths, z, threads):
    """Dict from names to functions that return the seconds of a batch."""

    def side(path):
        run = session(path, threads).run
        return lambda: seconds_of(lambda: run(None, {"z": z}))

    return {f"onnxruntime {name}": side(path) for name, path in paths.items()}


def tensorflow_sides(generator, z):
    z = tf.constant(z)

    def sample(z):
        levels = 127.5 * generator(z, training=False) + 128.0
        return tf.cast(tf.clip_by_value(levels, 0.0, 255.0), tf.uint8)

    def side(jit_compile):
        graph = tf.function(sample, jit_compile=jit_compile)
        return lambda: seconds_of(lambda: graph(z).numpy())

    return {"TensorFlow graph": side(False), "TensorFlow XLA": side(True)}


def torch_sides(python, kind, size, generator, z, threads, folder):
    """Asks a process of PyTorch, whose samples must be those of Keras."""
    samples = to_uint8(generator(z[:4], training=False).numpy())
    weights = {f"w{i}": w for i, w in enumerate(_in_order(generator))}
    np.savez(folder / "weights.npz", samples=samples, size=size, **weights)
    np.save(folder / "codes.npy", z)
    files = [folder / "weights.npz", folder / "codes.npy"]
    process = subprocess.Popen(
        [python, WORKER, kind, *files, str(threads)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    difference = float(process.stdout.readline())
    if difference > 1:
        raise RuntimeError(f"PyTorch's samples differ by {difference} grey levels.")

    def side(name):
        def run():
            print(name, file=process.stdin, flush=True)
            return float(process.stdout.readline())

        return run

    names = ("eager", "channels_last", "compiled")
    return {f"PyTorch {name}": side(name) for name in names}, process


def _in_order(generator):
    """Weights layer by layer, the shortcut of a block last."""
    return [w for layer in generator.layers for w in layer.get_weights()]


def race(sides, batch, rounds):
    """Dict from names to samples a second, the medians of rounds in turns."""
    rates = {name: [] for name in sides}
    for round_ in range(rounds + 1):
        for name, measure_side in sides.items():
            seconds = measure_side()
            if round_:  # the first one warms up
                rates[name].append(batch / seconds)
    return {name: float(np.median(values)) for name, values in rates.items()}


def quality(paths, data):
    """Prints how far int8 is from float32, beside how far that is from the data."""
    draw = {name: kgan_export.Sampler(path) for name, path in paths.items()}
    fp32, int8 = (draw[name].sample(FRECHET_SAMPLES) for name in ("fp32", "int8"))
    real = data.x[np.random.default_rng(0).permutation(len(data))[:FRECHET_SAMPLES]]
    features = {"pixels": lambda x: x.reshape(len(x), -1) / 127.5 - 1.0}
    if data.shape[-1] == 1:
        classifier = Classifier.for_data(data.x, data.y)
        features[f"classifier {classifier.hash}"] = classifier.features
    for name, extract in features.items():
        f, i, r = (extract(x) for x in (fp32, int8, real))
        reduced, whole = frechet_distance(f, i), frechet_distance(f, r)
        click.echo(
            f"  Fréchet distance, {name}: int8 to float {reduced:.4g}, float to real "
            f"{whole:.4g}: {reduced / whole:.2%}"
        )


def first_image(onnx, saved_model):
    """Prints the time from the start of a process to its first image."""
    codes = {
        "Sampler": "import sys, kgan_export\n"
        "kgan_export.Sampler(sys.argv[1]).sample(1)",
        "TensorFlow": "import sys, tensorflow as tf\n"
        "serve = tf.saved_model.load(sys.argv[1]).signatures['serving_default']\n"
        "serve(z=tf.random.normal([1, 100]))",
    }
    seconds = {}
    for name, path in (("Sampler", onnx), ("TensorFlow", saved_model)):
        attempts = []
        for _ in range(ATTEMPTS):
            start = time.perf_counter()
            command = [sys.executable, "-c", codes[name], str(path)]
            subprocess.run(command, check=True, capture_output=True)
            attempts.append(time.perf_counter() - start)
        seconds[name] = min(attempts)
    ratio = seconds["TensorFlow"] / seconds["Sampler"]
    click.echo(
        f"  process start to first image: Sampler {seconds['Sampler']:.2f} s, "
        f"TensorFlow {seconds['TensorFlow']:.2f} s, {ratio:.1f} times as long"
    )


@click.command()
@click.option("--network", "names", multiple=True, type=click.Choice(list(NETWORKS)))
@click.option("--batch", default=32, show_default=True)
@click.option("--rounds", default=7, show_default=True)
@click.option("--threads", default=2, show_default=True)
@click.option("--steps", default=300, show_default=True, help="Of training DCGAN-28.")
@click.option("--torch", "python", help="A Python interpreter that has PyTorch.")
def main(names, batch, rounds, threads, steps, python):
    """Prints samples a second of all sides, and what int8 costs."""
    tf.config.threading.set_intra_op_parallelism_threads(threads)
    if python is None:
        click.echo("PyTorch is left out: name an interpreter that has it by --torch.")
    for name in names or NETWORKS:
        measure(name, batch, rounds, threads, steps, python)


def measure(name, batch, rounds, threads, steps, python):
    """Measures one network."""
    kind, shape, make, size, share = NETWORKS[name]
    data = kgan.data.read("fashion_mnist:embedded", image_shape=shape)
    steps = max(1, int(steps * share))
    generator = trained(make, data, steps)
    z = latents("normal", batch, generator.input_shape[-1], seed=0)
    click.echo(f"{name}, {steps} steps, batch {batch}, {threads} threads")
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        paths = {}
        for precision in ("fp32", "fp16", "int8"):
            paths[precision] = folder / f"{precision}.onnx"
            report = kgan_export.export(
                generator, paths[precision], precision=precision
            )
            click.echo(
                f"  {precision}: {report.size / 1e6:.2f} MB, {report.nodes} nodes"
            )
        click.echo(f"  in float beside int8: {report.reduction['layers_in_float']}")
        sides = onnx_sides(paths, z, threads) | tensorflow_sides(generator, z)
        process = None
        if python is not None:
            others, process = torch_sides(
                python, kind, size, generator, z, threads, folder
            )
            sides |= others
        rates = race(sides, batch, rounds)
        if process is not None:
            process.stdin.close()
            process.wait()
        fp32 = rates["onnxruntime fp32"]
        best = max(v for k, v in rates.items() if not k.startswith("onnxruntime"))
        for side, rate in rates.items():
            click.echo(f"  {side:22s} {rate:9.1f}/s {rate / fp32:6.2f} of fp32")
        click.echo(f"  onnxruntime fp32 to the best of others: {fp32 / best:.2f}")
        quality(paths, data)
        if name == "dcgan28":
            saved_model = folder / "saved_model"
            kgan_export.export(generator, saved_model, format="saved_model")
            first_image(paths["fp32"], saved_model)


if __name__ == "__main__":
    main()
