import tensorflow as tf

from kgan.data.pipeline import as_checked, is_checked


class InputClock:
    """Measures how long its reader waits for a data set.

    Not with `tf.config.experimental.enable_op_determinism`, which forbids clocks.

    Attributes:
        seconds: Time that was spent waiting for batches so far.

    Example:

    >>> clock = kgan.data.InputClock()
    >>> gan.fit(clock.watch(dataset), epochs=1)
    >>> clock.seconds
    0.8
    """

    def __init__(self):
        with tf.device("cpu:0"):
            self._seconds = tf.Variable(0.0, dtype=tf.float64, trainable=False)

    @property
    def seconds(self):
        return float(self._seconds.numpy())

    def watch(self, dataset):
        """Returns `dataset`, every batch of which is waited for by the clock.

        Args:
            dataset: A `tf.data.Dataset`, with its prefetching: what comes after the
                clock counts as the reader's own time.
        """
        # A batch is asked for in the order of the parts: first the time, then the data.
        asked = tf.data.Dataset.counter().map(lambda _: tf.timestamp())

        def take(asked, batch):
            with tf.control_dependencies(tf.nest.flatten(batch)):
                waited = tf.timestamp() - asked
            with tf.control_dependencies([self._seconds.assign_add(waited)]):
                return tf.nest.map_structure(tf.identity, batch)

        watched = tf.data.Dataset.zip(asked, dataset).map(take)
        return as_checked(watched) if is_checked(dataset) else watched
