import pytest

from kgan.metrics import label_agreement


def test_share_by_hand():
    assert label_agreement([0, 0, 1, 2], [0, 1, 1, 0]) == 0.5


def test_share_per_class_leaves_out_classes_not_asked_for():
    shares = label_agreement([0, 0, 0, 0, 3], [0, 1, 0, 0, 1], per_class=True)
    assert shares == {0: 0.75, 3: 0.0}


@pytest.mark.parametrize(("requested", "predicted"), [([0, 1], [0]), ([], [])])
def test_refuses_shapes_that_differ(requested, predicted):
    with pytest.raises(ValueError, match="same shape"):
        label_agreement(requested, predicted)
