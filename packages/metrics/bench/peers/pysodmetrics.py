"""PySODMetrics on one image. Prints the fastest of several runs in nanoseconds: sweep, sweep and S-measure, weighted F.

    pysodmetrics.py PREDICTION MASK WIDTH HEIGHT REPEATS      (raw bytes)
"""
import sys
import time

import numpy as np
import py_sod_metrics as sod

width, height, repeats = map(int, sys.argv[3:6])
prediction = np.fromfile(sys.argv[1], np.uint8).reshape(height, width)
mask = np.fromfile(sys.argv[2], np.uint8).reshape(height, width)


def sweep():
    how = dict(with_adaptive=False, with_dynamic=True)
    curves = sod.FmeasureV2(
        metric_handlers={
            "dice": sod.DICEHandler(**how),
            "precision": sod.PrecisionHandler(**how),
            "sensitivity": sod.SensitivityHandler(**how),
            "specificity": sod.SpecificityHandler(**how),
        }
    )
    for measure in (curves, sod.Emeasure(), sod.MAE()):
        measure.step(prediction, mask)


def full():
    sweep()
    sod.Smeasure().step(prediction, mask)


def weighted():
    sod.WeightedFmeasure().step(prediction, mask)


def fastest(run):
    best = float("inf")
    for _ in range(repeats):
        start = time.process_time_ns()
        run()
        best = min(best, time.process_time_ns() - start)
    return best


print(fastest(sweep), fastest(full), fastest(weighted))
