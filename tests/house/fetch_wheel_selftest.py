# SPDX-License-Identifier: Apache-2.0
"""Self-test of cmake/fetch_wheel.py with a made-up wheel: what it brings, what it refuses, two at once."""
import hashlib
import os
import pathlib
import subprocess
import sys
import tempfile
import zipfile

SCRIPT = pathlib.Path(__file__).resolve().parents[2] / "cmake" / "fetch_wheel.py"
MEMBERS = {
    "thing/include/thing.h": b"// header",
    "thing/libthing.so.1": b"library",
    "thing/unwanted.py": b"no",
    "thing-1.0.dist-info/licenses/LICENSE": b"licence",
}


def make_wheel(folder):
    path = folder / "thing-1.0-cp311-cp311-manylinux_2_28_x86_64.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in MEMBERS.items():
            archive.writestr(name, data)
    return path, hashlib.sha256(path.read_bytes()).hexdigest()


def start(wheel, sha256, target, *more):
    # No index: what is not at hand cannot be had.
    environment = {**os.environ, "PIP_NO_INDEX": "1"}
    return subprocess.Popen(
        [sys.executable, str(SCRIPT), "--package", "thing", "--version", "1.0", "--sha256", sha256,
         "--wheel-folder", str(wheel.parent), "--folder", str(target), *more],
        stderr=subprocess.PIPE, text=True, env=environment)


def run(*arguments):
    process = start(*arguments)
    _, errors = process.communicate(timeout=120)
    return process.returncode, errors.strip()


def files_below(folder):
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file())


def main():
    wrong = []

    def expect(holds, text):
        if not holds:
            wrong.append(text)

    wanted = ("--member", "thing/include/*", "--member", "thing/lib*.so.*")
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        (folder / "wheels").mkdir()
        wheel, sha256 = make_wheel(folder / "wheels")
        cache = folder / "cache"

        both = [start(wheel, sha256, cache / "thing-1.0", *wanted) for _ in range(2)]
        for process in both:
            process.communicate(timeout=120)
        expect([p.returncode for p in both] == [0, 0], "two at once do not both succeed")
        found = files_below(cache / "thing-1.0")
        expect(found == [".complete", "include/thing.h", "libthing.so.1", "licenses/LICENSE"], f"brought {found}")
        before = (cache / "thing-1.0" / "libthing.so.1").stat().st_mtime_ns
        expect(run(wheel, sha256, cache / "thing-1.0", *wanted)[0] == 0, "a second call fails")
        expect((cache / "thing-1.0" / "libthing.so.1").stat().st_mtime_ns == before, "a second call unzips again")

        for name, target_sha256, more, word in (
                ("no_such_member", sha256, ("--member", "thing/absent*"), "nothing that matches"),
                ("wrong_file", sha256, (*wanted, "--file-sha256", "libthing.so.1=" + "0" * 64), "the pin says"),
                ("wrong_wheel", "0" * 64, wanted, "could not download")):
            code, errors = run(wheel, target_sha256, cache / name, *more)
            expect(code == 1 and word in errors and "\n" not in errors, f"{name}: exit {code}, {errors!r}")
            expect(not (cache / name).exists(), f"{name}: something half-made stays")
    for text in wrong:
        print(f"FAILED: {text}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
