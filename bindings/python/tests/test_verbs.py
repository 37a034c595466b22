"""The three methods of Model: what goes in, what comes out."""

import os
import tempfile
import unittest

import numpy as np

import momu


class Verbs(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.model = momu.load()

    def test_model(self):
        info = self.model.info
        self.assertEqual((info["preset"], info["sample_rate"]), ("tiny", 16000))
        self.assertGreater(info["parameters"], 0)
        self.assertIn("tiny", repr(self.model))
        self.assertEqual(momu.Model(os.environ["MOMU_MODEL"]).info, info)

    def test_round(self):
        audio, motion = self.model.joint(1, steps=2, seed=4, threads=1)
        self.assertEqual(motion.rotations.shape[1:], (22, 4))
        self.assertEqual((audio.info["seed"], motion.info["steps"]), (4, 2))
        self.assertEqual((audio.info["genre"], audio.info["genre_confidence"]), ("none", 0))
        again, _ = self.model.joint(seconds=1, steps=2, seed=4, threads=2)
        np.testing.assert_array_equal(audio.samples, again.samples)
        self.assertEqual(audio.info["beats_confidence"], 0)
        music = self.model.motion_to_music(motion, steps=1, genre="none", track_beats=False)
        self.assertEqual(music.info["tempo_used"], 0)
        self.assertLess(abs(music.seconds - motion.seconds), 0.064)
        self.assertEqual(music.samples.shape[1], 1)
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "dance.bvh")
            self.model.music_to_motion(music, steps=1, motion_fps=30).write(path)
            self.assertAlmostEqual(momu.Motion.read(path).fps, 30, places=3)

    def test_inputs(self):
        """A Motion, a path, an array, (array, fps); an Audio, a path, (samples, rate): the same result."""
        audio, motion = self.model.joint(1, steps=1)
        with tempfile.TemporaryDirectory() as folder:
            dance, song = os.path.join(folder, "dance.npz"), os.path.join(folder, "song.wav")
            motion.write(dance)
            audio.write(song)
            expected = self.model.motion_to_music(motion, steps=1).samples
            np.testing.assert_array_equal(self.model.motion_to_music(dance, steps=1).samples, expected)
            expected = self.model.music_to_motion(audio, steps=1).positions
            np.testing.assert_array_equal(self.model.music_to_motion((audio.samples, audio.rate), steps=1).positions, expected)
            self.assertEqual(self.model.music_to_motion(song, steps=1).positions.shape, expected.shape)

    def test_arrays(self):
        """(frames, 22, 3) is the canonical body, at 60 frames per second unless a tuple says otherwise."""
        _, motion = self.model.joint(1, steps=1)
        self.assertEqual(list(momu.BODY_JOINTS), motion.joint_names)
        points = np.array(motion.positions)
        expected = self.model.motion_to_music(momu.Motion(points, 60, names=motion.joint_names), steps=1).samples
        for given in (points, points.tolist(), (points, 60), (points, 60, motion.joint_names), (points, 60, None)):
            np.testing.assert_array_equal(self.model.motion_to_music(given, steps=1).samples, expected)
        slow = self.model.motion_to_music((points, 30), steps=1)
        self.assertAlmostEqual(slow.seconds, 2 * len(expected) / slow.rate, delta=0.1)
        names = momu.BODY_JOINTS[::-1]
        np.testing.assert_array_equal(self.model.motion_to_music((points[:, ::-1], 60, names), steps=1).samples, expected)

    def test_usual_keypoints(self):
        """14, 17 and 25 points have the names that motion files give them, in a picture and in space."""
        for joints in (14, 17, 25):
            flat, deep = (momu.Motion(np.zeros((2, joints, axes))) for axes in (2, 3))
            self.assertEqual(flat.joint_names, deep.joint_names)
            self.assertIn("left_wrist", flat.joint_names)
            self.assertEqual((flat.fps, flat.kind, deep.kind), (60, "keypoints", "positions"))

    def test_options(self):
        latent = np.zeros((16, self.model.info["latent_channels"]))
        silent, _ = self.model.joint(1, steps=1, music_noise=latent)
        same, _ = self.model.joint(1, steps=1, music_noise=np.asfortranarray(latent), seed=np.int64(0), tempo=None)
        np.testing.assert_array_equal(same.samples, silent.samples)
        _, free = self.model.joint(1, steps=1, foot_lock=False, motion_fps=np.float32(30))
        self.assertEqual(free.fps, 30)
        self.assertEqual(free.info["skate_before"], free.info["skate_after"])


if __name__ == "__main__":
    unittest.main()
