"""The keywords of the three methods of Model: typed one by one, each with its unit, and none of the library's options forgotten."""

import ast
import inspect
import os
import unittest

import momu
from momu import _keywords, _options, _verbs
from momu._backend import native


class Keywords(unittest.TestCase):
    def test_every_field_has_one(self):
        """Each field of momu_generate_options is a keyword, belongs to one (lengths and spans), or is hidden on purpose."""
        fields = native.fields(native.struct("momu_generate_options"))
        served = set(_options.HIDDEN)
        for one in _keywords.KEYWORDS:
            served.add(one.field)
            if one.kind in ("curve", "noise"):
                served.add(_options.count_field(fields, one.field))
            if one.kind.startswith("inpainting"):
                served |= {one.field + "_spans", one.field + "_span_count"}
        self.assertEqual(served, set(fields))
        self.assertEqual(len(_keywords.KEYWORD), len(_keywords.KEYWORDS))

    def test_the_methods_are_made_from_the_table(self):
        with open(_verbs.__file__, encoding="utf-8") as file:
            self.assertEqual(file.read(), _keywords.verbs(), "make it anew: python momu/_keywords.py > momu/_verbs.py")

    def test_signatures(self):
        """What an editor sees: every keyword by name, with a type and a line of its own; no **keywords."""
        for verb in _keywords.VERBS:
            method = getattr(momu.Model, verb.name)
            parameters = inspect.signature(method).parameters
            self.assertNotIn(inspect.Parameter.VAR_KEYWORD, {one.kind for one in parameters.values()})
            for name, parameter in list(parameters.items())[1:]:
                self.assertIsNot(parameter.annotation, inspect.Parameter.empty, name)
                self.assertRegex(method.__doc__, rf"\n +{name}: \w*")
                ast.parse(parameter.annotation, mode="eval")
            self.assertEqual({one.field for one in _keywords.KEYWORDS if verb.name in one.verbs} - set(parameters), set())

    def test_each_reaches_its_field(self):
        """One value for each keyword arrives in the C struct."""
        values = {"whole": 3, "real": 0.5, "switch": False, "sampler": "ddim", "genre": "techno", "curve": [0.25, 0.5],
                  "noise": [[1.0, 2.0], [3.0, 4.0]], "inpainting_audio": (momu.Audio([0.0] * 16, 8000), [(0, 1)]),
                  "inpainting_motion": (momu.Motion([[[0.0, 0.0]] * 14]), [(0, 1)])}
        expected = {"whole": 3, "real": 0.5, "switch": native.constants["MOMU_SWITCH_OFF"], "sampler": native.constants["MOMU_SAMPLER_DDIM"],
                    "genre": 2}
        for one in _keywords.KEYWORDS:
            options = native.struct("momu_generate_options")
            keep = _options.fill(options, {one.field: values[one.kind]})
            found = native.get(options, one.field)
            if one.kind in expected:
                self.assertEqual(found, expected[one.kind], one.field)
            else:
                self.assertGreater(found, 0, one.field)
                self.assertTrue(keep)
            if one.kind in ("curve", "noise"):
                count = native.get(options, _options.count_field(native.fields(options), one.field))
                self.assertEqual(count, 2 if one.kind == "curve" else 4)

    def test_keywords_of_the_other_side_are_refused(self):
        with momu.load() as model:
            with self.assertRaisesRegex(TypeError, "motion_fps"):
                model.motion_to_music(momu.Motion([[[0.0, 0.0]] * 14] * 60), motion_fps=30)
            with self.assertRaisesRegex(TypeError, "audio_rate"):
                model.music_to_motion(([0.0] * 16000, 16000), audio_rate=8000)

    def test_samplers_have_the_names_of_the_command(self):
        command = os.environ.get("MOMU_COMMAND")
        if not command:
            self.skipTest("the command was not built")
        import subprocess
        said = subprocess.run([command, "joint", "--help"], capture_output=True, text=True).stdout
        for name in _options.SAMPLERS:
            self.assertIn(name, said)


if __name__ == "__main__":
    unittest.main()
