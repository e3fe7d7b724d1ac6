"""PyTorch's side of `compare.py`: a process that trains when it is told to.

Its argument is JSON: the `settings` of kgan, the number of `samples` to train on, the
`weights` and random numbers of kgan's first step (a file), the `mode` (a key of MODES)
and the `device`.
"""

import copy
import time

import numpy as np
import torch
import torch.nn.functional as F
from sampling_torch import Take, dcgan
from torch import nn
from torch.nn.utils import parametrize
from turns import EPSILON, made_up, memory, serve, spec, switches

# Memory format, whether to compile, and the autocast's dtype.
MODES = {
    "eager": (torch.contiguous_format, False, None),
    "channels_last": (torch.channels_last, False, None),
    "compiled": (torch.channels_last, True, None),
    "bfloat16": (torch.channels_last, False, torch.bfloat16),
    "bfloat16 compiled": (torch.channels_last, True, torch.bfloat16),
    "float16": (torch.channels_last, False, torch.float16),
    "float16 compiled": (torch.channels_last, True, torch.float16),
}
LOSSES = {
    "non_saturating": (
        lambda real, fake: F.softplus(-real) + F.softplus(fake),
        lambda real, fake: F.softplus(-fake),
    ),
    "hinge": (
        lambda real, fake: F.relu(1 - real) + F.relu(1 + fake),
        lambda real, fake: -fake,
    ),
    "wasserstein": (lambda real, fake: fake - real, lambda real, fake: real - fake),
}


class Trained(Take):
    """Makes layers of a network that is trained further from Keras's weights."""

    def __init__(self, weights, spectral=False):
        super().__init__(weights)
        self.spectral = spectral

    def embedding(self, size=1):
        """An embedding of what comes in PyTorch's order of channels."""
        return nn.Embedding.from_pretrained(self._flattened(size), freeze=False)

    def strided(self, bias):
        kernel = self.next()
        size, _, channels, filters = kernel.shape
        layer = nn.Conv2d(channels, filters, size, 2, 1, bias=bias)
        layer.weight.data = kernel.permute(3, 2, 0, 1).contiguous()
        return self._normalized(layer)

    def head(self, size):
        """A dense layer of an image's features, flattened."""
        weight = self._flattened(size, transpose=True)
        layer = nn.Linear(*reversed(weight.shape))
        layer.weight.data = weight
        return self._normalized(layer)

    def _flattened(self, size, transpose=False):
        matrix = self.next()
        matrix = matrix.T if transpose else matrix
        cut = matrix.reshape(len(matrix), size, size, -1)
        return cut.permute(0, 3, 1, 2).flatten(1).contiguous()

    def _normalized(self, layer):
        """Takes the bias, and the vector of the spectral normalisation if there is."""
        if layer.bias is not None:
            layer.bias.data = self.next()
        if self.spectral:
            spectral = Spectral(len(layer.weight))
            parametrize.register_parametrization(layer, "weight", spectral)
            spectral.u.copy_(self.next()[:, 0])  # registering has made an iteration
        return layer


class Spectral(nn.Module):
    """kgan's spectral normalisation.

    PyTorch's own goes on with the vector v of the last weights.
    """

    def __init__(self, size):
        super().__init__()
        self.register_buffer("u", torch.ones(size))

    def forward(self, weight):
        matrix = weight.flatten(1)
        with torch.no_grad():
            v = F.normalize(torch.mv(matrix.T, self.u), dim=0)
            u = F.normalize(torch.mv(matrix, v), dim=0)
            v = F.normalize(torch.mv(matrix.T, u), dim=0)
            self.u.copy_(u)
        return weight / torch.dot(u, torch.mv(matrix, v))


class Generator(nn.Module):
    """kgan.networks.dcgan.generator, with a label or not."""

    def __init__(self, weights, size, conditional):
        super().__init__()
        take = Trained(weights)
        self.embedding = take.embedding() if conditional else None
        self.body = dcgan(take, size)

    def forward(self, z, label):
        if self.embedding is not None:
            z = torch.cat([z, self.embedding(label)], 1)
        return self.body(z)


class Discriminator(nn.Module):
    """kgan.networks.dcgan.discriminator, with a label or not."""

    def __init__(self, weights, size, conditional, stages, normalization="batch"):
        super().__init__()
        take, layers = Trained(weights, normalization == "spectral"), []
        for stage in range(stages):
            normalized = normalization == "batch" and stage > 0
            layers.append(take.strided(bias=not normalized))
            if normalized:
                layers.append(take.norm())
            layers.append(nn.LeakyReLU(0.2))
        self.features = nn.Sequential(*layers, nn.Flatten())
        self.projection = take.embedding(size) if conditional else None
        self.logits = take.head(size)

    def forward(self, x, label):
        features = self.features(x)
        logits = self.logits(features)
        if self.projection is not None:
            logits = logits + (self.projection(label) * features).sum(1, keepdim=True)
        return logits.float()


def networks(settings, arrays):
    """Returns the generator and the discriminator of settings."""
    size, stages = settings["image_shape"][0], 0
    while size % 2 == 0 and size >= 8:
        size, stages = size // 2, stages + 1
    conditional = settings["num_classes"] is not None

    def weights(role):
        return [arrays[k] for k in arrays.files if k.startswith(role)]

    generator = Generator(weights("generator"), size, conditional)
    discriminator = Discriminator(
        weights("discriminator"), size, conditional, stages, **settings["discriminator"]
    )
    return generator, discriminator


class Adam(torch.optim.Adam):
    """Adam whose epsilon stands before the correction of the bias, as Keras's does."""

    def __init__(self, network, class_name, learning_rate, beta_1=0.9, beta_2=0.999):
        assert class_name == "adam"
        betas = beta_1, beta_2
        super().__init__(network.parameters(), learning_rate, betas, fused=True)
        self.steps, self.epsilon = 0, 1e-7

    def step(self):
        self.steps += 1
        (group,) = self.param_groups
        group["eps"] = self.epsilon / (1 - group["betas"][1] ** self.steps) ** 0.5
        super().step()


class Game:
    """The update of `kgan.GAN`, as a user of PyTorch would write it."""

    def __init__(self, settings, arrays, mode, device):
        layout, compiled, self.dtype = MODES[mode]
        self.settings, self.layout, self.device = settings, layout, device
        self.generator, self.discriminator = (
            network.train().to(device, memory_format=layout)
            for network in networks(settings, arrays)
        )
        self.average = copy.deepcopy(self.generator).requires_grad_(False)
        self.g_optimizer = Adam(self.generator, **settings["generator_optimizer"])
        self.d_optimizer = Adam(
            self.discriminator, **settings["discriminator_optimizer"]
        )
        self.d_loss, self.g_loss = LOSSES[settings["loss"]]
        penalty = settings["penalties"].get("gradient_penalty", {})
        self.penalty_weight = penalty.get("weight", 0.0)
        self.scaler = torch.amp.GradScaler(device, enabled=self.dtype == torch.float16)
        self.steps = 0
        self.generate, self.judge = self.generator, self.discriminator
        if compiled:
            self.generate, self.judge = map(
                torch.compile, (self.generator, self.discriminator)
            )

    def autocast(self):
        return torch.autocast(self.device, self.dtype, enabled=self.dtype is not None)

    def step(self, real, label, codes, mixes):
        """Makes the updates of one step.

        Args:
            real: Float images in [-1, 1], `[k * batch, channels, height, width]`.
            label: Their labels `[k * batch]`.
            codes: `[k, batch, latent_dim]`.
            mixes: For the gradient penalty, in [0, 1), `[k, batch]`.

        Returns:
            Losses of the discriminator and of the generator, the mean logits of both
            kinds and the penalty: a tensor `[5]`.
        """
        updates = self.settings["discriminator_steps"]
        logs = []
        self.discriminator.requires_grad_(True)
        for k in range(updates):
            images, labels = real[k::updates], label[k::updates]
            with torch.set_grad_enabled(k == updates - 1), self.autocast():
                fake = self.generate(codes[k], labels)
            cut = fake.detach()
            with self.autocast():
                on_real, on_fake = self.judge(images, labels), self.judge(cut, labels)
            d_loss = self.d_loss(on_real, on_fake).mean()
            penalty = torch.zeros_like(d_loss)
            if self.penalty_weight:
                penalty = self.gradient_penalty(images, cut, labels, mixes[k])
            self.move(self.d_optimizer, d_loss + self.penalty_weight * penalty)
            logs.append([d_loss, on_real.mean(), on_fake.mean(), penalty])
        self.discriminator.requires_grad_(False)
        with self.autocast():
            logits = self.judge(fake, labels)
        g_loss = self.g_loss(on_real.detach(), logits).mean()
        self.move(self.g_optimizer, g_loss)
        self.scaler.update()
        self.follow()
        with torch.no_grad():
            means = torch.stack([torch.stack(row) for row in logs]).mean(0)
            return torch.cat([means[:1], g_loss[None], means[1:]])

    def move(self, optimizer, loss):
        optimizer.zero_grad()
        self.scaler.scale(loss).backward()
        self.scaler.step(optimizer)

    def gradient_penalty(self, real, fake, label, mix):
        mix = mix[:, None, None, None]
        points = (real + mix * (fake - real)).requires_grad_(True)
        # Compiled modules have no second derivatives.
        with self.autocast():
            logits = self.discriminator(points, label)
        (gradient,) = torch.autograd.grad(logits.sum(), points, create_graph=True)
        norm = (gradient.square().sum([1, 2, 3]) + 1e-12).sqrt()
        return (norm - 1).square().mean()

    @torch.no_grad()
    def follow(self):
        """Moves the average towards the generator."""
        decay = min(self.settings["ema_decay"], (1 + self.steps) / (10 + self.steps))
        self.steps += 1
        torch._foreach_lerp_(
            list(self.average.parameters()),
            list(self.generator.parameters()),
            1 - decay,
        )
        torch._foreach_copy_(
            list(self.average.buffers()), list(self.generator.buffers())
        )


class Side:
    """A game, and the made-up data that it trains on."""

    def __init__(self, settings, samples, weights, mode, device="cpu"):
        self.arrays = np.load(weights)
        device = device if torch.cuda.is_available() else "cpu"
        self.game = Game(settings, self.arrays, mode, device)
        self.count = settings["batch_size"] * settings["discriminator_steps"]
        x, y = made_up(settings, samples)
        # Images in the order of axes that convolutions want need no copy a step.
        self.x = torch.tensor(x).permute(0, 3, 1, 2)
        self.x = self.x.contiguous(memory_format=self.game.layout)
        self.y = torch.tensor(y)

    def step(self, rows, codes=None, mixes=None):
        game, k = self.game, self.game.settings["discriminator_steps"]
        batch, device = self.count // k, game.device
        real = self.x[rows].to(device).float().div_(127.5).sub_(1)
        real = real.contiguous(memory_format=game.layout)
        if codes is None:
            codes = torch.randn(k, batch, self.latent_dim, device=device)
            mixes = torch.rand(k, batch, device=device)
        return game.step(real, self.y[rows].to(device), codes, mixes)

    @property
    def latent_dim(self):
        return self.arrays["normal"].shape[-1]

    def check(self):
        """Makes the step that kgan made; see there."""
        numbers = (
            torch.tensor(self.arrays[name]).to(self.game.device)
            if name in self.arrays
            else None
            for name in ("normal", "uniform")
        )
        optimizers = self.game.d_optimizer, self.game.g_optimizer
        for optimizer in optimizers:
            usual, optimizer.epsilon = optimizer.epsilon, EPSILON
        logs = self.step(slice(self.count), *numbers).tolist()
        for optimizer in optimizers:
            optimizer.epsilon = usual
        names = ("d_loss", "g_loss", "d_real", "d_fake", "gradient_penalty")
        losses = dict(zip(names, logs, strict=True))
        if not self.game.penalty_weight:
            del losses["gradient_penalty"]
        players = {
            "generator": self.game.generator,
            "discriminator": self.game.discriminator,
        }
        norms = {
            name: sorted(float(p.grad.norm()) for p in network.parameters())
            for name, network in players.items()
        }
        return {"losses": losses, "norms": norms}

    def train(self, seconds):
        """Trains for some seconds; returns images a second, and cores busy."""
        self.step(self.rows(1)[0])
        steps, sums, order = 0, 0.0, iter(())
        start, work = time.perf_counter(), time.process_time()
        while time.perf_counter() - start < seconds:
            rows = next(order, None)
            if rows is None:  # an epoch has ended
                order = iter(self.rows())
                rows = next(order)
            sums += self.step(rows)
            steps += 1
        assert torch.isfinite(sums / steps).all()  # waits for a GPU too
        elapsed = time.perf_counter() - start
        cores = (time.process_time() - work) / elapsed
        return {"rate": steps * self.count / elapsed, "cores": cores}

    def rows(self, most=None):
        """Returns the batches of an epoch, as rows of the data."""
        order = torch.randperm(len(self.x))
        return order[: len(order) // self.count * self.count].split(self.count)[:most]

    def memory(self):
        """Returns the memory of the process; of a GPU that it uses, the peak."""
        found = memory()
        if self.game.device == "cuda":
            found["peak"] = torch.cuda.max_memory_allocated() / 1e6
        return found

    def info(self):
        cuda = self.game.device == "cuda"
        return {
            "switches": switches(),
            "versions": {"PyTorch": torch.__version__},
            "device": torch.cuda.get_device_name() if cuda else "CPU",
            "ISA": torch.backends.cpu.get_cpu_capability(),
        }


def main(**options):
    side = Side(**options)
    serve(info=side.info, check=side.check, train=side.train, memory=side.memory)


if __name__ == "__main__":
    main(**spec())
