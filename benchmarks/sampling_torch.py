"""The PyTorch side of `sampling.py`: a process that samples when it is told to.

    python benchmarks/sampling_torch.py KIND WEIGHTS.npz CODES.npy THREADS

KIND is `dcgan` or `resnet`. Prints the largest difference from the samples in the
weights' file, then, for each line read (`eager`, `channels_last` or `compiled`), the
seconds of a batch.
"""

import copy
import sys

import numpy as np
import torch
from burst import seconds_of
from torch import nn


class Block(nn.Module):
    """An upsampling residual block."""

    def __init__(self, take):
        super().__init__()
        self.norm1, self.conv1 = take.norm(), take.conv()
        self.norm2, self.conv2 = take.norm(), take.conv()
        self.shortcut = take.conv()
        self.up = nn.Upsample(scale_factor=2)

    def forward(self, x):
        h = self.conv1(self.up(torch.relu(self.norm1(x))))
        h = self.conv2(torch.relu(self.norm2(h)))
        return h + self.shortcut(self.up(x))


class Take:
    """Makes layers from a list of Keras weights, in turn."""

    def __init__(self, weights):
        self.weights = list(weights)

    def next(self):
        return torch.tensor(self.weights.pop(0))

    def dense(self, size, bias):
        """A dense layer whose units come in PyTorch's order of channels."""
        kernel = self.next()
        channels = kernel.shape[1] // size**2
        order = torch.arange(kernel.shape[1]).reshape(size, size, channels)
        order = order.permute(2, 0, 1).flatten()
        layer = nn.Linear(*kernel.shape, bias=bias)
        layer.weight.data = kernel[:, order].T.contiguous()
        if bias:
            layer.bias.data = self.next()[order]
        return nn.Sequential(layer, nn.Unflatten(1, (channels, size, size)))

    def norm(self):
        gamma, beta, mean, variance = (self.next() for _ in range(4))
        layer = nn.BatchNorm2d(len(gamma))
        layer.weight.data, layer.bias.data = gamma, beta
        layer.running_mean, layer.running_var = mean, variance
        layer.eps = 1e-5
        return layer

    def conv(self):
        kernel, bias = self.next(), self.next()
        size, _, channels, filters = kernel.shape
        layer = nn.Conv2d(channels, filters, size, padding=size // 2)
        layer.weight.data, layer.bias.data = kernel.permute(3, 2, 0, 1), bias
        return layer

    def transposed(self, bias):
        kernel = self.next()
        size, _, filters, channels = kernel.shape
        layer = nn.ConvTranspose2d(channels, filters, size, 2, 1, bias=bias)
        layer.weight.data = kernel.permute(3, 2, 0, 1).contiguous()
        if bias:
            layer.bias.data = self.next()
        return layer


def dcgan(take, size):
    """kgan.networks.dcgan.generator."""
    layers = [take.dense(size, bias=False), take.norm(), nn.ReLU()]
    while len(take.weights) > 2:
        layers += [take.transposed(bias=False), take.norm(), nn.ReLU()]
    return nn.Sequential(*layers, take.transposed(bias=True), nn.Tanh())


def resnet(take, size):
    """sampling.py's own."""
    layers = [take.dense(size, bias=True)]
    while len(take.weights) > 6:
        layers.append(Block(take))
    return nn.Sequential(*layers, take.norm(), nn.ReLU(), take.conv(), nn.Tanh())


def to_uint8(network):
    def sample(z):
        levels = (127.5 * network(z) + 128).clamp(0, 255).to(torch.uint8)
        return levels.permute(0, 2, 3, 1).contiguous()

    return sample


def main(kind, weights, codes, threads):
    torch.set_num_threads(int(threads))
    with np.load(weights) as arrays:
        samples, size = arrays["samples"], int(arrays["size"])
        take = Take(arrays[f"w{i}"] for i in range(len(arrays) - 2))
    network = {"dcgan": dcgan, "resnet": resnet}[kind](take, size).eval()
    z = torch.tensor(np.load(codes))
    channels_last = copy.deepcopy(network).to(memory_format=torch.channels_last)
    sides = {
        "eager": to_uint8(network),
        "channels_last": to_uint8(channels_last),
        "compiled": torch.compile(to_uint8(channels_last)),
    }
    with torch.inference_mode():
        images = sides["eager"](z[: len(samples)]).numpy().astype(int)
        print(np.abs(images - samples).max(), flush=True)
        for line in sys.stdin:
            side = sides[line.strip()]
            print(seconds_of(lambda run=side: run(z)), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
