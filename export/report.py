"""What an export did, for people and for machines."""

import dataclasses
import json


@dataclasses.dataclass(frozen=True)
class ExportReport:
    """The verified result of an export.

    Args:
        path: What was written.
        format: Its name, as given to `export`.
        size: Bytes on disk.
        operators: Dict from operator names to how often the graph holds them.
        float_differences: Dict from batch sizes to the largest difference from Keras,
            before they became grey levels.
        level_differences: The same in grey levels; `None` for float output.
        seconds: Duration of the export.
        metadata: What the file says about itself.
        nodes_before: Number of operators before the optimisation; `None` if there was
            none to do.
        reduction: What a reduced precision changed, as a dict: Fréchet distance between
            float and reduced samples, largest difference, sizes, speeds, layers left in
            float; `None` in float32.
        notes: What did not go as it should, though the export is good.
        rewrites: What each rewrite of an ONNX graph did, in their order: dicts of the
            name of the `rewrite`, the values computed anew in `done`, those `left` as
            they were with the reasons, and why it `failed`, if it did.
    """

    path: str
    format: str
    size: int
    operators: dict
    float_differences: dict
    level_differences: dict | None
    seconds: float
    metadata: dict
    nodes_before: int | None = None
    reduction: dict | None = None
    notes: tuple = ()
    rewrites: tuple = ()

    @property
    def nodes(self):
        """Number of operators in the graph."""
        return sum(self.operators.values())

    def to_dict(self):
        """Returns the report as a JSON-ready dict."""
        return dataclasses.asdict(self) | {"nodes": self.nodes}

    def to_json(self):
        """Returns the report as JSON text."""
        return json.dumps(self.to_dict(), indent=2)

    def summary(self):
        """Returns the report as a few lines of text."""
        sizes = ", ".join(str(size) for size in self.float_differences)
        difference = f"{max(self.float_differences.values()):.1e} as floats"
        if self.level_differences is not None:
            levels = max(self.level_differences.values())
            difference += f", {levels:.0f} of 255 grey levels"
        nodes = f"{self.nodes} nodes"
        if self.nodes_before is not None:
            nodes += f", {self.nodes_before} as converted"
        promise = PROMISES[self.metadata["network"]](self.metadata)
        lines = [
            f"Exported {self.path} ({self.format}, {self.size / 1e6:.2f} MB, {nodes}, "
            f"{self.seconds:.1f} s)",
            f"  {self.metadata['architecture']}: {promise}",
            f"  equal to Keras at batch {sizes}, but for {difference}",
        ]
        if self.reduction is not None:
            lines.append(self._reduction())
        return "\n".join([*lines, *(f"  {note}" for note in self.notes)])

    def _reduction(self):
        found = self.reduction
        size, speed = found["size"], found["samples_per_second"]
        kept = found["layers_in_float"]
        return (
            f"  {self.metadata['precision']}: Fréchet distance to float32 "
            f"{found['frechet_share']:.2%} of the variance ({found['features']}, "
            f"{found['num_samples']} samples), {size['reduced'] / size['fp32']:.2f} of "
            f"the size, {speed['reduced'] / speed['fp32']:.2f} of the speed, layers in "
            f"float: {', '.join(kept) or 'none'}"
        )


def _generator(metadata):
    codes = f"{metadata['latent_dim']} {metadata['prior']} codes"
    if metadata["num_classes"] is not None:
        codes += f", {metadata['num_classes']} classes"
    if metadata["condition_shape"] is not None:
        codes += f", conditions of {_times(metadata['condition_shape'])}"
    return f"{_samples(metadata)} {metadata['output_dtype']}, {codes}"


def _encoder(metadata):
    codes = f"{metadata['latent_dim']} {metadata['prior']} codes"
    return f"{_samples(metadata)} {metadata['inputs'][0]['dtype']} in, {codes} out"


def _samples(metadata):
    return f"{metadata['kind']} {_times(metadata['sample_shape'])}"


def _times(shape):
    return "×".join(map(str, shape))


# What an export takes and gives, in words, by the role of the network.
PROMISES = {"generator": _generator, "encoder": _encoder}
