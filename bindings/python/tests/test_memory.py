"""Nothing is left behind: memory stands still over many rounds of use and misuse."""

import gc
import os
import unittest

import numpy as np

import momu

from .test_bad_input import OPTIONS
from .test_objects import skeleton

ROUNDS = int(os.environ.get("MOMU_TEST_ROUNDS", "300"))


def resident():
    """Bytes of memory that this process has."""
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


@unittest.skipUnless(os.path.exists("/proc/self/statm"), "there is no /proc here")
class Memory(unittest.TestCase):
    def steady(self, function, rounds=ROUNDS, slack=6 << 20):
        """Half the rounds to settle, half to measure."""
        for _ in range(rounds // 2):
            function()
        gc.collect()
        before = resident()
        for _ in range(rounds // 2):
            function()
        gc.collect()
        self.assertLess(resident() - before, slack)

    def test_objects(self):
        samples = np.zeros((50000, 2))  # 400 kB in the library: 60 MB in all if it leaked
        self.steady(lambda: momu.Audio(samples, 8000).samples[1:])

        def dance():
            with skeleton(2000) as motion:
                return motion.positions, motion.rotations

        self.steady(dance)

    def test_refused(self):
        bad = np.zeros((50000, 2))
        bad[-1] = np.nan

        def refuse():
            with self.assertRaises(momu.NumericError):
                momu.Audio(bad, 8000)

        self.steady(refuse)

    def test_models(self):
        def use():
            with momu.load() as model:
                return model.info

        self.steady(use, rounds=min(ROUNDS, 60))

    def test_generation(self):
        model = momu.load()

        def broken(*state):
            raise KeyError("mine")

        def use():
            model.joint(1, steps=1, threads=1)
            with self.assertRaises(momu.Cancelled):
                model.joint(1, steps=1, threads=1, progress=lambda *state: False)
            with self.assertRaises(KeyError):
                model.joint(1, steps=1, threads=1, progress=broken)
            for keywords, exception, _ in OPTIONS[:8]:
                with self.assertRaises(exception):
                    model.joint(**{"seconds": 1, **keywords})

        self.steady(use, rounds=min(ROUNDS, 40))


if __name__ == "__main__":
    unittest.main()
