"""_cdef.h against the headers, and both back ends against it."""

import os
import subprocess
import sys
import tempfile
import unittest
from unittest import mock

import momu
from momu import _ctypes, _headers, _library
from momu._backend import native
from momu._cffi_build import include_folder

STRUCTS = ("momu_error", "momu_context_options", "momu_audio_write_options", "momu_motion_write_options", "momu_motion_description",
           "momu_model_info", "momu_generate_options", "momu_generate_info")


class Declarations(unittest.TestCase):
    @unittest.skipUnless(include_folder(), "the headers are not there")
    def test_headers(self):
        with open(_headers.CDEF, encoding="utf-8") as file:
            self.assertEqual(file.read(), _headers.declarations(include_folder()),
                             "make it anew: python bindings/python/momu/_headers.py include > bindings/python/momu/_cdef.h")

    def test_what_headers_may_hold(self):
        """Marks before declarations, macros of several lines, inline functions, named integers and negative enumerators."""
        text = """#ifndef X
#define X
/** A comment for doxygen. */
#define MOMU_MARK __attribute__((x))
#define MOMU_AT_LEAST(a, b) \\
    (MOMU_NUMBER >= ((a) * 100 + (b)))
#define MOMU_NUMBER 100
typedef int32_t momu_kind;
typedef enum momu_colour { MOMU_NONE = -1, MOMU_RED = 2 } momu_colour;
typedef struct momu_thing {
    size_t struct_size; /**< set by init */
    momu_kind kind;
    momu_colour colour;
} momu_thing;
static inline int momu_helper(int a) {
    return a + 1;
}
MOMU_API MOMU_MARK momu_kind momu_do(momu_thing *thing, momu_colour colour);
#endif
"""
        with tempfile.TemporaryDirectory() as folder:
            os.mkdir(os.path.join(folder, "momu"))
            for i, name in enumerate(_headers.HEADERS):
                with open(os.path.join(folder, "momu", name + ".h"), "w", encoding="utf-8") as file:
                    file.write("" if i else text)
            made = _headers.declarations(folder).partition("/* momu/common.h */")[0]
        self.assertEqual(made.split("\n", 3)[3].strip(), """#define MOMU_NUMBER 100
typedef int32_t momu_kind;
typedef enum momu_colour {
    MOMU_NONE = -1, MOMU_RED = 2
} momu_colour;
typedef struct momu_thing {
    size_t struct_size;
    momu_kind kind;
    momu_colour colour;
} momu_thing;
momu_kind momu_do(momu_thing *thing, momu_colour colour);""")
        self.assertEqual(_ctypes._constants(made), {"MOMU_NUMBER": 100, "MOMU_NONE": -1, "MOMU_RED": 2})

    def test_structs(self):
        for kind in STRUCTS:
            fields = native.fields(native.struct(kind))
            self.assertGreater(len(fields), 1, kind)
            self.assertEqual(len(fields), len(set(fields)))

    def test_functions(self):
        self.assertGreater(native.call("momu_api_version"), -1)
        self.assertIsNone(native.call("momu_capability", b"no such thing"))
        self.assertEqual(native.call("momu_status_name", 2), b"out of memory")
        self.assertEqual(native.call("momu_audio_get_samples", 0), 0)
        self.assertEqual(native.constants["MOMU_MAX_MOTION_FRAMES"], 1 << 22)


class Choice(unittest.TestCase):
    def fails(self, sentence, **environment):
        done = subprocess.run([sys.executable, "-c", "import momu"], env={**os.environ, **environment}, capture_output=True, text=True)
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stderr, "ImportError: .*" + sentence)

    def test_backend(self):
        self.fails("MOMU_BACKEND is 'rust'; expected ctypes or cffi", MOMU_BACKEND="rust")

    def test_library(self):
        self.fails("libmomu was not found .*nowhere.so.*: install libmomu .*MOMU_LIBRARY", MOMU_LIBRARY="/nowhere.so")

    def test_library_is_found_beside_the_command(self):
        """An installation outside the linker's folders: its command in PATH tells where its library is."""
        with tempfile.TemporaryDirectory() as prefix:
            libraries, programs = os.path.join(prefix, "lib", "x86_64-linux-gnu"), os.path.join(prefix, "bin")
            os.makedirs(libraries)
            os.makedirs(programs)
            library = os.path.join(libraries, _library.SONAME)
            with open(library, "wb"), open(os.path.join(programs, "momu"), "w", encoding="utf-8") as command:
                os.chmod(command.fileno(), 0o755)
            with mock.patch.dict(os.environ, PATH=programs), mock.patch.object(_library, "BUNDLE", "/nowhere"):
                os.environ.pop("MOMU_LIBRARY", None)
                self.assertIn(os.path.realpath(library), _library._candidates())
                os.environ["MOMU_LIBRARY"] = "/one/only"
                self.assertEqual(_library._candidates(), ["/one/only"])

    def test_versions(self):
        for version, expected, fits in (("0.1.7", (0, 1), True), ("0.2.0", (0, 1), False), ("0.1.0", (0, 2), False), ("1.0.0", (0, 1), False),
                                        ("1.3.0", (1, 2), True), ("1.1.9", (1, 2), False), ("2.2.0", (1, 2), False)):
            with self.subTest(version=version, expected=expected):
                if fits:
                    _library.check_version(version, expected)
                else:
                    with self.assertRaisesRegex(ImportError, f"libmomu {version} was found, .*MOMU_LIBRARY"):
                        _library.check_version(version, expected)

    def test_project_file(self):
        """pyproject.toml has the headers' version, and the sdist the project's licence."""
        folder = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
        if not os.path.exists(os.path.join(folder, "pyproject.toml")):
            self.skipTest("not in the source tree")
        numbers = [native.constants[f"MOMU_VERSION_{part}"] for part in ("MAJOR", "MINOR", "PATCH")]
        with open(os.path.join(folder, "pyproject.toml"), encoding="utf-8") as file:
            self.assertIn('\nversion = "{}.{}.{}"\n'.format(*numbers), file.read())
        root = os.path.join(folder, "..", "..", "LICENSE")
        if os.path.exists(root):
            with open(root, encoding="utf-8") as one, open(os.path.join(folder, "LICENSE"), encoding="utf-8") as other:
                self.assertEqual(one.read(), other.read())

    def test_hints(self):
        """Everything public has a docstring and a hint for what it returns."""
        for owner in (momu.Audio, momu.Motion, momu.Model, momu.Beats):
            self.assertTrue(owner.__doc__)
            for name, member in vars(owner).items():
                function = getattr(member, "fget", None) or getattr(member, "__func__", member)
                if callable(function) and not name.startswith("_"):
                    self.assertIn("return", function.__annotations__, f"{owner.__name__}.{name}")


class Command(unittest.TestCase):
    def run_command(self, *arguments, **environment):
        return subprocess.run([sys.executable, "-m", "momu", *arguments], env={**os.environ, **environment}, capture_output=True, text=True)

    @unittest.skipUnless(os.environ.get("MOMU_COMMAND"), "the command was not built")
    def test_mirror(self):
        """Every sub-command and option is the command's own."""
        self.assertEqual(self.run_command("--version").stdout, f"momu {momu.version()}\n")
        for name in ("motion-to-music", "music-to-motion", "joint", "beats", "info"):
            direct = subprocess.run([os.environ["MOMU_COMMAND"], name, "--help"], capture_output=True, text=True)
            mirrored = self.run_command(name, "--help")
            self.assertEqual((mirrored.stdout, mirrored.returncode), (direct.stdout, 0))
            self.assertIn("Usage", mirrored.stdout)
        self.assertIn("tiny", self.run_command("info", os.environ["MOMU_MODEL"]).stdout)
        self.assertEqual(self.run_command("dance").returncode, 2)

    def test_missing(self):
        done = self.run_command("info", MOMU_COMMAND="/nowhere/momu")
        self.assertEqual((done.returncode, done.stderr), (1, "momu: /nowhere/momu: No such file or directory\n"))
        if os.path.exists(_library.BUNDLE):  # an installed wheel always has one
            return
        done = self.run_command("info", MOMU_COMMAND="", PATH="/nowhere")
        self.assertEqual(done.returncode, 1)
        self.assertIn("neither in this package nor in PATH", done.stderr)


if __name__ == "__main__":
    unittest.main()
