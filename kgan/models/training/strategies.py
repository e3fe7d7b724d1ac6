"""What `tf.distribute` needs beside the usual."""

import tensorflow as tf

from kgan import data


def distribute(dataset, strategy):
    """Gives each replica its slice of every batch, whoever its worker is.

    TensorFlow's own sharding would give a worker whole batches in turn, so that
    the samples of a step would depend on the number of workers.

    Args:
        dataset: Batches of a static size, the same on each worker; or what is
            distributed already.
        strategy: The model's strategy.

    Returns:
        A distributed data set.
    """
    replicas = strategy.num_replicas_in_sync
    if replicas == 1 or isinstance(dataset, tf.distribute.DistributedDataset):
        return dataset

    def slices(context):
        own = replicas // context.num_input_pipelines
        first = own * context.input_pipeline_id

        def cut(*batch):
            parts = tf.nest.map_structure(
                lambda x: tf.reshape(
                    x, [replicas, x.shape[0] // replicas, *x.shape[1:]]
                )[first : first + own],
                batch,
            )
            return parts if len(parts) > 1 else parts[0]

        return data.without_autotune(dataset.map(cut).unbatch().prefetch(2 * own))

    return strategy.distribute_datasets_from_function(slices)


def step_logs(metrics):
    """Returns the results of metrics in the shape that Keras averages over replicas."""
    results = {metric.name: metric.result() for metric in metrics}
    strategy = tf.distribute.get_strategy()
    if isinstance(strategy, tf.distribute.MultiWorkerMirroredStrategy):
        # Keras averages these over their first axis, if there are several workers.
        results = {name: value[None] for name, value in results.items()}
    return results
