"""An ONNX graph with the look-ups that a rewrite needs."""

import collections

from onnx import helper, numpy_helper

# Permutations of a batch of images.
CHANNELS_FIRST, CHANNELS_LAST = [0, 3, 1, 2], [0, 2, 3, 1]


class Graph:
    """A graph to be rewritten; the look-ups tell how it was at first.

    Args:
        graph: `onnx.GraphProto`, changed in place.
    """

    def __init__(self, graph):
        self._graph = graph
        self._constants = {tensor.name: tensor for tensor in graph.initializer}
        self._producers = {name: node for node in graph.node for name in node.output}
        self._readers = collections.defaultdict(list)
        for node in graph.node:
            for name in node.input:
                self._readers[name].append(node)
        self._shapes = {
            value.name: [d.dim_value or None for d in value.type.tensor_type.shape.dim]
            for value in (*graph.input, *graph.value_info)
            if value.type.tensor_type.HasField("shape")
        }
        for output in graph.output:
            self._readers[output.name].append(None)

    def nodes(self, op_type):
        """List of the nodes of one operator."""
        return [node for node in self._graph.node if node.op_type == op_type]

    def constant(self, name):
        """The array behind a name, or `None` if the graph computes it."""
        tensor = self._constants.get(name)
        return None if tensor is None else numpy_helper.to_array(tensor)

    def add_constant(self, name, array):
        """Adds an array; returns its name."""
        self._graph.initializer.append(numpy_helper.from_array(array, name))
        return name

    def shape(self, name):
        """List of the sizes behind a name, `None` where they vary; or `None` if the
        file has no such information."""
        return self._shapes.get(name)

    def producer(self, name, *op_types):
        """The node that computes a name for one reader, or `None` if it is none of
        `op_types`."""
        node = self._producers.get(name)
        alone = len(self._readers[name]) == 1
        return node if alone and node and node.op_type in op_types else None

    def reader(self, name, op_type):
        """The only node that reads a name, or `None` if it is no `op_type`."""
        readers = self._readers[name]
        alone = len(readers) == 1 and readers[0] is not None
        return readers[0] if alone and readers[0].op_type == op_type else None

    def replace(self, nodes, new):
        """Puts nodes in the place of others.

        Args:
            nodes: List of nodes of the graph, the first of them first.
            new: List of nodes, in order, that need nothing computed after that one.
        """
        place = list(self._graph.node).index(nodes[0])
        for node in nodes:
            self._graph.node.remove(node)
        for node in reversed(new):
            self._graph.node.insert(place, node)

    def bypass(self, node):
        """Removes a node that no longer changes its input."""
        for reader in self._readers[node.output[0]]:
            for i, name in enumerate(reader.input):
                if name == node.output[0]:
                    reader.input[i] = node.input[0]
        self._graph.node.remove(node)


def attributes(node):
    """The attributes of a node as a dict."""
    return {a.name: helper.get_attribute_value(a) for a in node.attribute}
