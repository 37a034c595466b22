"""Packs what build_wheel.sh built: the library, the command, and every library that they link to except glibc, all in one folder.

Each library gets a new name, so that no process mixes it with the system's copy. Uses only the standard library.
"""

from __future__ import annotations

import base64
import hashlib
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import elf_names

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
PREFIX = "mom"  # in place of "lib": libsndfile.so.1 is momsndfile.so.1 here
VERSION = re.search(r'MOMU_VERSION_STRING "([^"]*)"', (ROOT / "include/momu/version.h").read_text())[1]
MODELS = ("default", "evaluation-mel", "evaluation-motion")
# What manylinux lets a wheel expect of every system: glibc.
GLIBC = ("linux-vdso", "ld-linux", "libc.so", "libm.so", "libpthread.so", "libdl.so", "librt.so")

# What may go in, and under which licence. Anything else ends the build: look at its licence first. FFTW is GPL, and not here.
LICENCES = {
    "libmomu": "MIT", "libopenblas": "BSD-3-Clause", "libsndfile": "LGPL-2.1-or-later", "libFLAC": "BSD-3-Clause",
    "libvorbis": "BSD-3-Clause", "libvorbisenc": "BSD-3-Clause", "libopus": "BSD-3-Clause", "libogg": "BSD-3-Clause",
    "libmpg123": "LGPL-2.1",
    "libsoxr": "LGPL-2.1-or-later", "libcjson": "MIT", "libkissfft-float": "BSD-3-Clause", "libz": "Zlib",
    "libgfortran": "GPL-3.0 with the GCC runtime library exception", "libquadmath": "LGPL-2.0-or-later",
    "libgomp": "GPL-3.0 with the GCC runtime library exception", "libgcc_s": "GPL-3.0 with the GCC runtime library exception"}


# LAME has GPL code in it (its FFT), and only writing MP3 needs it, which libmomu never does: libsndfile gets functions that decline.
LAME, NO_LAME = "libmp3lame.so.0", "mom_nolame.so.0"


def run(*command: object) -> str:
    return subprocess.run([str(one) for one in command], check=True, stdout=subprocess.PIPE, text=True).stdout


def needed(binary: Path) -> dict[str, Path]:
    """soname: file of everything that the binary is linked with, directly or not, glibc left out."""
    found = {}
    for line in run("ldd", binary).splitlines():
        name, _, rest = line.strip().partition(" => ")
        if not name.startswith(GLIBC) and "/ld-linux" not in name:
            if not rest.startswith("/"):
                sys.exit(f"build_wheel: {binary} needs {name}, which is not there")
            found[name] = Path(rest.split(" (")[0]).resolve()
    return found


def licence(soname: str) -> str:
    stem = soname.split(".so")[0]
    if stem not in LICENCES:
        sys.exit(f"build_wheel: {soname} is not among the libraries that may go into the wheel: see LICENCES in build_wheel.py")
    return LICENCES[stem]


def package_of(library: Path) -> str:
    """The Debian package of a file, by either of its names (/lib is /usr/lib)."""
    for name in (str(library), str(library).removeprefix("/usr")):
        done = subprocess.run(["dpkg", "-S", name], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        if done.returncode == 0:
            return done.stdout.split(":")[0]
    sys.exit(f"build_wheel: no Debian package has {library}: where is its licence?")


def version_of(package: str) -> str:
    return run("dpkg-query", "-W", "-f", "${Version}", package)


def decline_lame(libsndfile: Path, target: Path) -> None:
    """A library of every function of LAME that libsndfile names. lame_init() gives NULL, upon which libsndfile refuses to write MP3."""
    names = re.findall(r" U ((?:lame_|id3tag_)\w+)", run("nm", "-D", "--undefined-only", libsndfile))
    if "lame_init" not in names:
        sys.exit(f"build_wheel: {libsndfile} does not name lame_init")
    source = "".join(f"void *{name}(void) {{ return 0; }}\n" for name in names)
    subprocess.run(["cc", "-x", "c", "-", "-O2", "-fPIC", "-shared", "-nostdlib", f"-Wl,-soname,{NO_LAME}", "-o", str(target)], check=True,
                   input=source, text=True)


def bundle(build: Path, folder: Path) -> None:
    """The library, the command and their libraries in one flat folder, with licences."""
    licences = folder / "LICENSES"
    licences.mkdir(parents=True)
    mine = {"libmomu.so.0": build / "lib/libmomu.so.0", "command": build / "tools/momu"}
    theirs = {**needed(mine["libmomu.so.0"]), **needed(mine["command"])}
    renamed: dict[str, str] = {}
    lines = [f"command, libmomu.so.0: {licence('libmomu.so')}, LICENSE\n",
             "The texts are those of Debian's source packages, of which parts under the GPL alone (programs, tests, build files) are not in "
             "here.\n"]
    shutil.copy(ROOT / "LICENSE", licences / "LICENSE")
    if LAME in theirs:
        del theirs[LAME]
        renamed[LAME] = NO_LAME
        decline_lame(theirs["libsndfile.so.1"], folder / NO_LAME)
        lines.append(f"{NO_LAME}: MIT, LICENSE (no LAME: its place, for libsndfile)\n")
    for soname, library in sorted(theirs.items()):
        said, package = licence(soname), package_of(library)
        renamed[soname] = PREFIX + soname.removeprefix("lib")
        shutil.copy(Path("/usr/share/doc", package, "copyright"), licences / f"{package}.txt")
        lines.append(f"{renamed[soname]}: {said}, {package}.txt (Debian's package {package}, {version_of(package)})\n")
    (licences / "README").write_text("".join(lines))
    for name, source in {**mine, **{renamed[soname]: library for soname, library in theirs.items()}}.items():
        target = folder / name
        shutil.copy(source, target)
        target.chmod(0o755)
        if name in mine:
            run("strip", "--strip-unneeded", target)
        elf_names.rename(target, renamed)


def glibc_needed(folder: Path) -> tuple[int, int]:
    """The oldest glibc that has every symbol version which the binaries of the folder ask for."""
    found = [(2, 17)]  # the oldest that manylinux tags speak of
    for path in sorted(path for path in folder.iterdir() if path.is_file() and elf_names.is_elf(path)):
        said = run("readelf", "--version-info", "--wide", path)
        found += [(int(major), int(minor)) for major, minor in re.findall(r"Name: GLIBC_(\d+)\.(\d+)", said)]
        if "Name: GLIBC_ABI_DT_RELR" in said:
            found.append((2, 36))
    return max(found)


def write_metadata(folder: Path, tag: str) -> None:
    folder.mkdir()
    (folder / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: momu\nVersion: {VERSION}\n"
        "Summary: Turns dance motion into music and music into dance motion, and generates both together\n"
        "License: MIT; momu/bundle/LICENSES for what is inside\nRequires-Python: >=3.9\nRequires-Dist: numpy>=1.20\n"
        "Description-Content-Type: text/markdown\n\n" + (HERE / "README.md").read_text())
    (folder / "WHEEL").write_text(f"Wheel-Version: 1.0\nGenerator: build_wheel.py\nRoot-Is-Purelib: false\nTag: {tag}\n")
    (folder / "entry_points.txt").write_text("[console_scripts]\nmomu = momu.__main__:main\n")
    shutil.copy(ROOT / "LICENSE", folder / "LICENSE")


def zipped(tree: Path, wheel: Path, info: str) -> None:
    """Writes the tree as a wheel, the same bytes each time: fixed dates, sorted names, RECORD last; programs are executable."""
    record = ""
    with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for path in sorted(path for path in tree.rglob("*") if path.is_file()):
            name, content = path.relative_to(tree).as_posix(), path.read_bytes()
            entry = zipfile.ZipInfo(name, (2024, 1, 1, 0, 0, 0))
            entry.external_attr = (0o100755 if os.access(path, os.X_OK) else 0o100644) << 16
            entry.compress_type = zipfile.ZIP_STORED if name.endswith(".safetensors") else zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
            digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
            record += f"{name},sha256={digest},{len(content)}\n"
        entry = zipfile.ZipInfo(f"{info}/RECORD", (2024, 1, 1, 0, 0, 0))
        entry.external_attr = 0o100644 << 16
        archive.writestr(entry, record + f"{info}/RECORD,,\n", zipfile.ZIP_DEFLATED)


def main(build: Path, out: Path) -> None:
    info = f"momu-{VERSION}.dist-info"
    with tempfile.TemporaryDirectory() as scratch:
        tree = Path(scratch)
        shutil.copytree(HERE / "momu", tree / "momu", ignore=shutil.ignore_patterns("__pycache__", "*.pyc"))
        for path in (tree / "momu").rglob("*"):
            if path.is_file():
                path.chmod(0o644)
        shutil.copytree(ROOT / "include/momu", tree / "momu/include/momu", ignore=shutil.ignore_patterns("meson.build"))
        bundle(build, tree / "momu/bundle")
        models = tree / "momu/bundle/momu"
        models.mkdir()
        for name in MODELS:
            shutil.copy(ROOT / "models" / f"{name}.safetensors", models)
        major, minor = glibc_needed(tree / "momu/bundle")
        tag = f"py3-none-manylinux_{major}_{minor}_{platform.machine()}"
        wheel = out / f"momu-{VERSION}-{tag}.whl"
        write_metadata(tree / info, tag)
        out.mkdir(parents=True, exist_ok=True)
        whole = wheel.with_suffix(".part")
        zipped(tree, whole, info)
        whole.replace(wheel)
    print(f"{wheel}: {wheel.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
