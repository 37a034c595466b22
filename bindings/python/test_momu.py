"""Run by `python -m unittest` with MOMU_LIBRARY and MOMU_MODEL set; tests/e2e/python.sh does."""

import os
import tempfile
import threading
import unittest

import numpy as np

import momu

COCO = 17


class Objects(unittest.TestCase):
    def test_audio(self):
        samples = np.linspace(-0.5, 0.5, 2000).reshape(1000, 2)
        audio = momu.Audio(samples, 8000)
        self.assertEqual(audio.rate, 8000)
        np.testing.assert_allclose(audio.samples, samples, atol=1e-7)

    def test_view_outlives_handle(self):
        view = momu.Audio(np.full(100, 0.25), 8000).samples
        self.assertTrue((view == 0.25).all())
        with self.assertRaises(ValueError):
            view[0] = 1

    def test_errors(self):
        with self.assertRaisesRegex(momu.Error, "/nowhere.wav") as caught:
            momu.Audio.read("/nowhere.wav")
        self.assertEqual(caught.exception.status, 9)
        with self.assertRaisesRegex(momu.Error, "NaN"):
            momu.Audio([np.nan], 8000)
        with self.assertRaises(ValueError):
            momu.Motion(np.zeros((3, 4)), 30)

    def test_keypoints(self):
        motion = momu.Motion(np.random.default_rng(1).random((30, COCO, 2)), 30)
        self.assertEqual(motion.joint_names[0], "nose")
        self.assertEqual(motion.positions.shape, (30, COCO, 2))
        self.assertIsNone(motion.rotations)


class Verbs(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.model = momu.Model()

    def test_round(self):
        audio, motion = self.model.joint(seconds=1, steps=2, seed=4, threads=1)
        self.assertEqual(motion.rotations.shape[1:], (22, 4))
        self.assertEqual(audio.info["seed"], 4)
        again, _ = self.model.joint(seconds=1, steps=2, seed=4, threads=2)
        np.testing.assert_array_equal(audio.samples, again.samples)
        music = self.model.motion_to_music(motion, steps=1)
        self.assertLess(abs(music.seconds - motion.seconds), 0.064)
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "dance.bvh")
            self.model.music_to_motion(music, steps=1, motion_fps=30).write(path)
            self.assertAlmostEqual(momu.Motion.read(path).fps, 30, places=3)

    def test_progress(self):
        seen = []
        self.model.joint(seconds=1, steps=2, progress=lambda *state: seen.append(state))
        self.assertIn("sampling", [stage for stage, _, _ in seen])
        with self.assertRaises(momu.Cancelled):
            self.model.joint(seconds=1, steps=2, progress=lambda *state: False)

        def broken(*state):
            raise KeyError("mine")

        with self.assertRaises(KeyError):
            self.model.joint(seconds=1, steps=2, progress=broken)

    def test_options(self):
        with self.assertRaises(TypeError):
            self.model.joint(colour="red")
        with self.assertRaises(momu.Error):
            self.model.joint(seconds=1, genre="house")
        noise = np.zeros((16, self.model.info["latent_channels"]))
        audio, _ = self.model.joint(seconds=1, steps=1, music_noise=noise)
        self.assertGreater(len(audio.samples), 0)

    def test_threads(self):
        """Other Python threads run during a call."""
        ticks, stop = [0], threading.Event()

        def tick():
            while not stop.wait(0.001):
                ticks[0] += 1

        thread = threading.Thread(target=tick)
        thread.start()
        self.model.joint(seconds=5, steps=20)
        stop.set()
        thread.join()
        self.assertGreater(ticks[0], 3)


if __name__ == "__main__":
    unittest.main()
