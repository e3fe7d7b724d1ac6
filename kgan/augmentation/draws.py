import tensorflow as tf


class Draws:
    """Random numbers of ADA's operations, one a sample: each is on by chance.

    Args:
        random: A `kgan.Stream`.
        count: Number of samples.
        probability: The probability with which an operation is on, a scalar tensor.
    """

    def __init__(self, random, count, probability):
        self._random, self._count, self._probability = random, count, probability

    def scaled(self, factor):
        """Returns the draws of operations whose probability is multiplied."""
        return Draws(self._random, self._count, self._probability * factor)

    def halved(self):
        """Returns the draws of two operations of which one or both are on so often."""
        left = tf.clip_by_value(1.0 - self._probability, 0.0, 1.0)
        return Draws(self._random, self._count, 1.0 - tf.sqrt(left))

    def normal(self, name, stddev, columns=1):
        """Returns N(0, stddev²), or 0 where the operation is off, `[N, columns]`."""
        values = self._values(name).normal([self._count, columns])
        return tf.where(self.on(name), stddev * values, 0.0)

    def uniform(self, name, low, high, columns=1):
        """Returns U(low, high), or 0 where the operation is off, `[N, columns]`."""
        values = self._values(name).uniform([self._count, columns], low, high)
        return tf.where(self.on(name), values, 0.0)

    def choice(self, name, number):
        """Returns one of 0, …, number - 1 as float32, or 0 if off, `[N, 1]`."""
        return tf.floor(self.uniform(name, 0.0, float(number)))

    def places(self, name):
        """Returns two numbers in U(0, 1), `[N, 2]`, whatever is on."""
        return self._values(name).uniform([self._count, 2])

    def noise(self, name, shape):
        """Returns standard normal numbers `[N, *shape]`, whatever is on."""
        return self._values(name).normal([self._count, *shape])

    def on(self, name):
        """Returns where an operation is on, bool `[N, 1]`."""
        chance = self._random.fold(name).fold("on").uniform([self._count, 1])
        return chance < self._probability

    def _values(self, name):
        return self._random.fold(name).fold("value")
