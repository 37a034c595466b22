"""AIST++ pickles and C3D: what is right comes in, what is hostile is refused and never run. Checkpoints: tests/e2e/convert.sh."""

import collections
import io
import os
import pickle
import struct
import sys
import tempfile
import unittest
from unittest import mock

import numpy as np

import momu
from momu import convert
from momu.convert.pickles import read_pickle

try:
    import ezc3d
except ImportError:
    ezc3d = None


class Runs:
    """What a hostile pickle would have run."""

    def __init__(self, function, *arguments):
        self.made = function, arguments

    def __reduce__(self):
        return self.made


def smpl(frames=20, **changes):
    poses = np.zeros((frames, 72), np.float32)
    poses[:, 0] = np.linspace(0, 1, frames)  # leans ahead, about x
    return {"smpl_loss": 1.5, "smpl_poses": poses, "smpl_scaling": np.float32([90.0]),
            "smpl_trans": np.tile(np.float32([90.0, 180.0, 0.0]), (frames, 1)), **changes}


class Folder(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def path(self, name, content=None):
        path = os.path.join(self.folder.name, name)
        if content is not None:
            with open(path, "wb") as file:
                file.write(content)
        return path

    def refused(self, sentence, content, read=convert.read_aist):
        path = self.path("hostile.pkl", content)
        with self.assertRaisesRegex(convert.ConvertError, "hostile.pkl: .*" + sentence):
            read(path)


class Aist(Folder):
    def test_smpl(self):
        for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
            motion = convert.read_aist(self.path("a.pkl", pickle.dumps(smpl(), protocol=protocol)))
            self.assertEqual((motion.frames, motion.joints, motion.fps, motion.kind), (20, 24, 60, "joints"))
            self.assertEqual(motion.joint_names[22], "left_hand")
            np.testing.assert_allclose(motion.root[0], [1, 2 - 0.217, 0.027], atol=1e-6)
            np.testing.assert_allclose(motion.rotations[-1, 0], [np.cos(0.5), np.sin(0.5), 0, 0], atol=1e-6)
            head, pelvis = motion.positions[-1, 15], motion.positions[-1, 0]
            self.assertGreater(head[2] - pelvis[2], 0.4)  # ahead is +Z

    def test_to_music(self):
        """What was converted can be danced to."""
        motion = convert.read_aist(self.path("a.pkl", pickle.dumps(smpl(120))))
        self.assertAlmostEqual(momu.load().motion_to_music(motion, steps=1).seconds, 2, delta=0.1)
        path = self.path("a.bvh")
        motion.write(path)
        self.assertEqual(momu.Motion.read(path).frames, 120)

    def test_keypoints3d(self):
        points = np.random.default_rng(1).uniform(-100, 100, (10, 17, 3))
        points[4, 3] = np.nan
        motion = convert.read_aist(self.path("a.pkl", pickle.dumps({"keypoints3d": np.asfortranarray(points)})))
        self.assertEqual((motion.joint_names[9], motion.confidence[4, 3], motion.confidence[4, 4]), ("left_wrist", 0, 1))
        np.testing.assert_allclose(motion.positions[0], points[0] / 100, atol=1e-6)
        better = convert.read_aist(self.path("b.pkl", pickle.dumps({"keypoints3d": points, "keypoints3d_optim": points * 0})))
        self.assertEqual(np.abs(better.positions).max(), 0)

    def test_keypoints2d(self):
        views = np.random.default_rng(1).uniform(0, 1, (9, 10, 17, 3)).astype(">f4")
        views[7, 2] = np.nan
        path = self.path("a.pkl", pickle.dumps({"keypoints2d": views, "timestamps": np.arange(10)}))
        motion = convert.read_aist(path, camera=7)
        self.assertEqual((motion.kind, motion.confidence[2].max()), ("keypoints", 0))
        np.testing.assert_allclose(motion.positions[5], views[7, 5, :, :2], atol=1e-6)
        with self.assertRaisesRegex(convert.ConvertError, "no camera 9; expected 0 to 8"):
            convert.read_aist(path, camera=9)

    @unittest.skipUnless(os.environ.get("MOMU_AIST"), "MOMU_AIST does not name a folder with files of AIST++")
    def test_real(self):
        """The two records of one dance agree: SMPL's joints lie where the keypoints are."""
        folder = os.environ["MOMU_AIST"]
        name = sorted(os.listdir(os.path.join(folder, "motions")))[0]
        body, points = (convert.read_aist(os.path.join(folder, kind, name)) for kind in ("motions", "keypoints3d"))
        self.assertEqual(body.frames, points.frames)
        for theirs, ours in ((11, 1), (12, 2), (13, 4), (14, 5), (15, 7), (16, 8), (5, 16), (6, 17), (9, 20), (10, 21)):
            apart = np.linalg.norm(body.positions[:, ours] - points.positions[:, theirs], axis=1)
            self.assertLess(np.median(apart), 0.12, points.joint_names[theirs])
        self.assertEqual(convert.read_aist(os.path.join(folder, "keypoints2d", name)).kind, "keypoints")

    def test_wrong(self):
        for sentence, content in (
                (r"smpl_poses has the shape \(20, 71\); expected \(frames, 72\)", smpl(smpl_poses=np.zeros((20, 71)))),
                (r"smpl_trans has the shape \(19, 3\); expected \(20, 3\)", smpl(smpl_trans=np.zeros((19, 3)))),
                ("smpl_trans is missing", smpl(smpl_trans=None)),
                ("smpl_scaling is .*; expected one number above 0", smpl(smpl_scaling=np.zeros(1))),
                ("smpl_scaling is .*; expected one number", smpl(smpl_scaling=np.ones(3))),
                ("smpl_poses has a NaN or an infinity in frame 7",
                 smpl(smpl_poses=np.where(np.arange(20)[:, None] == 7, np.nan, np.zeros((20, 72))))),
                (r"smpl_poses is empty", smpl(smpl_poses=np.zeros((0, 72)))),
                (r"keypoints3d has the shape \(5, 14, 3\)", {"keypoints3d": np.zeros((5, 14, 3))}),
                ("no AIST.. file: it has dance", {"dance": np.zeros(3)}),
                ("it holds a list; expected a dict", [1, 2])):
            self.refused(sentence, pickle.dumps(content))
        with self.assertRaisesRegex(convert.ConvertError, "/nowhere.pkl: No such file"):
            convert.read_aist("/nowhere.pkl")


class Hostile(Folder):
    def test_calls(self):
        """Nothing that a pickle names is run."""
        witness = self.path("witness")
        for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
            for function, arguments, name in (
                    (os.system, (f"touch {witness}",), "system"), (eval, (f"open({witness!r}, 'w')",), "eval"),
                    (open, (witness, "w"), "open"), (np.load, (witness,), "load"), (np.fromfile, (witness,), "fromfile")):
                self.refused(f"it names .*{name}; only NumPy arrays", pickle.dumps({"a": Runs(function, *arguments)}, protocol=protocol))
        self.refused("it names collections.OrderedDict", pickle.dumps(collections.OrderedDict()))
        self.refused("it names momu.version", pickle.dumps({"a": momu.version}))
        self.assertFalse(os.path.exists(witness))

    def test_forged_dtypes(self):
        """A dtype of objects with raw bytes would make objects of addresses; none is made."""
        self.refused("elements are no plain numbers", pickle.dumps({"a": np.zeros(2, [("x", "O")])}))
        self.refused("an array of 'O8'|no plain numbers|an array of", pickle.dumps({"a": np.array([None, 1])}))
        self.refused("an array of", pickle.dumps({"a": np.array(["text"])}))
        good = pickle.dumps({"a": np.zeros(16)}, protocol=2)
        self.refused("an array of 'O8'", good.replace(b"f8", b"O8"))
        forged = pickle.dumps({"a": Runs(np.ndarray, (1 << 40,))})
        self.refused("an array without its content", forged)

    def test_shapes(self):
        good = pickle.dumps({"a": np.zeros((3, 5), np.uint8)}, protocol=4)
        self.assertEqual(read_pickle(self.path("good.pkl", good))["a"].shape, (3, 5))
        self.refused("an array of shape .* with 15 bytes", good.replace(b"K\x03K\x05", b"K\x03K\x06"))
        self.refused("an array of shape", good.replace(b"K\x03K\x05", b"J\xff\xff\xff\x7fK\x05"))
        self.refused("without its shape", good.replace(b"K\x03K\x05", b"J\xff\xff\xff\xffK\x05"))

    def test_bombs(self):
        """Lengths and memos beyond reason take no memory."""
        self.refused("its memo has an entry 2147483647", b"\x80\x02}r" + struct.pack("<I", 2**31 - 1) + b".")
        self.refused("no pickle", b"\x80\x04\x8e" + struct.pack("<Q", 2**60) + b"x.")
        self.refused("no pickle|names", b"\x80\x04X" + struct.pack("<I", 2**31 - 1) + b"x.")
        self.refused("nested|no pickle|it holds", b"(" * 100000 + b"l" * 100000 + b".")
        self.refused("outside the file", b"\x80\x02U\x01aQ.")
        self.refused("extension registry", b"\x80\x02\x82\x01.")
        deep = {}
        for _ in range(50):
            deep = {"a": deep}
        self.refused("nested more than 8 deep", pickle.dumps(deep))

    def test_size(self):
        path = self.path("large.pkl", b"")
        os.truncate(path, (1 << 30) + 1)  # holes: nothing is written
        with self.assertRaisesRegex(convert.ConvertError, "it has 1073741825 bytes; expected at most 1073741824"):
            convert.read_aist(path)

    def test_damage(self):
        """Every cut and many flipped bytes: an answer or a sentence, never anything else."""
        good = pickle.dumps(smpl(4), protocol=4)
        generator, kept = np.random.default_rng(1), 0
        for n in [*range(0, len(good), 7)]:
            self.refused("", good[:n])
        for _ in range(2000):
            content = bytearray(good)
            for place in generator.integers(0, len(good), 1 + generator.integers(3)):
                content[place] = generator.integers(256)
            try:
                convert.read_aist(self.path("flipped.pkl", bytes(content)))
                kept += 1
            except (convert.ConvertError, momu.Error) as error:
                self.assertTrue(str(error))
        self.assertGreater(kept, 0)

    def test_command(self):
        from momu.convert.__main__ import main
        with mock.patch("sys.stderr", io.StringIO()) as said:
            self.assertEqual(main(["aist", self.path("a.pkl", pickle.dumps({"a": Runs(os.getpid)})), "-o", self.path("a.bvh")]), 2)
            self.assertIn("getpid; only NumPy arrays of numbers are taken", said.getvalue())
        self.assertFalse(os.path.exists(self.path("a.bvh")))
        with mock.patch("sys.stdout", io.StringIO()) as said:
            self.assertEqual(main(["aist", self.path("a.pkl", pickle.dumps(smpl())), "-o", self.path("a.bvh")]), 0)
            self.assertIn("24 joints at 60 frames a second", said.getvalue())


class C3d(Folder):
    def test_without_ezc3d(self):
        with mock.patch.dict(sys.modules, {"ezc3d": None}), self.assertRaisesRegex(convert.ConvertError, "ezc3d, which is not installed"):
            convert.read_c3d("a.c3d")

    @unittest.skipUnless(ezc3d, "ezc3d is not installed")
    def test_markers(self):
        points = np.random.default_rng(1).uniform(0, 2000, (4, 3, 50))
        points[:3, 1, 7] = np.nan
        file = ezc3d.c3d()
        file["parameters"]["POINT"]["RATE"]["value"] = [120.0]
        file["parameters"]["POINT"]["UNITS"]["value"] = ["mm"]
        file["parameters"]["POINT"]["LABELS"]["value"] = ["Anna:LFHD", "RFHD", "head"]
        points[3] = 1
        file["data"]["points"] = points
        file.write(self.path("a.c3d"))
        motion = convert.read_c3d(self.path("a.c3d"))
        self.assertEqual((motion.fps, motion.joint_names, motion.frames, motion.kind), (120, ["LFHD", "RFHD", "head"], 50, "positions"))
        x, y, z = points[:3, 0, 3] / 1000
        np.testing.assert_allclose(motion.positions[3, 0], [x, z, -y], atol=1e-5)
        self.assertEqual((motion.confidence[7, 1], motion.confidence[7, 0]), (0, 1))

    @unittest.skipUnless(ezc3d, "ezc3d is not installed")
    def test_wrong(self):
        self.refused("no C3D file", b"not a C3D file at all" * 40, convert.read_c3d)
        with self.assertRaisesRegex(convert.ConvertError, "no such file"):
            convert.read_c3d("/nowhere.c3d")


if __name__ == "__main__":
    unittest.main()
