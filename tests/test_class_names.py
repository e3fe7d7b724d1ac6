"""Names of classes win over their numbers, whoever is asked for them."""

import numpy as np
import pytest

from kgan.sampling import classes_of

NUMBERS = sorted(map(str, range(12)))  # as folders are ordered: 0, 1, 10, 11, 2, …
CLOTHES = ["T-shirt/top", "Trouser", "Coat", "coat hanger", "Dress, long", "Café"]


@pytest.mark.parametrize(
    "labels, names, expected",
    [
        ("2", NUMBERS, 4),
        ("10,2, 0", NUMBERS, [2, 4, 0]),
        (["2", "11"], NUMBERS, [4, 3]),
        (np.array(["2", "11"]), NUMBERS, [4, 3]),
        (2, NUMBERS, 2),
        ("trouser", CLOTHES, 1),
        ("COAT,1", CLOTHES, [2, 1]),
        ("Dress, long", CLOTHES, 4),
        ("Coat,Dress, long,Trouser", CLOTHES, [2, 4, 1]),
        ("Cafe\u0301", CLOTHES, 5),
        ("A,a", ["a", "A"], [1, 0]),
        ("2", None, 2),
        (" 1 , 0 ", None, [1, 0]),
        (None, CLOTHES, None),
    ],
)
def test_classes(labels, names, expected):
    assert classes_of(labels, len(names) if names else 3, names) == expected


@pytest.mark.parametrize(
    "labels, names, message",
    [
        ("12", NUMBERS, "one of the classes 0, 1, 10"),
        ("Hat", CLOTHES, "(?s)T-shirt/top, Trouser.*label='Hat'"),
        ("Coat,,Trouser", CLOTHES, "label=''"),
        ("0", ["1", "2", "3"], "one of the classes 1, 2, 3"),
        ("-1", None, "from 0 to 2"),
        ("3", None, "from 0 to 2"),
        ("1" * 30, None, "from 0 to 2"),
        ("aB", ["ab", "AB"], "label='aB'"),
        (["Coat", 7], CLOTHES, "label='7'"),
    ],
)
def test_what_is_no_class(labels, names, message):
    with pytest.raises(ValueError, match=message):
        classes_of(labels, len(names) if names else 3, names)


def test_many_names_are_not_all_listed():
    names = [f"class {i}" for i in range(1000)]
    with pytest.raises(ValueError, match="class 39 and 960 more"):
        classes_of("x", 1000, names)


def test_samplers_take_names(tmp_path):
    import kgan
    import kgan_export

    generator = kgan.networks.mlp.generator((8, 8, 1), num_classes=3)
    path = tmp_path / "g.onnx"
    kgan_export.export(generator, path, class_names=["Coat", "Trouser", "2"])
    sampler = kgan_export.Sampler(path)
    one = sampler.sample(3, labels=1)
    np.testing.assert_array_equal(sampler.sample(3, labels="trouser"), one)
    np.testing.assert_array_equal(
        sampler.sample(2, labels=["2", "Coat"]), sampler.sample(2, labels=[2, 0])
    )
    (streamed,) = sampler.stream(2, labels="2,Coat")
    np.testing.assert_array_equal(streamed, sampler.sample(2, labels=[2, 0]))
    with pytest.raises(ValueError, match="Coat, Trouser, 2"):
        sampler.sample(1, labels="1")
    with pytest.raises(ValueError, match="num_samples"):
        sampler.sample(2, labels=["Coat"] * 3)
