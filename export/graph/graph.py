"""An ONNX graph with the look-ups that a rewrite needs."""

import collections
import functools

from onnx import helper, numpy_helper

# Permutations of a batch of images.
CHANNELS_FIRST, CHANNELS_LAST = [0, 3, 1, 2], [0, 2, 3, 1]


class Graph:
    """A graph that is rewritten; the look-ups tell how it is now.

    A rewrite may change the inputs and outputs of nodes itself, as long as it ends such
    a change by `replace`, `bypass` or `add_constant`, which bring the look-ups up to
    date.

    Args:
        model: `onnx.ModelProto`, changed in place.
        layout: Order of the axes that the kernels of its convolutions want: `"nchw"` or
            `"nhwc"`.
    """

    def __init__(self, model, layout="nchw"):
        self.model = model
        self.layout = layout

    def reset(self, model):
        """Goes on with another `onnx.ModelProto` instead."""
        self.model = model
        self._changed()

    def nodes(self, op_type):
        """List of the nodes of one operator."""
        return [node for node in self.model.graph.node if node.op_type == op_type]

    def constant(self, name):
        """The array behind a name, or `None` if the graph computes it."""
        tensor = self._constants.get(name)
        return None if tensor is None else numpy_helper.to_array(tensor)

    def add_constant(self, name, array):
        """Adds an array; returns its name."""
        self.model.graph.initializer.append(numpy_helper.from_array(array, name))
        self._changed()
        return name

    def shape(self, name):
        """List of the sizes behind a name, `None` where they vary; or `None` if the
        file has no such information."""
        return self._shapes.get(name)

    def producer(self, name, *op_types):
        """The node that computes a name for one reader, or `None` if it is none of
        `op_types`."""
        node = self._producers.get(name)
        alone = len(self._readers.get(name, ())) == 1
        return node if alone and node and node.op_type in op_types else None

    def reader(self, name, op_type):
        """The only node that reads a name, or `None` if it is no `op_type`."""
        readers = self._readers.get(name, ())
        alone = len(readers) == 1 and readers[0] is not None
        return readers[0] if alone and readers[0].op_type == op_type else None

    def replace(self, nodes, new):
        """Puts nodes in the place of others.

        Args:
            nodes: List of nodes of the graph, the first of them first.
            new: List of nodes, in order, that need nothing computed after that one.
        """
        graph = self.model.graph
        place = list(graph.node).index(nodes[0])
        for node in nodes:
            graph.node.remove(node)
        for node in reversed(new):
            graph.node.insert(place, node)
        self._changed()

    def bypass(self, node):
        """Removes a node that no longer changes its input."""
        for reader in self._readers[node.output[0]]:
            for i, name in enumerate(reader.input):
                if name == node.output[0]:
                    reader.input[i] = node.input[0]
        self.model.graph.node.remove(node)
        self._changed()

    def _changed(self):
        """Forgets the look-ups, which are made again when they are asked for."""
        for name in ("_constants", "_producers", "_readers", "_shapes"):
            self.__dict__.pop(name, None)

    @functools.cached_property
    def _constants(self):
        return {tensor.name: tensor for tensor in self.model.graph.initializer}

    @functools.cached_property
    def _producers(self):
        return {name: node for node in self.model.graph.node for name in node.output}

    @functools.cached_property
    def _readers(self):
        """Dict from names to the nodes that read them, `None` for the graph's end."""
        readers = collections.defaultdict(list)
        for node in self.model.graph.node:
            for name in node.input:
                readers[name].append(node)
        for output in self.model.graph.output:
            readers[output.name].append(None)
        return readers

    @functools.cached_property
    def _shapes(self):
        graph = self.model.graph
        return {
            value.name: [d.dim_value or None for d in value.type.tensor_type.shape.dim]
            for value in (*graph.input, *graph.value_info)
            if value.type.tensor_type.HasField("shape")
        }


def attributes(node):
    """The attributes of a node as a dict."""
    return {a.name: helper.get_attribute_value(a) for a in node.attribute}
