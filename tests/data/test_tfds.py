import numpy as np
import pytest
import tensorflow as tf
import tensorflow_datasets as tfds

import kgan.data


@pytest.fixture
def prepared(tmp_path, monkeypatch):
    """Writes a TensorFlow Datasets set of 12 images where `tfds.builder` looks."""
    monkeypatch.setattr(tfds.core.constants, "DATA_DIR", str(tmp_path))

    def make(name, image_shape, image):
        features = tfds.features.FeaturesDict(
            {
                "image": tfds.features.Image(shape=image_shape),
                "label": tfds.features.ClassLabel(names=["low", "high"]),
            }
        )
        folder = tmp_path / name / "1.0.0"
        folder.mkdir(parents=True)
        counts = {"train": 12, "test": 2}
        for split, count in counts.items():
            path = folder / f"{name}-{split}.tfrecord-00000-of-00001"
            with tf.io.TFRecordWriter(str(path)) as writer:
                for index in range(count):
                    example = {"image": image(index), "label": index % 2}
                    example = features.encode_example(example)
                    writer.write(features.serialize_example(example))
        tfds.folder_dataset.write_metadata(
            data_dir=folder,
            features=features,
            split_infos=[
                tfds.core.SplitInfo(name=split, shard_lengths=[count], num_bytes=0)
                for split, count in counts.items()
            ],
            filename_template="{DATASET}-{SPLIT}.{FILEFORMAT}-{SHARD_X_OF_Y}",
            redistribution_info={"license": "CC0"},
        )

    return make


def grey(index):
    return np.full((8, 8, 1), index, "uint8")


def test_images_labels_and_names(prepared):
    prepared("tiny", (8, 8, 1), grey)
    samples = kgan.data.read("tfds:tiny")
    assert (samples.shape, samples.x.dtype, len(samples)) == ((8, 8, 1), np.uint8, 12)
    assert sorted(samples.x[:, 0, 0, 0]) == list(range(12))
    np.testing.assert_array_equal(samples.x[:, 0, 0, 0] % 2, samples.y)
    assert (samples.class_names, samples.licence) == (("low", "high"), "CC0")
    assert len(kgan.data.read("tfds:tiny", "train[:50%]")) == 6
    assert kgan.data.read("tfds:tiny", "test").y.tolist() == [0, 1]
    assert kgan.data.read("tfds:tiny", labels=False).y is None
    with pytest.raises(ValueError, match=r"(?s)split of the set.*\['train', 'test'\]"):
        kgan.data.read("tfds:tiny", "validation")


def test_images_of_any_size_need_a_shape(prepared):
    prepared(
        "sizes",
        (None, None, 3),
        lambda index: np.full((8 + index, 20, 3), index, "uint8"),
    )
    with pytest.raises(ValueError, match="need an `image_shape`"):
        kgan.data.read("tfds:sizes")
    samples = kgan.data.read("tfds:sizes", image_shape=(8, 8, 1))
    assert samples.shape == (8, 8, 1)
    assert sorted(samples.x[:, 4, 4, 0]) == list(range(12))


def test_unknown_set():
    with pytest.raises(ValueError, match="(?s)must name .*name='no_such_set'"):
        kgan.data.read("tfds:no_such_set")
