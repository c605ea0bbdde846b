"""Times the whole network: measure.py forward|step SIZE RUNS THREADS [BATCH]. Prints the milliseconds of each run.

`step` is a training step: forward, the loss of the paper's section III-A, backward, Adam.
"""

import sys
import time

import torch
import torch.nn.functional as F
from inf_net import InfNet, golden_image


def structure_loss(logits, mask, weight):
    """Weighted binary cross entropy and weighted intersection over union, both a mean over the images."""
    share = weight / weight.sum((2, 3), keepdim=True)
    entropy = (share * F.binary_cross_entropy_with_logits(logits, mask, reduction="none")).sum((2, 3)).mean()
    p = torch.sigmoid(logits)
    overlap = (weight * p * mask).sum((2, 3))
    union = (weight * (p + mask)).sum((2, 3)) - overlap
    return entropy + (1 - (overlap + 1) / (union + 1)).mean()


def total_loss(maps, mask, edge):
    average = F.avg_pool2d(F.avg_pool2d(mask, (31, 1), 1, (15, 0)), (1, 31), 1, (0, 15))
    weight = 1 + 5 * (average - mask).abs()
    loss = F.binary_cross_entropy_with_logits(maps["edge"], edge)
    return loss + sum(structure_loss(maps[name], mask, weight) for name in ("globalMap", "s5", "s4", "s3"))


def main(what, size, runs, threads, batch=1):
    torch.set_num_threads(threads)
    model = InfNet()
    images, mask = golden_image(batch, size, size)
    edge = F.max_pool2d(mask, 3, 1, 1) - mask
    with torch.no_grad():
        model(images)  # makes the parameters
    parameters = list(model.parameters.trainable().values())

    def forward():
        with torch.no_grad():
            torch.sigmoid(model(images)["s3"])

    def step():
        optimiser.zero_grad()
        total_loss(model(images), mask, edge).backward()
        optimiser.step()

    if what == "step":
        model.training = True
        for parameter in parameters:
            parameter.requires_grad_()
        optimiser = torch.optim.Adam(parameters, 1e-4)
    run = step if what == "step" else forward
    run()
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        run()
        times.append(1000 * (time.perf_counter() - start))
    print(*times)


main(sys.argv[1], *map(int, sys.argv[2:]))
