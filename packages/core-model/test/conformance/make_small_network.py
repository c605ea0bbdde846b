"""Writes test/golden/small-inf-net.{json,safetensors}: a narrow Inf-Net that every backend can run in seconds.

The same model code at full width is first held against the reference's golden maps, so what is written here is the
reference's arithmetic on fewer channels, in float64. Needs numpy and torch; run by hand: python3 make_small_network.py
"""

import json
import struct
import sys
from pathlib import Path

import numpy as np
import torch

HERE = Path(__file__).resolve().parent
GOLDEN = HERE.parent / "golden"
sys.path.insert(0, str(HERE.parents[1] / "bench" / "pytorch"))
from inf_net import InfNet, golden_image  # noqa: E402

OPTIONS = {"width": 0.125, "channels": 8, "blocks": [1, 1, 1, 1]}
BATCH, SIDE, LEARNING_RATE = 2, 64, 0.02
REFERENCE_NAMES = {
    "globalMap": "lateral_map_5",
    "s5": "lateral_map_4",
    "s4": "lateral_map_3",
    "s3": "lateral_map_2",
    "edge": "lateral_edge",
}


def read_safetensors(path):
    raw = path.read_bytes()
    (size,) = struct.unpack("<Q", raw[:8])
    header = json.loads(raw[8 : 8 + size])
    header.pop("__metadata__", None)
    body = raw[8 + size :]
    return {
        name: np.frombuffer(body[slice(*entry["data_offsets"])], np.float32).reshape(entry["shape"])
        for name, entry in header.items()
        if entry["dtype"] == "F32"
    }


def write_safetensors(path, tensors):
    header, body = {}, b""
    for name, values in tensors.items():
        data = np.ascontiguousarray(values, "<f4").tobytes()
        header[name] = {"dtype": "F32", "shape": list(values.shape), "data_offsets": [len(body), len(body) + len(data)]}
        body += data
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + body)


def check_against_reference():
    net = InfNet(dtype=torch.float64)
    for case, batch, training in (("eval-1x96x96", 1, False), ("train-2x96x96", 2, True)):
        net.training = training
        with torch.no_grad():
            maps = net(golden_image(batch, 96, 96)[0].double())
        golden = read_safetensors(GOLDEN / f"forward-res2net50-{case}.safetensors")
        for ours, theirs in REFERENCE_NAMES.items():
            worst = np.abs(maps[ours].numpy() - golden[theirs]).max()
            assert worst < 1e-6, f"{case} {ours}: {worst}"


def loss_of(maps, mask):
    """The sum over the five maps of the mean squared error of the probabilities."""
    return sum(((torch.sigmoid(m) - mask) ** 2).mean() for m in maps.values())


def gradients(net, images, mask):
    tensors = net.parameters.trainable()
    for tensor in tensors.values():
        tensor.requires_grad_(True)
        tensor.grad = None
    loss = loss_of(net(images), mask)
    loss.backward()
    return loss.item(), {name: tensor.grad for name, tensor in tensors.items()}


def summary(gradient):
    """L2 norm, and the values at the flat indices floor(j * (n - 1) / 3), j = 0 ... 3, in PyTorch's layout."""
    flat = gradient.flatten()
    picked = [flat[j * (len(flat) - 1) // 3].item() for j in range(4)]
    return [gradient.norm().item(), *picked]


def step(dtype):
    net = InfNet(**OPTIONS, dtype=dtype)
    images, mask = (tensor.to(dtype) for tensor in golden_image(BATCH, SIDE, SIDE))
    with torch.no_grad():
        maps = net(images)
    shapes = {name: list(tensor.shape) for name, tensor in net.parameters.tensors.items()}
    net.training = True
    batch_loss, batch_grads = gradients(net, images, mask)
    net.training = False
    loss, grads = gradients(net, images, mask)
    with torch.no_grad():
        for name, tensor in net.parameters.trainable().items():
            tensor -= LEARNING_RATE * grads[name]
        after = loss_of(net(images), mask).item()
    return maps, shapes, (loss, after, grads), (batch_loss, batch_grads)


def main():
    check_against_reference()
    maps, shapes, (loss, after, grads), (batch_loss, batch_grads) = step(torch.float64)
    single = step(torch.float32)
    relative = lambda a, b: {n: ((a[n] - b[n]).norm() / b[n].norm()).item() for n in b if b[n].norm() > 1e-9}
    spread = lambda a, b: [round(float(np.quantile(list(relative(a, b).values()), q)), 9) for q in (0.5, 0.9, 1)]
    write_safetensors(GOLDEN / "small-inf-net.safetensors", {name: m.numpy() for name, m in maps.items()})
    document = {
        "options": OPTIONS,
        "batch": [BATCH, 3, SIDE, SIDE],
        "shapes": shapes,
        "frozen": {
            "loss": loss,
            "learningRate": LEARNING_RATE,
            "lossAfterStep": after,
            "gradients": {name: summary(g) for name, g in grads.items()},
        },
        "batchNorm": {"loss": batch_loss, "gradientNorms": {n: g.norm().item() for n, g in batch_grads.items()}},
        "float32Deviation": {
            "maps": max((single[0][name] - m).abs().max().item() for name, m in maps.items()),
            "lossAfterStep": abs(single[2][1] - after),
            "frozenGradients": spread(single[2][2], grads),
            "batchGradients": spread(single[3][1], batch_grads),
        },
    }
    (GOLDEN / "small-inf-net.json").write_text(json.dumps(document) + "\n")
    print(json.dumps({k: document[k] for k in ("float32Deviation",)}, indent=1), loss, after, batch_loss)


main()
