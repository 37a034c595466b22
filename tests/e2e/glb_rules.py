"""glb_rules.py FILE...: the rules of glTF 2.0 for containers, views, accessors, skins and animations that an importer relies on."""
import json
import math
import struct
import sys

WIDTHS = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4, "MAT4": 16}
CODES = {5121: "B", 5123: "H", 5125: "I", 5126: "f"}


def container(path):
    data = open(path, "rb").read()
    magic, version, length = struct.unpack_from("<III", data)
    assert (magic, version, length) == (0x46546C67, 2, len(data)), "header"
    chunks, at = [], 12
    while at < len(data):
        size, kind = struct.unpack_from("<II", data, at)
        assert size % 4 == 0, "a chunk's length is a multiple of 4"
        chunks.append((kind, data[at + 8:at + 8 + size]))
        at += 8 + size
    assert at == len(data) and [kind for kind, _ in chunks] == [0x4E4F534A, 0x004E4942], "chunks JSON, BIN"
    return json.loads(chunks[0][1].decode("utf-8")), chunks[1][1]


def values(scene, binary, index):
    accessor = scene["accessors"][index]
    view = scene["bufferViews"][accessor["bufferView"]]
    width, code = WIDTHS[accessor["type"]], CODES[accessor["componentType"]]
    size = struct.calcsize("<" + code)
    start = view.get("byteOffset", 0) + accessor.get("byteOffset", 0)
    assert start % size == 0 and view["byteOffset"] % 4 == 0, f"accessor {index}: alignment"
    count = accessor["count"] * width
    assert accessor["count"] >= 1 and count * size <= view["byteLength"], f"accessor {index}: outside its view"
    assert start + count * size <= scene["buffers"][view["buffer"]]["byteLength"] <= len(binary), f"accessor {index}: outside the buffer"
    flat = struct.unpack_from(f"<{count}{code}", binary, start)
    rows = [flat[i:i + width] for i in range(0, count, width)]
    assert all(math.isfinite(v) for v in flat), f"accessor {index}: finite"
    for key, best in (("min", min), ("max", max)):
        if key in accessor:
            for c in range(width):
                found = best(row[c] for row in rows)
                assert abs(found - accessor[key][c]) <= 1e-6 * max(1, abs(found)), f"accessor {index}: {key} {accessor[key]}, {found}"
    return rows


def check_tree(scene):
    parents = [0] * len(scene["nodes"])
    for node in scene["nodes"]:
        for child in node.get("children", []):
            parents[child] += 1
    assert max(parents) <= 1, "a node has two parents"
    roots = scene["scenes"][scene["scene"]]["nodes"]
    assert all(parents[root] == 0 for root in roots), "a scene's node is a child"


def check_skin(scene, binary):
    skin = scene["skins"][0]
    joints = skin["joints"]
    assert len(set(joints)) == len(joints)
    matrices = values(scene, binary, skin["inverseBindMatrices"])
    assert len(matrices) == len(joints)
    mesh = next(node for node in scene["nodes"] if "mesh" in node)
    assert mesh["skin"] == 0 and "translation" not in mesh, "a skinned mesh is placed by its joints alone"
    attributes = scene["meshes"][mesh["mesh"]]["primitives"][0]["attributes"]
    assert "min" in scene["accessors"][attributes["POSITION"]], "POSITION has bounds"
    rows = {name: values(scene, binary, index) for name, index in attributes.items()}
    assert len({len(r) for r in rows.values()}) == 1 and len(rows["POSITION"]) % 3 == 0
    assert all(max(row) < len(joints) for row in rows["JOINTS_0"])
    assert all(abs(sum(row) - 1) < 1e-5 for row in rows["WEIGHTS_0"])
    assert all(abs(math.hypot(*row) - 1) < 1e-4 for row in rows["NORMAL"])
    for index in attributes.values():
        assert scene["bufferViews"][scene["accessors"][index]["bufferView"]]["target"] == 34962


def check_animation(scene, binary):
    animation = scene["animations"][0]
    seen = set()
    for channel in animation["channels"]:
        target, sampler = channel["target"], animation["samplers"][channel["sampler"]]
        assert (target["node"], target["path"]) not in seen, "a target twice"
        seen.add((target["node"], target["path"]))
        assert "min" in scene["accessors"][sampler["input"]] and "max" in scene["accessors"][sampler["input"]]
        times = [t for t, in values(scene, binary, sampler["input"])]
        rows = values(scene, binary, sampler["output"])
        assert times[0] >= 0 and all(a < b for a, b in zip(times, times[1:])), "times rise"
        assert len(rows) == len(times)
        if target["path"] == "rotation":
            assert all(abs(math.hypot(*row) - 1) < 1e-5 for row in rows), "unit quaternions"
            assert all(sum(x * y for x, y in zip(a, b)) >= 0 for a, b in zip(rows, rows[1:])), "signs go on"
    joints = scene["skins"][0]["joints"]
    assert {(joint, "rotation") for joint in joints} <= seen and (joints[0], "translation") in seen


for name in sys.argv[1:]:
    document, blob = container(name)
    assert document["asset"]["version"] == "2.0"
    check_tree(document)
    for number in range(len(document["accessors"])):
        values(document, blob, number)
    check_skin(document, blob)
    check_animation(document, blob)
    print(f"{name}: {len(document['skins'][0]['joints'])} joints, {len(document['accessors'])} accessors")
