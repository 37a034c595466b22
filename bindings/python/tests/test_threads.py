"""Other threads, progress, and Ctrl-C."""

import os
import signal
import subprocess
import sys
import threading
import time
import unittest

import numpy as np

import momu

INTERRUPTED = """
import signal, sys, time, momu
model = momu.load()
print("ready", flush=True)
def progress(stage, done, total):
    print("stage", flush=True)
try:
    model.joint(60, steps=1000, progress=progress if {progress} else None)
except KeyboardInterrupt:
    print("interrupted", flush=True)
audio, motion = model.joint(1, steps=1, seed=4)
print("fit", len(audio.samples), motion.frames, flush=True)
"""


class Threads(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.model = momu.load()

    def test_other_threads_run(self):
        """The GIL is free: another Python thread goes on during a call."""
        ticks, stop = [0], threading.Event()

        def tick():
            while not stop.is_set():
                ticks[0] += 1
                time.sleep(0.001)

        def busy_in_c(function):
            before = ticks[0]
            function()
            return ticks[0] - before

        thread = threading.Thread(target=tick)
        thread.start()
        try:
            self.assertGreater(busy_in_c(lambda: self.model.joint(5, steps=20)), 3)
            counts = []
            other = threading.Thread(target=lambda: counts.append(busy_in_c(lambda: self.model.joint(5, steps=20))))
            other.start()
            other.join()
            self.assertGreater(counts[0], 3)
        finally:
            stop.set()
            thread.join()

    def test_same_result_everywhere(self):
        """Several threads share a model; the main thread and others give the same bytes."""
        expected = self.model.joint(1, steps=2, seed=4)[0].samples
        results = []
        threads = [threading.Thread(target=lambda n=n: results.append(self.model.joint(1, steps=2, seed=4, threads=n)[0].samples))
                   for n in (1, 2, 1, 2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(len(results), 4)
        for samples in results:
            np.testing.assert_array_equal(samples, expected)

    def test_closed_while_in_use(self):
        """A model, a sound that are closed while another thread generates with them live until the call is over."""
        model, results = momu.load(), []
        song = momu.Audio(np.random.default_rng(1).uniform(-0.1, 0.1, 32000), 16000)
        begun = threading.Event()

        def generate():
            results.append(model.music_to_motion(song, steps=20, progress=lambda *state: begun.set()).positions)

        thread = threading.Thread(target=generate)
        thread.start()
        self.assertTrue(begun.wait(30))
        model.close()
        song.close()
        thread.join()
        self.assertTrue(np.isfinite(results[0]).all())
        with self.assertRaises(momu.ClosedError):
            model.joint(1)

    def test_fork(self):
        """A child of a process that has generated can generate: it takes contexts of its own."""
        self.model.joint(1, steps=1)
        child = os.fork()
        if child == 0:
            try:
                os._exit(0 if len(momu.Audio([0.0] * 10, 8000).samples) == 10 else 1)
            finally:
                os._exit(2)
        self.assertEqual(os.waitpid(child, 0)[1], 0)


class Progress(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.model = momu.load()

    def everywhere(self, function):
        """Runs it in the main thread and in another."""
        function()
        failed = []

        def run():
            try:
                function()
            except BaseException as error:
                failed.append(error)

        thread = threading.Thread(target=run)
        thread.start()
        thread.join()
        if failed:
            raise failed[0]

    def test_stages(self):
        def run():
            seen, where = [], set()

            def progress(*state):
                seen.append(state)
                where.add(threading.get_ident())

            self.model.joint(1, steps=3, progress=progress)
            self.assertEqual(where, {threading.get_ident()})
            self.assertIn("sampling", [stage for stage, _, _ in seen])
            self.assertTrue(all(0 <= done <= total for _, done, total in seen))

        self.everywhere(run)

    def test_stop(self):
        def run():
            with self.assertRaises(momu.Cancelled) as caught:
                self.model.joint(1, steps=2, progress=lambda *state: False)
            self.assertEqual(caught.exception.status, 7)
            with self.assertRaises(momu.Cancelled):
                self.model.joint(1, steps=2, threads=np.int64(1), progress=lambda *state: np.bool_(False))
            self.model.joint(1, steps=2, progress=lambda *state: 0)  # False alone stops

        self.everywhere(run)

    def test_raises(self):
        def broken(*state):
            raise KeyError("mine")

        def run():
            with self.assertRaisesRegex(KeyError, "mine"):
                self.model.joint(1, steps=2, progress=broken)
            with self.assertRaises(TypeError):  # too few parameters
                self.model.joint(1, steps=2, progress=lambda: None)
            self.model.joint(1, steps=1)

        self.everywhere(run)

    def test_nested(self):
        """A progress callable may use the library itself."""
        made = []

        def progress(*state):
            if not made:
                made.append(self.model.joint(1, steps=1, seed=1)[0].seconds)

        self.model.joint(1, steps=1, progress=progress)
        self.assertEqual(len(made), 1)

    def test_bar(self):
        log = []

        class Bar:
            def __init__(self, total, desc, **options):
                log.append([desc, total, 0, options, False])

            def update(self, count):
                log[-1][2] += count

            def close(self):
                log[-1][4] = True

        self.model.joint(1, steps=3, progress=momu.bar(Bar, leave=False))
        self.assertIn("sampling", [desc for desc, *_ in log])
        for desc, total, done, options, closed in log:
            self.assertEqual((done, options, closed), (total, {"leave": False}, True), desc)


ANY_MOMENT = """
import os, random, signal, threading, momu
model, generated, source = momu.load(), 0, random.Random(1)
for i in range(30):
    timer = threading.Timer(source.uniform(0, 0.05), os.kill, (os.getpid(), signal.SIGINT))
    try:
        timer.start()
        model.joint(1, steps=1000, progress=(lambda *state: None) if i % 2 else None)
    except KeyboardInterrupt:
        generated += 1
    timer.join()
    assert len(model.joint(0.5, steps=1)[0].samples) > 0
print(generated, threading.active_count())
"""
AT_THE_END = """
import momu
model = momu.load()
audio, motion = model.joint(1, steps=1)
view = motion.positions
momu.keep = audio.samples
"""


class TheEnd(unittest.TestCase):
    def test_silent(self):
        """Models, views and contexts that are alive when the interpreter ends say nothing."""
        done = subprocess.run([sys.executable, "-c", AT_THE_END], capture_output=True, text=True)
        self.assertEqual((done.returncode, done.stderr), (0, ""))


class Interrupt(unittest.TestCase):
    def interrupted(self, progress, wait_for):
        with subprocess.Popen([sys.executable, "-c", INTERRUPTED.format(progress=progress)], stdout=subprocess.PIPE, text=True,
                              env={**os.environ, "PYTHONUNBUFFERED": "1"}) as process:
            try:
                while process.stdout.readline().strip() != wait_for:
                    self.assertIsNone(process.poll())
                time.sleep(0.2)
                began = time.monotonic()
                process.send_signal(signal.SIGINT)
                while (line := process.stdout.readline().strip()) == "stage":
                    pass
                seconds = time.monotonic() - began
                self.assertEqual(line, "interrupted")
                self.assertRegex(process.stdout.readline(), r"^fit [1-9]\d* [1-9]\d*$")
                self.assertEqual(process.wait(60), 0)
            finally:
                process.kill()
        self.assertLess(seconds, 3)

    def test_between_callbacks(self):
        self.interrupted(False, "ready")

    def test_with_progress(self):
        self.interrupted(True, "stage")

    def test_any_moment(self):
        """Before, within and after what C does; with and without progress. What follows goes well, and no thread is left."""
        done = subprocess.run([sys.executable, "-c", ANY_MOMENT], capture_output=True, text=True, timeout=120)
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "30 1\n", ""))


if __name__ == "__main__":
    unittest.main()
