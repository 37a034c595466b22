"""What is wrong is refused with a sentence that names it, and leaves nothing behind."""

import os
import tempfile
import unittest

import numpy as np

import momu

from .test_objects import COCO, skeleton

GOOD = np.random.default_rng(1).random((10, COCO, 3))


def changed(array, place, value):
    array = np.array(array, dtype=float)
    array[place] = value
    return array


def identity(frames, joints):
    return np.tile([1.0, 0, 0, 0], (frames, joints, 1))


SOUNDS = [  # samples, rate, exception, sentence
    (np.zeros((2, 2, 2)), 8000, momu.ArgumentError, r"samples: the shape is \(2, 2, 2\); expected \(frames, channels\)"),
    (np.float32(0), 8000, momu.ArgumentError, "the shape is"),
    ([0.0, np.nan], 8000, momu.NumericError, "NaN"),
    ([0.0, np.inf], 8000, momu.NumericError, "frame 1|infinit"),
    ([1e300], 8000, momu.NumericError, "infinit|finite"),
    (np.int16([0, 1000]), 8000, momu.ArgumentError, "whole numbers up to 1000.*32768"),
    (np.zeros(4, complex), 8000, TypeError, "the array is of complex128; expected floats"),
    (["a", "b"], 8000, TypeError, "the array is of <U1"),
    ([None, 1.0], 8000, TypeError, "the array is of object"),
    ([[0.0], [0.0, 1.0]], 8000, (momu.ArgumentError, TypeError), "samples: "),
    (np.zeros(4, bool), 8000, TypeError, "the array is of bool"),
    ([0.0], "fast", TypeError, "rate is 'fast'"),
    ([0.0], None, TypeError, "rate is None"),
    ([0.0], 0, momu.ArgumentError, "rate"),
    ([0.0], float("nan"), momu.ArgumentError, "rate"),
    (np.zeros((1, 300)), 8000, momu.ArgumentError, "channels"),
]
POSITIONS = [  # keywords of Motion, exception, sentence
    ({"positions": np.zeros((3, 4))}, momu.ArgumentError, r"positions: the shape is \(3, 4\)"),
    ({"positions": np.zeros((3, COCO, 4))}, momu.ArgumentError, r"the shape is \(3, 17, 4\)"),
    ({"positions": np.zeros((0, COCO, 3))}, momu.ArgumentError, "frames"),
    ({"positions": np.zeros((1, 600, 3), np.float32), "names": [str(i) for i in range(600)]}, momu.ArgumentError, "joints"),
    ({"positions": changed(GOOD, (3, 2, 1), np.nan)}, momu.NumericError, "frame 3"),
    ({"positions": GOOD, "fps": 0}, momu.ArgumentError, "fps"),
    ({"positions": GOOD, "fps": "60"}, TypeError, "fps is '60'"),
    ({"positions": np.zeros((4, 24, 3))}, momu.ArgumentError, r"names: none were given for 24 joints, .* 22 \(the body\), 14, 17"),
    ({"positions": np.zeros((4, 22, 2))}, momu.ArgumentError, "names: none were given for 22 joints, and only 14, 17"),
    ({"positions": GOOD, "names": ["a"]}, momu.ArgumentError, "names: there are 1; expected one for each of 17 joints"),
    ({"positions": GOOD, "names": [1] * COCO}, TypeError, "a joint name is 1"),
    ({"positions": GOOD, "names": ["a\0b"] * COCO}, momu.ArgumentError, "NUL"),
    ({"positions": GOOD, "confidence": np.ones((10, 3))}, momu.ArgumentError, r"confidence: the shape is \(10, 3\); expected \(frames, "),
    ({"positions": GOOD, "confidence": np.full((10, COCO), 2.0)}, momu.ArgumentError, "confidence"),
    ({"positions": np.zeros((4, COCO, 3), "datetime64[s]")}, TypeError, "datetime64"),
]
SKELETONS = [
    ({"rotations": np.zeros((10, 3, 3))}, momu.ArgumentError, r"rotations: the shape is \(10, 3, 3\)"),
    ({"rotations": np.zeros((10, 3, 4))}, momu.Error, "frame 0"),
    ({"rotations": changed(identity(10, 3), (4, 1, 0), np.nan)}, momu.NumericError, "frame 4"),
    ({"root": np.zeros((9, 3))}, momu.ArgumentError, r"root: the shape is \(9, 3\); expected \(frames, 3\) = \(10, 3\)"),
    ({"parents": [-1, 0]}, momu.ArgumentError, "parents"),
    ({"parents": [-1.0, 0.0, 1.0]}, TypeError, "parents: .*whole numbers"),
    ({"parents": [-1, 2, 1]}, momu.ArgumentError, "parent"),
    ({"offsets": np.zeros((3, 2))}, momu.ArgumentError, "offsets"),
    ({"names": "abc"}, momu.ArgumentError, "names"),
]
OPTIONS = [
    ({"colour": "red"}, TypeError, "unexpected keyword argument 'colour'"),
    ({"energy_count": 3}, TypeError, "unexpected keyword argument 'energy_count'"),
    ({"sampler": "euler"}, momu.ArgumentError, "there is no sampler 'euler'; expected one of dpm-solver\\+\\+, ddim"),
    ({"foot_lock": "yes"}, TypeError, "foot_lock is 'yes'; expected True or False"),
    ({"steps": 1.5}, TypeError, "steps is 1.5; expected a whole number"),
    ({"steps": 2**40}, momu.ArgumentError, "steps is"),
    ({"steps": -1}, momu.ArgumentError, "steps"),
    ({"seed": -1}, momu.ArgumentError, "seed is -1"),
    ({"guidance_music": "much"}, TypeError, "guidance_music is 'much'"),
    ({"guidance_music": float("nan")}, momu.ArgumentError, "guidance_music"),
    ({"seconds": -1}, momu.ArgumentError, "seconds"),
    ({"genre": "polka"}, momu.ArgumentError, "there is no genre 'polka'; expected one of house"),
    ({"genre": "house"}, momu.UnsupportedError, "genre"),
    ({"threads": 0}, momu.ArgumentError, "threads is 0"),
    ({"threads": "all"}, momu.ArgumentError, "threads is 'all'"),
    ({"music_noise": np.zeros((3, 3))}, momu.ArgumentError, "music_noise"),
    ({"inpainting_audio": 3}, TypeError, "inpainting_audio is 3"),
    ({"inpainting_audio": ((np.zeros(16000), 16000), [1, 2])}, momu.ArgumentError, "the spans have the shape"),
    ({"progress": 3}, TypeError, "progress is 3; expected a callable"),
]


class Refused(unittest.TestCase):
    def check(self, function, exception, sentence):
        with self.assertRaisesRegex(exception, sentence) as caught:
            function()
        if isinstance(caught.exception, momu.Error):
            self.assertGreater(caught.exception.status, 0)

    def test_sounds(self):
        for samples, rate, exception, sentence in SOUNDS:
            with self.subTest(sentence=sentence):
                self.check(lambda: momu.Audio(samples, rate), exception, sentence)

    def test_positions(self):
        for keywords, exception, sentence in POSITIONS:
            with self.subTest(sentence=sentence):
                self.check(lambda: momu.Motion(**keywords), exception, sentence)

    def test_skeletons(self):
        for keywords, exception, sentence in SKELETONS:
            with self.subTest(sentence=sentence):
                self.check(lambda: skeleton(**keywords), exception, sentence)

    def test_options(self):
        with momu.load() as model:
            for keywords, exception, sentence in OPTIONS:
                with self.subTest(sentence=sentence):
                    self.check(lambda: model.joint(**{"seconds": 1, "steps": 1, **keywords}), exception, sentence)
            self.assertGreater(len(model.joint(1, steps=1)[0].samples), 0)

    def test_inputs(self):
        with momu.load() as model:
            for value in (3, None, object(), (1, 2, 3)):
                self.check(lambda: model.motion_to_music(value), TypeError, "the motion is a .*expected a Motion")
                self.check(lambda: model.music_to_motion(value), TypeError, "the sound is a .*expected an Audio")
            self.check(lambda: model.music_to_motion(skeleton()), TypeError, "the sound is a Motion")
            self.check(lambda: model.motion_to_music(skeleton(60)), momu.UnsupportedError, "joint|hip|knee|body")

    def test_files(self):
        with tempfile.TemporaryDirectory() as folder:
            junk = os.path.join(folder, "junk.bvh")
            with open(junk, "wb") as file:
                file.write(b"\x00\xff" * 40)
            self.check(lambda: momu.Audio.read(junk), momu.FormatError, "junk.bvh")
            self.check(lambda: momu.Motion.read(junk), momu.FormatError, "junk.bvh")
            self.check(lambda: momu.load(junk), momu.FormatError, "junk.bvh")
            self.check(lambda: momu.Audio([0.0], 8000).write(os.path.join(folder, "a.xyz")), momu.UnsupportedError, "xyz")
            self.check(lambda: momu.Audio([0.0], 8000).write(os.path.join(folder, "no", "a.wav")), momu.FileError, "a.wav")
            self.check(lambda: skeleton().write(os.path.join(folder, "a.bvh"), fps=-1), momu.ArgumentError, "fps|rate")
            self.assertEqual(os.listdir(folder), ["junk.bvh"])
        self.check(lambda: momu.Audio.read("/nowhere.wav"), momu.NotFoundError, "/nowhere.wav")
        self.check(lambda: momu.load("/nowhere"), FileNotFoundError, "/nowhere")
        self.check(lambda: momu.Audio.read("a\0b"), momu.ArgumentError, "NUL")
        self.check(lambda: momu.Audio.read(3), TypeError, "")

    def test_failed_objects_are_closed(self):
        """What __init__ refused can still be looked at and thrown away."""
        made = momu.Audio.__new__(momu.Audio)
        with self.assertRaises(momu.NumericError):
            made.__init__([np.nan], 8000)
        self.assertTrue(made.closed)


if __name__ == "__main__":
    unittest.main()
