"""Within a step, what reads a weight before an update never reads it after."""

import collections

import numpy as np
import pytest
from tensorflow.python.eager import context

import kgan
from kgan.networks import mlp

X = np.random.default_rng(0).uniform(-1, 1, (32, 8, 8, 1)).astype("float32")
READS = ("ReadVariableOp", "ResourceGather")


def reached(start, followers):
    """Returns the names of all nodes that run after a node."""
    found, waiting = {start}, [start]
    while waiting:
        new = followers[waiting.pop()] - found
        found |= new
        waiting.extend(new)
    return found


def unordered(graph):
    """Returns pairs of a read and an update of a variable that no edges order."""
    followers, users = collections.defaultdict(set), collections.defaultdict(list)
    kinds = {node.name: node.op for node in graph.node}
    for node in graph.node:
        for source in node.input:
            name = source.lstrip("^").split(":")[0]
            followers[name].add(node.name)
            if not source.startswith("^") and kinds.get(name) == "_Arg":
                users[name].append(node)
    pairs = [
        (read.name, update.name)
        for nodes in users.values()
        for read in nodes
        for update in nodes
        if read.op in READS and ("Apply" in update.op or "Assign" in update.op)
    ]
    after = {name: reached(name, followers) for pair in pairs for name in pair}
    assert len(pairs) > 50
    return [(r, u) for r, u in pairs if u not in after[r] and r not in after[u]]


@pytest.mark.parametrize(
    "options",
    [
        {"penalties": ["r1"], "discriminator_steps": 2},
        {"penalties": ["gradient_penalty"], "loss": "wasserstein"},
        {"updates": "simultaneous"},
    ],
)
def test_reads_and_updates_keep_their_order(options):
    gan = kgan.GAN(mlp.generator((8, 8, 1), 4, 8), mlp.discriminator((8, 8, 1), 8))
    gan.compile(**options)
    with context.collect_graphs(optimized=True) as graphs:
        gan.fit(X, batch_size=8, steps_per_epoch=1, verbose=0)
    assert unordered(max(graphs, key=lambda graph: len(graph.node))) == []
