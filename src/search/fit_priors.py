#!/usr/bin/env python3
"""Fits the rows of priors.tsv for some codecs from a sweep that imgbench measured. Needs numpy.

    imgbench compare PHOTOGRAPHS -f avif,jxl -q 0..96/4,97..100/1 -m ssimulacra2,psnr,butteraugli,butteraugli-max \\
        --no-timings -o sweep.json
    python3 src/search/fit_priors.py sweep.json libaom libjxl

prints the rows. Levels are those of search.rs: they rise almost in a line with quality. Between the qualities of the
sweep they are read off straight lines. The modes are the principal components of the images' curves about their mean,
each as long as one standard deviation.
"""

import json
import sys

import numpy

LEAST_LOSS = 0.02
PERFECT = {"ssimulacra2": 100.0, "butteraugli": 0.0, "butteraugli-max": 0.0}
SCALES = ["ssimulacra2", "psnr", "butteraugli", "butteraugli-max", "size"]
MODES = 4


def level(scale, image, result):
    if scale == "size":
        return numpy.log(result["bytes"] * 8 / (image["width"] * image["height"]))
    score = result["scores"].get(scale)
    if scale == "psnr":
        return min(score if score is not None else 100.0, 100.0) * numpy.log(10) / 20
    return -numpy.log(abs(PERFECT[scale] - score) + LEAST_LOSS)


def curve(scale, image, codec):
    points = {
        result["quality"]: level(scale, image, result)
        for result in image["results"]
        if result["codec"] == codec and result["status"] == "done" and result["quality"] is not None
    }
    qualities = sorted(points)
    return numpy.interp(range(101), qualities, [points[q] for q in qualities]) if len(qualities) > 9 else None


def rows(sweep, codec):
    for scale in SCALES:
        curves = [curve(scale, image, codec) for image in sweep["images"]]
        curves = numpy.array([c for c in curves if c is not None])
        mean = curves.mean(axis=0)
        _, lengths, directions = numpy.linalg.svd(curves - mean, full_matrices=False)
        modes = directions[:MODES] * lengths[:MODES, None] / numpy.sqrt(len(curves))
        yield [codec, scale, "mean"], mean
        for mode in modes:
            yield [codec, scale, "mode"], mode


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8") as file:
        measured = json.load(file)
    for name in sys.argv[2:]:
        for head, values in rows(measured, name):
            print("\t".join(head + [f"{v + 0.0:.3f}" for v in values]))
