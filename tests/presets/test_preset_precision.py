import keras
import pytest

import kgan


def test_precision_is_the_players_and_nobody_elses():
    gan = kgan.from_preset(
        "mlp", (8, 8, 1), precision="mixed_bfloat16", gradient_accumulation_steps=2
    )
    dense = [n for n in gan.generator.layers if isinstance(n, keras.layers.Dense)]
    assert dense[0].compute_dtype == "bfloat16"
    assert dense[0].kernel.dtype == "float32"
    assert gan.gradient_accumulation_steps == 2
    assert keras.config.dtype_policy().name == "float32"


def test_unknown_precision_is_refused():
    with pytest.raises(ValueError, match="one of float32, mixed_bfloat16"):
        kgan.from_preset("mlp", (8, 8, 1), precision="float16")
    assert keras.config.dtype_policy().name == "float32"
