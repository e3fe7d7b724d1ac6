"""Games that are small enough to be understood."""

from kgan.lab import dirac as dirac
