"""Make the shipped files from a trained run: Keras for explanation, LiteRT for serving.

`python -m training.faces.network.export --run visual` writes `detectors/weights/visual/model.{keras,tflite}`.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from detectors.faces.detector import INPUT_PX
from detectors.faces.runtime import TEXTURE_LAYER, WEIGHTS
from training.faces.network.backbone import build, pretrained
from training.loop import load_averaged

if TYPE_CHECKING:
    import keras


def averaged_model(checkpoint: Path, size_px: int = INPUT_PX) -> keras.Model:
    """The network with the run's averaged weights, in half precision so that both files hold the same numbers."""
    model = build(pretrained(), size_px, folded=True)
    load_averaged(model, checkpoint)
    return model


def with_activation_map(model: keras.Model) -> keras.Model:
    """The same logit, computed through the class activation map.

    Outputs logit (B, 1), map (B, h, w), and means and mean squares of an early stage's channels (B, 2C).
    """
    import keras
    from keras import layers

    kernel, bias = model.get_layer("head").get_weights()
    project = layers.Conv2D(1, 1, use_bias=False, name="map")
    map_ = project(model.get_layer("features").output)
    project.set_weights([kernel[None, None]])
    mean = layers.GlobalAveragePooling2D(name="mean")(map_)
    add = layers.Dense(1, name="logit")
    logit = add(mean)
    add.set_weights([np.ones((1, 1), np.float32), bias])
    early = model.get_layer(TEXTURE_LAYER).output
    means = [layers.GlobalAveragePooling2D()(each) for each in (early, layers.Multiply()([early, early]))]
    texture = layers.Concatenate(name="texture")(means)
    return keras.Model(model.input, [logit, layers.Reshape(map_.shape[1:3], name="plane")(map_), texture])


def to_litert(model: keras.Model, *, half: bool) -> bytes:
    """A LiteRT flatbuffer for batches of one; `half` stores the weights in half precision (computed in single)."""
    import tensorflow as tf

    converter = tf.lite.TFLiteConverter.from_keras_model(_fixed_batch(model))
    if half:
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
        converter.target_spec.supported_types = [tf.float16]
    return bytes(converter.convert())


def _fixed_batch(model: keras.Model) -> keras.Model:
    import keras

    inputs = keras.Input(batch_shape=(1, *model.input.shape[1:]), name="image")
    return keras.Model(inputs, model(inputs))


def save_half(model: keras.Model, path: Path) -> None:
    """Save as a Keras archive whose weights are compressed; they were rounded to half precision before."""
    import zipfile

    plain = path.with_suffix(".plain.keras")
    model.save(plain)
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as target:
        for item in source.infolist():
            fixed = zipfile.ZipInfo(item.filename, date_time=(2026, 1, 1, 0, 0, 0))
            fixed.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(fixed, source.read(item))
    plain.unlink()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cache", type=Path, default=Path(".cache"))
    parser.add_argument("--run", default="visual")
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    arguments = parser.parse_args()
    model = averaged_model(arguments.cache / "runs" / arguments.run / "checkpoint.npz")
    arguments.out.mkdir(parents=True, exist_ok=True)
    save_half(model, arguments.out / "model.keras")
    (arguments.out / "model.tflite").write_bytes(to_litert(with_activation_map(model), half=True))
    for name in ("model.keras", "model.tflite"):
        print(name, f"{(arguments.out / name).stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
