"""Differentiable changes of what the discriminator sees: one class a file."""

from kgan.augmentation.base import Augmentation as Augmentation
from kgan.augmentation.instance_noise import InstanceNoise as InstanceNoise
from kgan.augmentation.shift_flip import ShiftFlip as ShiftFlip
