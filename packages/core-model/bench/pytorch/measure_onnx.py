"""Times an exported model in onnxruntime: measure_onnx.py FILE SIZE RUNS THREADS. Prints the milliseconds of each run."""

import sys
import time

import numpy
import onnxruntime


def main(path, size, runs, threads):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    images = numpy.zeros((1, 3, size, size), numpy.float32)
    times = []
    for run in range(runs + 1):
        start = time.perf_counter()
        session.run(["probability"], {"images": images})
        if run > 0:  # the first one packs the weights
            times.append(1000 * (time.perf_counter() - start))
    print(*times)


main(sys.argv[1], *map(int, sys.argv[2:]))
