"""Makes the seeds of tests/fuzz/corpus: one small valid file of each kind and dialect. Inputs that once failed are
kept beside them by hand.

    python make_corpus.py    (numpy, soundfile; run it in this folder, after tests/golden/io/make_golden.py)
"""
import json
import shutil
import struct

import numpy as np
import soundfile

GOLDEN = "../golden/io/"
for name in ["joints.npz", "keypoints.npz", "scored.npz", "objects.npz", "fortran.npy"]:
    shutil.copy(GOLDEN + name, "corpus/npz/" + name)
shutil.copy(GOLDEN + "model.safetensors", "corpus/safetensors/model.safetensors")

with open("corpus/json/config.json", "w") as f:
    json.dump({"preset": "tiny", "clock": {"rate": 16000, "low": -0.5e-3, "on": True}, "list": [1, [2, {"ü": None}]],
               "text": "a \"b\" \\ \n \u20ac"}, f)

CHANNELS = "CHANNELS 6 Xposition Yposition Zposition Zrotation Xrotation Yrotation"
with open("corpus/bvh/figure.bvh", "w") as f:
    f.write(f"""HIERARCHY
ROOT Hips
{{
\tOFFSET 0 0 0
\t{CHANNELS}
\tJOINT LeftFoot
\t{{
\t\tOFFSET 10 -93 0
\t\tCHANNELS 3 Yrotation Xrotation Zrotation
\t\tEnd Site
\t\t{{
\t\t\tOFFSET 0 0 12.5
\t\t}}
\t}}
\tJOINT Head
\t{{
\t\tOFFSET 0 60 0
\t\tCHANNELS 1 Yposition
\t}}
}}
MOTION
Frames: 3
Frame Time: .0083333
""")
    for i in range(3):
        f.write(" ".join(f"{v:.3f}" for v in [i, 93, -i, 10 * i, -4, 1e2, 5, 6, 7, 61]) + "\n")
with open("corpus/bvh/carrier.bvh", "w", newline="\r\n") as f:
    f.write(f"""HIERARCHY
ROOT reference {{ OFFSET 0 0 0 {CHANNELS}
JOINT Hips {{ OFFSET 0 1 0 {CHANNELS}
JOINT Foot {{ OFFSET 0 -1 0 CHANNELS 0 }} JOINT Head {{ OFFSET 0 .6 0 CHANNELS 0 }} }} }}
MOTION
Frames: 1
Frame Time: 0.04
2 0 0 0 0 90 0 1 0.5 0 0 0
""")

def frame(seconds, ahead):
    turns = [1, 0, 0, 0] * 4 + [-0.3] + [0.99, 0, 0, 0.1] + [1, 0, 0, 0] + [0.5]  # to the right elbow
    return [seconds, ahead, 0.9, 0.1] + turns + [0.8, 0, 0, 0.6] + [-0.2] + [1, 0, 0, 0] * 2 + [0.4]


with open("corpus/deepmimic/dance.txt", "w") as f:
    json.dump({"Loop": "wrap", "Frames": [frame(0.05, 0), frame(0.05, 0.2), frame(0, 0.3)]}, f)


def glb(path, document, floats):
    text = json.dumps(document).encode()
    text += b" " * (-len(text) % 4)
    data = np.asarray(floats, np.float32).tobytes()
    with open(path, "wb") as f:
        f.write(b"glTF" + struct.pack("<II", 2, 28 + len(text) + len(data)))
        f.write(struct.pack("<I", len(text)) + b"JSON" + text)
        f.write(struct.pack("<I", len(data)) + b"BIN\0" + data)


def document(skin):
    turn, lift = 0.3826834, 0.9238795
    nodes = [{"name": "Armature", "rotation": [-0.7071068, 0, 0, 0.7071068], "scale": [100] * 3, "children": [1]},
             {"name": "root", "children": [2]},
             {"name": "hips", "translation": [0, 0, 0.01], "children": [3, 4]},
             {"name": "leg", "translation": [0, 0, -0.005]},
             {"name": "head", "matrix": [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0.006, 1]}]
    result = {"asset": {"version": "2.0"}, "nodes": nodes,
              "buffers": [{"byteLength": 4 * 51}],
              "bufferViews": [{"buffer": 0, "byteLength": 12}, {"buffer": 0, "byteOffset": 12, "byteLength": 48},
                              {"buffer": 0, "byteOffset": 60, "byteLength": 144, "byteStride": 16}],
              "accessors": [{"bufferView": 0, "componentType": 5126, "count": 3, "type": "SCALAR"},
                            {"bufferView": 1, "componentType": 5126, "count": 3, "type": "VEC4"},
                            {"bufferView": 2, "componentType": 5126, "count": 9, "type": "VEC3"},
                            {"bufferView": 2, "componentType": 5122, "normalized": True, "count": 3, "type": "VEC4"}],
              "animations": [
                  {"name": "bend", "samplers": [{"input": 0, "output": 1},
                                                {"input": 0, "output": 2, "interpolation": "CUBICSPLINE"}],
                   "channels": [{"sampler": 0, "target": {"node": 3, "path": "rotation"}},
                                {"sampler": 1, "target": {"node": 2, "path": "translation"}}]},
                  {"samplers": [{"input": 0, "output": 3, "interpolation": "STEP"}],
                   "channels": [{"sampler": 0, "target": {"node": 2, "path": "rotation"}}]}]}
    if skin:
        result["skins"] = [{"joints": [1, 2, 3, 4]}]
    floats = [0, 0.05, 0.1] + [0, 0, 0, 1, turn, 0, 0, lift, 0, turn, 0, lift] + [0.001 * i for i in range(36)]
    return result, floats


glb("corpus/glb/skin.glb", *document(True))
glb("corpus/glb/nodes.glb", *document(False))

tone = 0.5 * np.sin(np.arange(700) / 9)[:, None] * np.array([[1, -0.5]])
soundfile.write("corpus/sound/tone.wav", tone, 16000, subtype="PCM_16")
soundfile.write("corpus/sound/float.wav", tone[:300], 16000, subtype="FLOAT")
soundfile.write("corpus/sound/tone.flac", tone, 16000)
soundfile.write("corpus/sound/tone.ogg", tone, 16000)
soundfile.write("corpus/sound/tone.aiff", tone[:300], 16000)
