"""Sound and motion: arrays in, views out, files, and handles that end in time."""

import copy
import gc
import os
import tempfile
import unittest

import numpy as np

import momu

COCO = 17
SKELETON = {"parents": [-1, 0, 1], "offsets": [[0, 0, 0], [0, 0.5, 0], [0, 0.4, 0]], "fps": 30, "names": ["hips", "spine", "head"]}


def skeleton(frames=10, **changes):
    rotations = np.zeros((frames, 3, 4))
    rotations[..., 0] = 1
    return momu.Motion.from_rotations(**{"rotations": rotations, "root": np.tile([0.0, 1.0, 0.0], (frames, 1)), **SKELETON, **changes})


class Sound(unittest.TestCase):
    def test_arrays(self):
        samples = np.linspace(-0.5, 0.5, 2000).reshape(1000, 2)
        audio = momu.Audio(samples, 8000)
        self.assertEqual((audio.rate, audio.seconds, audio.samples.dtype), (8000, 0.125, np.float32))
        np.testing.assert_allclose(audio.samples, samples, atol=1e-7)

    def test_layouts(self):
        """Fortran order, strides, other types and byte orders are copied to what C needs."""
        samples = np.random.default_rng(1).uniform(-1, 1, (60, 2)).astype(np.float32)
        wide = np.zeros((120, 4), np.float32)
        wide[::2, ::2] = samples
        for given in (samples, np.asfortranarray(samples), wide[::2, ::2], samples[::-1][::-1], samples.astype(">f4"),
                      samples.astype(">f8"), samples.tolist()):
            np.testing.assert_array_equal(momu.Audio(given, 8000).samples, samples)
        np.testing.assert_array_equal(momu.Audio(np.int8([0, 1, -1]), 8000).samples[:, 0], [0, 1, -1])
        self.assertEqual(momu.Audio(np.zeros((0, 2)), 8000).samples.shape, (0, 2))

    def test_views(self):
        audio = momu.Audio(np.full(100, 0.25), 8000)
        view = audio.samples
        self.assertEqual(view.ctypes.data, audio.samples.ctypes.data)  # no copy
        part = view[10:20, 0]
        audio.close()
        del audio, view
        gc.collect()
        others = [momu.Audio(np.full(100, 0.5), 8000) for _ in range(20)]
        self.assertTrue((part == 0.25).all() and len(others) == 20)
        with self.assertRaises(ValueError):
            part[0] = 1
        with self.assertRaises(ValueError):
            part.flags.writeable = True

    def test_files(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "tön.wav")
            momu.Audio(np.linspace(-0.5, 0.5, 8000), 8000).write(path, rate=16000)
            self.assertEqual(momu.Audio.read(path).rate, 16000)

    def test_beats(self):
        samples = np.zeros(16000 * 8)
        for beat in range(16):
            samples[beat * 8000:beat * 8000 + 400] = np.random.default_rng(beat).uniform(-0.5, 0.5, 400)
        found = momu.Audio(samples, 16000).beats()
        self.assertAlmostEqual(found.tempo, 120, delta=2)
        self.assertTrue((np.diff(found.times) > 0).all())
        self.assertEqual(found.tracker, "dynamic programming")
        self.assertEqual(momu.Audio(np.zeros(16000), 16000).beats().tempo, 0)


class Dance(unittest.TestCase):
    def test_keypoints(self):
        points = np.random.default_rng(1).random((30, COCO, 2))
        motion = momu.Motion(points, 30, confidence=np.ones((30, COCO)))
        self.assertEqual((motion.joint_names[0], motion.kind, motion.fps, motion.frames), ("nose", "keypoints", 30, 30))
        np.testing.assert_array_equal(motion.positions, points.astype(np.float32))
        self.assertEqual((motion.rotations, motion.root, motion.offsets), (None, None, None))
        self.assertEqual(motion.confidence.shape, (30, COCO))

    def test_skeleton(self):
        motion = skeleton()
        self.assertEqual((motion.joint_names, motion.parents.tolist(), motion.kind), (SKELETON["names"], [-1, 0, 1], "joints"))
        np.testing.assert_allclose(motion.positions[3], [[0, 1, 0], [0, 1.5, 0], [0, 1.9, 0]], atol=1e-6)
        np.testing.assert_allclose(motion.root[0], [0, 1, 0])
        np.testing.assert_allclose(motion.offsets, SKELETON["offsets"])
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "dance.bvh")
            motion.write(path, fps=60)
            self.assertAlmostEqual(momu.Motion.read(path).fps, 60, places=3)


class Interchange(unittest.TestCase):
    """The dance for other programs, and on other characters."""

    @classmethod
    def setUpClass(cls):
        _, cls.dance = momu.load().joint(1, seed=1, steps=1)

    def test_targets(self):
        with tempfile.TemporaryDirectory() as folder:
            for extension, target, first in ((".bvh", "unity", "Hips"), (".glb", "unreal", "pelvis"), (".glb", "maya", "Hips")):
                path = os.path.join(folder, "dance" + extension)
                self.dance.write(path, target=target, root="extracted")
                back = momu.Motion.read(path)
                self.assertEqual(back.joint_names[0], first)
                pelvis = np.asarray(self.dance.positions[:, 0])
                np.testing.assert_allclose(back.positions[:, 0], pelvis, atol=1e-4)
            self.dance.write(os.path.join(folder, "smpl.npz"), target="smpl")
            with np.load(os.path.join(folder, "smpl.npz")) as arrays:
                self.assertEqual(arrays["poses"].shape, (self.dance.frames, 72))

    def test_refused(self):
        for keywords, words in (({"target": "godot"}, "target is 'godot'; expected one of none, blender"), ({"root": "gone"}, "root is 'gone'")):
            with self.assertRaisesRegex(momu.ArgumentError, words):
                self.dance.write("x.bvh", **keywords)
        with self.assertRaisesRegex(momu.UnsupportedError, "for unity"):
            self.dance.write("x.npz", target="unity")

    def test_retarget(self):
        other = self.dance.retarget(self.dance)
        self.assertEqual(other.joint_names, self.dance.joint_names)
        self.assertEqual(other.frames, self.dance.frames)
        bones = np.linalg.norm(other.positions[:, 1:] - other.positions[:, other.parents[1:]], axis=2)
        np.testing.assert_allclose(bones, np.broadcast_to(np.linalg.norm(self.dance.offsets[1:], axis=1), bones.shape), atol=1e-4)
        with self.assertRaisesRegex(momu.UnsupportedError, "upright|no joint"):
            self.dance.retarget(skeleton())


class Ends(unittest.TestCase):
    def test_closed(self):
        for made, uses in ((momu.Audio([0.0], 8000), ("samples", "rate", "seconds", "beats", "write")),
                           (skeleton(), ("positions", "rotations", "fps", "joint_names", "parents", "beats", "write")),
                           (momu.load(), ("info", "joint"))):
            with made as same:
                self.assertIs(same, made)
                self.assertFalse(made.closed)
            made.close()
            self.assertTrue(made.closed)
            self.assertIn("closed", repr(made))
            for use in uses:
                with self.assertRaisesRegex(momu.ClosedError, f"this {type(made).__name__} was closed"):
                    found = getattr(made, use)
                    found("x.wav") if use == "write" else found()
            with self.assertRaises(momu.ClosedError), made:
                pass

    def test_closed_input(self):
        with momu.Audio(np.zeros(16000), 16000) as audio:
            pass
        with self.assertRaisesRegex(momu.ClosedError, "this Audio was closed"):
            momu.load().music_to_motion(audio)

    def test_no_copies_of_handles(self):
        with self.assertRaisesRegex(TypeError, "cannot be pickled"):
            copy.copy(momu.Audio([0.0], 8000))

    def test_version(self):
        self.assertRegex(momu.version(), r"^\d+\.\d+\.\d+$")
        self.assertEqual(momu.backend, os.environ.get("MOMU_BACKEND", "ctypes"))


if __name__ == "__main__":
    unittest.main()
