import tensorflow as tf

# Columns of random numbers that the operations share: no more than 19 are asked for.
_COLUMNS = 32


class Draws:
    """Random numbers of ADA's operations, one a sample: each is on by chance.

    Args:
        random: A `kgan.Stream`.
        count: Number of samples.
        probability: The probability with which an operation is on, a scalar tensor.
    """

    def __init__(self, random, count, probability):
        self._random, self._count, self._probability = random, count, probability
        shape = [count, _COLUMNS]
        self._chances = _Columns(random.fold("chances").uniform(shape))
        self._uniform = _Columns(random.fold("uniform").uniform(shape))
        self._normal = _Columns(random.fold("normal").normal(shape))

    def scaled(self, factor):
        """Returns the draws of operations whose probability is multiplied."""
        return self._with(self._probability * factor)

    def halved(self):
        """Returns the draws of two operations of which one or both are on so often."""
        left = tf.clip_by_value(1.0 - self._probability, 0.0, 1.0)
        return self._with(1.0 - tf.sqrt(left))

    def normal(self, name, stddev, columns=1):
        """Returns N(0, stddev²), or 0 where the operation is off, `[N, columns]`."""
        values = stddev * self._normal.of(name, columns)
        return tf.where(self.on(name), values, 0.0)

    def uniform(self, name, low, high, columns=1):
        """Returns U(low, high), or 0 where the operation is off, `[N, columns]`."""
        values = low + (high - low) * self._uniform.of(name, columns)
        return tf.where(self.on(name), values, 0.0)

    def choice(self, name, number):
        """Returns one of 0, …, number - 1 as float32, or 0 if off, `[N, 1]`."""
        return tf.floor(self.uniform(name, 0.0, float(number)))

    def on(self, name):
        """Returns where an operation is on, bool `[N, 1]`."""
        return self._chances.of(name, 1) < self._probability

    def places(self, name):
        """Returns two numbers in U(0, 1), `[N, 2]`, whatever is on."""
        return self._uniform.of(name, 2)

    def noise(self, shape):
        """Returns standard normal numbers `[N, *shape]`, whatever is on."""
        return self._random.fold("noise").normal([self._count, *shape])

    def _with(self, probability):
        draws = object.__new__(Draws)
        draws.__dict__.update(self.__dict__, _probability=probability)
        return draws


class _Columns:
    """Columns of a block of random numbers, handed out by names.

    One draw for all of them makes a graph of a fifth of the size.
    """

    def __init__(self, block):
        self._block = block
        self._places = {}
        self._used = 0

    def of(self, name, number):
        """Returns the columns of a name, `[N, number]`, the same at each call."""
        if name not in self._places:
            self._places[name] = self._used
            self._used += number
        first = self._places[name]
        return self._block[:, first : first + number]
