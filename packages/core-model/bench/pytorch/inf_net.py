"""Inf-Net with the Res2Net50 backbone in PyTorch, functional, over a dict of tensors under the reference's names.

Written from the paper's architecture, apart from the TypeScript, and scaled in the same way (width, channels, blocks): the
yardstick of benches and of the small golden network. Against the reference's own golden maps: inf_net_check.py.
"""

import numpy as np
import torch
import torch.nn.functional as F

SEED = "infnet-golden-1"
EPSILON = 1e-5


class Parameters:
    """Creates tensors from the golden formula on first use, and records them in that order."""

    def __init__(self, dtype=torch.float32):
        self.tensors = {}
        self.dtype = dtype

    def get(self, name, shape):
        if name not in self.tensors:
            self.tensors[name] = torch.from_numpy(formula(name, shape)).to(self.dtype)
        return self.tensors[name]

    def trainable(self):
        return {name: t for name, t in self.tensors.items() if "running_" not in name}


class InfNet:
    """`training` normalises by the batch; otherwise by the running statistics, which stay as they are."""

    def __init__(self, width=1.0, channels=32, blocks=(3, 4, 6, 3), dtype=torch.float32):
        self.width, self.channels, self.blocks = width, channels, blocks
        self.parameters = Parameters(dtype)
        self.training = False

    def scaled(self, count):
        return max(1, int(np.floor(count * self.width + 0.5)))

    def conv(self, x, name, norm, outputs, kernel=1, stride=1, pad=0, dilation=1):
        kh, kw = kernel if isinstance(kernel, tuple) else (kernel, kernel)
        get = self.parameters.get
        y = F.conv2d(x, get(f"{name}.weight", (outputs, x.shape[1], kh, kw)), None, stride, pad, dilation)
        gamma, beta = get(f"{norm}.weight", (outputs,)), get(f"{norm}.bias", (outputs,))
        mean, variance = get(f"{norm}.running_mean", (outputs,)), get(f"{norm}.running_var", (outputs,))
        if self.training:
            return F.batch_norm(y, None, None, gamma, beta, True, 0.1, EPSILON)
        return F.batch_norm(y, mean, variance, gamma, beta, False, 0.1, EPSILON)

    def basic(self, x, name, outputs, kernel=1, pad=0, dilation=1):
        return self.conv(x, f"{name}.conv", f"{name}.bn", outputs, kernel, 1, pad, dilation)

    def __call__(self, images):
        """[B,3,H,W] to the maps globalMap, s5, s4, s3, edge: logits [B,1,H,W]."""
        size = images.shape[2:]
        f2, f3, f4, f5 = self.backbone(images)
        edge = self.basic(f2, "edge_conv1", self.scaled(64))
        for i in (2, 3):
            edge = self.basic(edge, f"edge_conv{i}", self.scaled(64), 3, 1)
        outline = self.basic(edge, "edge_conv4", 1, 3, 1)
        r3, r4, r5 = self.rfb(f3, "rfb2_1"), self.rfb(f4, "rfb3_1"), self.rfb(f5, "rfb4_1")
        top = self.partial_decoder(r5, r4, r3)
        s5 = self.reverse(f5, top, edge, "ra4", self.scaled(256), 5)
        s4 = self.reverse(f4, s5, edge, "ra3", self.scaled(64), 3)
        s3 = self.reverse(f3, s4, edge, "ra2", self.scaled(64), 3)
        return {k: resize(v, size) for k, v in
                dict(globalMap=top, s5=s5, s4=s4, s3=s3, edge=outline).items()}

    def backbone(self, x):
        half, full = self.scaled(32), self.scaled(64)
        x = F.relu(self.conv(x, "resnet.conv1.0", "resnet.conv1.1", half, 3, 2, 1))
        x = F.relu(self.conv(x, "resnet.conv1.3", "resnet.conv1.4", half, 3, 1, 1))
        x = F.relu(self.conv(x, "resnet.conv1.6", "resnet.bn1", full, 3, 1, 1))
        x = F.max_pool2d(x, 3, 2, 1)
        features = []
        for layer, plane in enumerate(map(self.scaled, (64, 128, 256, 512))):
            for i in range(self.blocks[layer]):
                stride = 2 if i == 0 and layer > 0 else 1
                x = self.block(x, f"resnet.layer{layer + 1}.{i}", plane, stride, i == 0)
            features.append(x)
        return features

    def block(self, x, name, plane, stride, first):
        group = max(1, plane * 26 // 64)
        y = F.relu(self.conv(x, f"{name}.conv1", f"{name}.bn1", 4 * group))
        parts = torch.split(y, group, 1)
        scales = []
        for i in range(3):
            z = parts[i] if first or i == 0 else parts[i] + scales[-1]
            scales.append(F.relu(self.conv(z, f"{name}.convs.{i}", f"{name}.bns.{i}", group, 3, stride, 1)))
        scales.append(F.avg_pool2d(parts[3], 3, stride, 1) if first else parts[3])
        y = self.conv(torch.cat(scales, 1), f"{name}.conv3", f"{name}.bn3", 4 * plane)
        if first:
            if stride == 2:
                x = F.avg_pool2d(x, 2, 2, ceil_mode=True, count_include_pad=False)
            x = self.conv(x, f"{name}.downsample.1", f"{name}.downsample.2", 4 * plane)
        return F.relu(y + x)

    def rfb(self, x, name):
        c = self.channels
        branches = [self.basic(x, f"{name}.branch0.0", c)]
        for i, reach in enumerate((3, 5, 7), 1):
            y, side = self.basic(x, f"{name}.branch{i}.0", c), reach // 2
            y = self.basic(y, f"{name}.branch{i}.1", c, (1, reach), (0, side))
            y = self.basic(y, f"{name}.branch{i}.2", c, (reach, 1), (side, 0))
            branches.append(self.basic(y, f"{name}.branch{i}.3", c, 3, reach, reach))
        joined = self.basic(torch.cat(branches, 1), f"{name}.conv_cat", c, 3, 1)
        return F.relu(joined + self.basic(x, f"{name}.conv_res", c))

    def partial_decoder(self, deep, middle, shallow):
        c = self.channels
        unit = lambda x, name, width: self.basic(x, f"ParDec.{name}", width, 3, 1)
        deep2 = twice(deep)
        at_middle = unit(deep2, "conv_upsample1", c) * middle
        at_shallow = unit(twice(deep2), "conv_upsample2", c) * unit(twice(middle), "conv_upsample3", c) * shallow
        joined = unit(torch.cat([at_middle, unit(deep2, "conv_upsample4", c)], 1), "conv_concat2", 2 * c)
        joined = torch.cat([at_shallow, unit(twice(joined), "conv_upsample5", 2 * c)], 1)
        y = unit(unit(joined, "conv_concat3", 3 * c), "conv4", 3 * c)
        get = self.parameters.get
        return F.conv2d(y, get("ParDec.conv5.weight", (1, 3 * c, 1, 1)), get("ParDec.conv5.bias", (1,)))

    def reverse(self, feature, guide, edge, name, width, kernel):
        prior = resize(guide, feature.shape[2:])
        attended = self.basic((1 - torch.sigmoid(prior)) * feature, f"{name}_conv1", width)
        y = torch.cat([attended, resize(edge, feature.shape[2:])], 1)
        last = 5 if kernel == 5 else 4
        for i in range(2, last):
            y = F.relu(self.basic(y, f"{name}_conv{i}", width, kernel, kernel // 2))
        end = 1 if kernel == 5 else kernel
        return self.basic(y, f"{name}_conv{last}", 1, end, end // 2) + prior


def resize(x, size):
    return F.interpolate(x, tuple(size), mode="bilinear", align_corners=False)


def twice(x):
    return F.interpolate(x, scale_factor=2, mode="bilinear", align_corners=True)


# The golden formula ("infnet-golden" scheme, version 1): see ../../test/golden-scheme.ts.


def fnv1a(text):
    h = 0x811C9DC5
    for byte in text.encode():
        h = (h ^ byte) * 0x01000193 & 0xFFFFFFFF
    return h


def hashes(key, index):
    x = (np.uint64(fnv1a(key)) + index.astype(np.uint64) * np.uint64(0x9E3779B9)) & np.uint64(0xFFFFFFFF)
    x = (x ^ (x >> np.uint64(16))) * np.uint64(0x7FEB352D) & np.uint64(0xFFFFFFFF)
    x = (x ^ (x >> np.uint64(15))) * np.uint64(0x846CA68B) & np.uint64(0xFFFFFFFF)
    return x ^ (x >> np.uint64(16))


def formula(name, shape):
    if name.endswith("running_mean"):
        mid, half = 0, 0.25
    elif name.endswith("running_var"):
        mid, half = 1, 0.5
    elif name.endswith(".bias"):
        mid, half = 0, 0.25
    elif len(shape) == 1:
        mid, half = (0.5 if name.endswith(".bn3.weight") else 1), 0.25
    else:
        mid, half = 0, np.sqrt(3 / np.prod(shape[1:]))
    h = hashes(f"{SEED}:{name}", np.arange(int(np.prod(shape))))
    unit = (2.0 * (h >> np.uint64(8)).astype(np.float64) + 1 - 2**24) / 2**24
    return (mid + half * unit).astype(np.float32).reshape(shape)


def golden_image(batch, height, width, seed=SEED):
    """The normalised network input [B,3,H,W], and the mask [B,1,H,W] in 0 and 1."""
    images, masks = [], []
    y, x = np.mgrid[:height, :width]
    for n in range(batch):
        p = hashes(f"{seed}:image:{n}", np.arange(16)).astype(np.int64)
        value, inside = 40 + x * 60 // width + y * 40 // height, np.zeros((height, width), bool)
        for e in (0, 4):
            cx, cy = width * (20 + p[e] % 60) // 100, height * (20 + p[e + 1] % 60) // 100
            rx, ry = 1 + width * (10 + p[e + 2] % 20) // 100, 1 + height * (10 + p[e + 3] % 20) // 100
            q = (x - cx) ** 2 * 1024 // rx**2 + (y - cy) ** 2 * 1024 // ry**2
            value, inside = value + np.maximum(0, 1536 - q) * 110 // 1536, inside | (q <= 1024)
        grain = [hashes(f"{seed}:noise:{n}:{k}", y * width + x).astype(np.int64) >> 27 for k in range(3)]
        images.append([np.clip(value + g - 16 + 8 * k, 0, 255) for k, g in enumerate(grain)])
        masks.append([inside])
    pixels = np.array(images, np.float32) / np.float32(255)
    mean = np.array([0.485, 0.456, 0.406], np.float32).reshape(3, 1, 1)
    deviation = np.array([0.229, 0.224, 0.225], np.float32).reshape(3, 1, 1)
    return torch.from_numpy((pixels - mean) / deviation), torch.from_numpy(np.array(masks, np.float32))
