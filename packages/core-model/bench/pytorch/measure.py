"""Times the whole network on one image: measure.py forward|step SIZE RUNS THREADS. Prints the milliseconds of each run."""

import sys
import time

import torch
from inf_net import InfNet, golden_image


def main(what, size, runs, threads):
    torch.set_num_threads(threads)
    model = InfNet()
    images, mask = golden_image(1, size, size)
    with torch.no_grad():
        model(images)  # makes the parameters
    parameters = list(model.parameters.trainable().values())

    def forward():
        with torch.no_grad():
            torch.sigmoid(model(images)["s3"])

    def step():
        loss = sum(((torch.sigmoid(y) - mask) ** 2).mean() for y in model(images).values())
        torch.autograd.grad(loss, parameters)

    if what == "step":
        model.training = True
        for parameter in parameters:
            parameter.requires_grad_()
    run = step if what == "step" else forward
    run()
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        run()
        times.append(1000 * (time.perf_counter() - start))
    print(*times)


main(sys.argv[1], *map(int, sys.argv[2:]))
