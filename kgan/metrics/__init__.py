"""Metrics: numbers that say how good samples are. See `docs/metrics.md`.

A new metric is one file with a function under `@metric("name")`, and its line here.
"""

import warnings

from kgan._core.images import to_uint8 as to_uint8
from kgan.metrics.density_coverage import density_coverage as density_coverage
from kgan.metrics.evaluator import Evaluator as Evaluator
from kgan.metrics.feature_set import FeatureSet as FeatureSet
from kgan.metrics.features.classifier import Classifier as Classifier
from kgan.metrics.features.efficientnet import EfficientNetLite0 as EfficientNetLite0
from kgan.metrics.features.self_supervised import SelfSupervised as SelfSupervised
from kgan.metrics.frechet_distance import FeatureStatistics as FeatureStatistics
from kgan.metrics.frechet_distance import frechet_distance as frechet_distance
from kgan.metrics.frechet_distance import frechet_interval as frechet_interval
from kgan.metrics.label_agreement import label_agreement as label_agreement
from kgan.metrics.precision_recall import precision_recall as precision_recall
from kgan.metrics.registry import metric as metric
from kgan.metrics.registry import names as names

_FORMER_NAMES = {"Judge": Classifier, "JudgedSet": FeatureSet}


def __getattr__(name):
    """Returns what had another name before, with a warning."""
    if name not in _FORMER_NAMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    now = _FORMER_NAMES[name]
    warnings.warn(
        f"kgan.metrics.{name} is kgan.metrics.{now.__name__} now.",
        DeprecationWarning,
        stacklevel=2,
    )
    return now
