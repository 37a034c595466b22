"""What a notebook shows: a player with the sound inside, and a picture that holds as many dancers and beats as there are."""

import base64
import io
import re
import unittest
import wave
import xml.etree.ElementTree as xml
from unittest import mock

import numpy as np

import momu
from momu import _html

SVG = "{http://www.w3.org/2000/svg}"


def clicks(seconds=8, rate=16000, channels=1):
    """120 beats per minute."""
    samples = np.zeros((seconds * rate, channels))
    for beat in range(2 * seconds):
        samples[beat * rate // 2:beat * rate // 2 + 400] = np.random.default_rng(beat).uniform(-0.5, 0.5, (400, 1))
    return momu.Audio(samples, rate)


def played(page):
    """(frames, channels) of the WAV in the page, and its rate."""
    data = base64.b64decode(re.search(r'src="data:audio/wav;base64,([^"]*)"', page)[1], validate=True)
    with wave.open(io.BytesIO(data)) as file:
        samples = np.frombuffer(file.readframes(file.getnframes()), "<i2").reshape(-1, file.getnchannels()) / 32767
        return samples, file.getframerate()


def strokes(page):
    """{colour: its lines, each a list of points} of the picture in the page, which must be well-formed."""
    found = {}
    for path in xml.fromstring(re.search(r"<svg.*</svg>", page)[0]).iter(SVG + "path"):
        lines = [[tuple(map(float, point.split())) for point in line.split("L")] for line in path.get("d").split("M")[1:]]
        found.setdefault(path.get("stroke"), []).extend(lines)
    return found


class Shown(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.pair = momu.load().joint(4, seed=1, steps=1)

    def test_sound(self):
        song = clicks()
        page = song._repr_html_()
        samples, rate = played(page)
        self.assertEqual(rate, 16000)
        np.testing.assert_allclose(samples, song.samples, atol=1 / 32000)
        self.assertEqual(len(strokes(page)[_html.MUSIC_BEAT_COLOUR]), len(song.beats().times))
        self.assertIn(f"{song.beats().tempo:.1f} beats per minute", page)
        self.assertNotIn("The player has the first", page)

    def test_beats_are_where_they_are(self):
        song = clicks()
        times = song.beats().times
        xs = [line[0][0] for line in strokes(song._repr_html_())[_html.MUSIC_BEAT_COLOUR]]
        inner = _html.WIDTH - 2 * _html.MARGIN
        np.testing.assert_allclose(xs, _html.MARGIN + times / song.seconds * inner, atol=0.06)

    def test_long_sound_is_cut(self):
        with mock.patch.object(_html, "WAV_BYTES", 32000):
            page = clicks(2)._repr_html_()
        self.assertEqual(len(played(page)[0]), 16000)
        self.assertIn("The player has the first 1.0 s of 2.0 s", page)

    def test_channels(self):
        self.assertEqual(played(clicks(1, channels=2)._repr_html_())[0].shape, (16000, 2))
        self.assertEqual(played(clicks(1, channels=5)._repr_html_())[0].shape, (16000, 1))

    def test_loud_sound_is_clipped(self):
        samples, _ = played(momu.Audio(np.float32([2, -2, 0.5]), 8000)._repr_html_())
        np.testing.assert_allclose(samples[:, 0], [1, -1, 0.5], atol=1e-4)

    def test_dance(self):
        dance = self.pair.motion
        lines = strokes(dance._repr_html_())
        self.assertEqual(len(lines["currentColor"]), _html.DANCERS * 21)  # bones of 22 joints
        self.assertEqual(len(lines.get(_html.DANCE_BEAT_COLOUR, [])), len(dance.beats().times))
        points = np.array(lines["currentColor"]).reshape(-1, 2)
        self.assertGreater(np.ptp(points[:, 1]), _html.DANCER_HEIGHT / 4)
        self.assertTrue((points >= 0).all() and (points[:, 0] <= _html.WIDTH).all() and (points[:, 1] <= _html.DANCER_HEIGHT).all())

    def test_head_is_up(self):
        """Y is up in space and down in a picture; both dancers stand upright on the page."""
        body = np.zeros((30, 22, 3))
        body[:, momu.BODY_JOINTS.index("head"), 1] = 1.7
        body[:, momu.BODY_JOINTS.index("neck"), 1] = 1.5
        flat = np.zeros((30, 14, 2))
        names = momu.Motion(flat).joint_names
        flat[:, :, 1] = 200
        flat[:, names.index("nose"), 1] = 20
        flat[:, names.index("neck"), 1] = 40
        for motion in (momu.Motion(body), momu.Motion(flat)):
            ys = np.array(strokes(motion._repr_html_())["currentColor"])[:, :, 1]
            self.assertLess(ys.min(), 10)
            self.assertGreater(ys.max(), _html.DANCER_HEIGHT - 10)

    def test_unseen_joints_are_left_out(self):
        points = np.random.default_rng(1).random((40, 17, 2))
        whole = strokes(momu.Motion(points)._repr_html_())["currentColor"]
        confidence = np.ones((40, 17))
        confidence[:, 9] = 0  # the left wrist: one bone
        part = strokes(momu.Motion(points, confidence=confidence)._repr_html_())["currentColor"]
        self.assertEqual(len(part), len(whole) - _html.DANCERS)
        nothing = momu.Motion(points, confidence=np.zeros((40, 17)))._repr_html_()
        self.assertNotIn("currentColor", strokes(nothing))

    def test_unknown_joints_are_points(self):
        lines = strokes(momu.Motion(np.random.default_rng(1).random((40, 3, 3)), 30, ["a", "b", "c"])._repr_html_())
        self.assertEqual(len(lines["currentColor"]), _html.DANCERS * 3)

    def test_one_frame(self):
        self.assertEqual(len(strokes(momu.Motion(np.zeros((1, 17, 2)))._repr_html_())["currentColor"]), 12)  # bones of COCO

    def test_pair(self):
        audio, motion = self.pair
        self.assertEqual((self.pair[0], self.pair.motion, self.pair.info), (audio, motion, motion.info))
        page = momu.Pair(clicks(8), motion)._repr_html_()  # a song twice as long: the dance ends in the middle
        lines = strokes(page)
        xs = np.array(lines["currentColor"])[:, :, 0]
        self.assertLess(xs.max(), _html.WIDTH * 0.55)
        self.assertIn(_html.SOUND_COLOUR, lines)
        self.assertEqual(len(played(page)[0]), 8 * 16000)
        self.assertIn("Motion(", page)

    def test_closed(self):
        song = clicks(1)
        page = momu.Pair(song, self.pair.motion)
        song.close()
        self.assertIn("Audio(closed)", song._repr_html_())
        self.assertNotIn("<audio", page._repr_html_())
        self.assertIn("<svg", page._repr_html_())


if __name__ == "__main__":
    unittest.main()
