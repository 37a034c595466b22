"""README.md's Python blocks run, in their order, in one go."""

import contextlib
import io
import os
import re
import tempfile
import unittest

README = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "README.md")


class Readme(unittest.TestCase):
    def test_blocks(self):
        with open(README, encoding="utf-8") as file:
            text = file.read()
        found = re.finditer(r"^```python\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
        blocks = [(text.count("\n", 0, block.start(1)), block[1]) for block in found]
        self.assertGreaterEqual(len(blocks), 5)
        names, said, before = {}, io.StringIO(), os.getcwd()
        with tempfile.TemporaryDirectory() as folder:
            os.chdir(folder)
            try:
                for line, block in blocks:
                    with contextlib.redirect_stdout(said):
                        exec(compile("\n" * line + block, "README.md", "exec"), names)
            finally:
                os.chdir(before)
        for sentence in ("sampling", "7 ", "nowhere.bvh", "this Model was closed", "pelvis"):
            self.assertIn(sentence, said.getvalue())


if __name__ == "__main__":
    unittest.main()
