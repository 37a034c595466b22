"""make_positions.py FILE: an NPZ of positions alone, as a pose estimator writes them: 40 frames at 20 a second of COCO's 17 keypoints in
space (metres, Y up), of a person who sways and waves the right arm. The standard library alone."""
import math
import struct
import sys
import zipfile

REST = [(0, 1.62, 0.1), (0.03, 1.66, 0.08), (-0.03, 1.66, 0.08), (0.07, 1.64, 0), (-0.07, 1.64, 0), (0.18, 1.42, 0), (-0.18, 1.42, 0),
        (0.24, 1.15, 0), (-0.24, 1.15, 0), (0.26, 0.9, 0.05), (-0.26, 0.9, 0.05), (0.1, 0.92, 0), (-0.1, 0.92, 0), (0.1, 0.5, 0.02),
        (-0.1, 0.5, 0.02), (0.1, 0.08, 0), (-0.1, 0.08, 0)]


def frame(t):
    sway, wave = 0.06 * math.sin(2 * math.pi * t / 20), 1 + math.sin(2 * math.pi * t / 10)
    points = [(x + sway * y, y, z) for x, y, z in REST]
    x, y, z = points[6]
    points[8] = (x - 0.27 * math.cos(wave - 0.6), y + 0.27 * math.sin(wave - 0.6), z)
    points[10] = (points[8][0] - 0.25 * math.cos(wave), points[8][1] + 0.25 * math.sin(wave), z)
    return [value for point in points for value in point]


def npy(kind, shape, data):
    head = "{'descr': '%s', 'fortran_order': False, 'shape': %s, }" % (kind, shape)
    head += " " * (-(len(head) + 11) % 64) + "\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(head)) + head.encode() + data


values = [value for t in range(40) for value in frame(t)]
with zipfile.ZipFile(sys.argv[1], "w", zipfile.ZIP_DEFLATED) as file:
    for name, data in (("positions", npy("<f4", "(40, 17, 3)", struct.pack(f"<{len(values)}f", *values))),
                       ("fps", npy("<f8", "()", struct.pack("<d", 20)))):
        file.writestr(zipfile.ZipInfo(name + ".npy", (1980, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)
