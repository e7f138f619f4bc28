# SPDX-License-Identifier: Apache-2.0
"""Runs ./dev in a made-up house with made-up tools (ninja, apt-get, hearth) and checks what it calls, prints and returns."""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]

HEARTH = """#!/bin/bash
echo "$*" >>"$CALLS"
out=${@: -1}
case $1 in
  film) mkdir -p "$out"; touch "$out/clip.mp4" "$out/clip.camera.json" ;;
  run) mkdir -p "$out"; echo "stage ingest"; [[ -n ${NO_REPORT:-} ]] || touch "$out/report.html"; exit "${RUN_EXIT:-0}" ;;
  sulk) exit 75 ;;
esac
"""
DPKG_QUERY = """#!/bin/bash
[[ -f $HOUSE/installed ]] && printf 'installed thing\\n'
printf 'installed base\\n'
"""
APT_GET = """#!/bin/bash
echo "apt-get $*" >>"$CALLS"
[[ -n ${APT_FAILS:-} ]] && { echo "E: Unable to fetch some archives"; exit 100; }
[[ $* == *install* ]] && touch "$HOUSE/installed"
exit 0
"""
NINJA = """#!/bin/bash
echo "ninja ${*: -1}" >>"$CALLS"
[[ -n ${NINJA_FAILS:-} ]] && { echo "x.cpp:1:2: error: no such thing"; exit 1; }
exit 0
"""


class MadeUpHouse:
    def __init__(self, folder):
        self.root = pathlib.Path(folder).resolve() / "house"
        self.calls_file = self.root / "calls"
        for name in ("bin", "cmake", "build/release/bin"):
            (self.root / name).mkdir(parents=True)
        shutil.copy(ROOT / "dev", self.root / "dev")
        (self.root / "cmake/apt-packages.txt").write_text("# list\nbase\nthing\nonly-for-tests test\n")
        (self.root / "build/release/build.ninja").touch()
        (self.root / "build/release/dependency-folders.txt").write_text(f"{self.root}\n")
        (self.root / "build/release/CMakeCache.txt").write_text(f"CMAKE_HOME_DIRECTORY:INTERNAL={self.root}\n")
        programs = {"bin/dpkg-query": DPKG_QUERY, "bin/apt-get": APT_GET, "bin/ninja": NINJA, "bin/sudo": '#!/bin/bash\nexec "$@"\n',
                    "bin/sleep": "#!/bin/bash\n", "build/release/bin/hearth": HEARTH}
        for name, text in programs.items():
            (self.root / name).write_text(text)
            (self.root / name).chmod(0o755)

    def dev(self, *arguments, **environment):
        """Exit code, lines of stdout, lines of stderr, calls of the made-up tools."""
        self.calls_file.write_text("")
        done = subprocess.run(
            [str(self.root / "dev"), *arguments], capture_output=True, text=True, check=False, timeout=60, cwd=self.root,
            env={**os.environ, "PATH": f"{self.root}/bin:{os.environ['PATH']}", "HOUSE": str(self.root),
                 "HEARTH_RUNS": str(self.root / "runs"), "CALLS": str(self.calls_file), **environment})
        return done.returncode, done.stdout.splitlines(), done.stderr.splitlines(), self.calls_file.read_text().splitlines()


def check_packages(house, expect):
    code, _, errors, calls = house.dev("build", APT_FAILS="1")
    expect(code == 1 and sum("packages could not be installed" in line for line in errors) == 1, f"apt failure: {code} {errors}")
    expect(errors[-1].count("E: Unable to fetch") == 1, f"the reason is not in the line: {errors[-1]}")
    expect(sum("update" in call for call in calls) == 3, f"three attempts expected: {calls}")
    code, _, _, calls = house.dev("build")
    installs = [call for call in calls if " install " in call]
    expect(code == 0 and len(installs) == 1 and installs[0].endswith(" thing"), f"only the missing package: {calls}")
    expect("--no-install-recommends" in installs[0] and "DPkg::Lock::Timeout=300" in installs[0], f"options: {installs}")
    _, _, _, calls = house.dev("build")
    expect(not any("apt-get" in call for call in calls), f"a second run installs again: {calls}")


def check_build(house, expect):
    code, _, errors, _ = house.dev("build", NINJA_FAILS="1")
    expect(code == 1 and "x.cpp:1:2: error: no such thing" in errors[-1], f"build failure: {code} {errors}")
    code, out, errors, calls = house.dev("hearth", "sulk", "a b")
    expect(code == 75 and calls[-1] == "sulk a b" and not out and not errors, f"hearth: {code} {out} {errors} {calls}")
    code, _, _, _ = house.dev("dance")
    expect(code == 2, f"unknown task: exit {code}")


def check_demo(house, expect):
    runs = house.root / "runs"
    code, out, _, calls = house.dev("demo")
    films = [call for call in calls if call.startswith("film")]
    run = calls[-1].split()
    expect(code == 0 and out[-1] == f"{runs}/demo/run/report.html", f"demo: {code} {out}")
    expect(len(films) == 4 and len({call.split("--seed ")[1].split()[0] for call in films}) == 4, f"four takes: {films}")
    expect(run[:4] == ["run", f"{runs}/demo/take-1/clip.mp4", "--camera", f"{runs}/demo/take-1/clip.camera.json"], f"{run}")
    expect(run.count("--held-out") == 3 and run.count("--held-out-camera") == 3, f"three held out: {run}")
    _, _, _, calls = house.dev("demo")
    expect(not any(call.startswith("film") for call in calls), f"takes are filmed again: {calls}")
    code, out, _, calls = house.dev("demo", "--quick")
    films = [call for call in calls if call.startswith("film")]
    expect(len(films) == 2 and all("--duration-s" in call for call in films), f"quick takes: {films}")
    expect(out[-1] == f"{runs}/demo-quick/run/report.html", f"quick: {out}")

    for name in ("mine.mp4", "mine.camera.json", "other.mp4"):
        (house.root / name).touch()
    code, out, _, calls = house.dev("demo", "mine.mp4", "other.mp4", RUN_EXIT="1")
    expect(code == 1 and out[-1] == f"{runs}/mine/report.html", f"a failed run keeps its exit code and report: {code} {out}")
    expect(f"--camera {house.root}/mine.camera.json --held-out {house.root}/other.mp4 -n " in calls[-1], f"own clips: {calls}")
    (house.root / "third.mp4").touch()
    (house.root / "third.camera.json").touch()
    _, _, _, calls = house.dev("demo", "mine.mp4", "other.mp4", "third.mp4")
    expect(f"--held-out-camera none --held-out-camera {house.root}/third.camera.json -n " in calls[-1], f"sidecars: {calls}")
    (runs / "mine/report.html").unlink()
    code, out, errors, _ = house.dev("demo", "mine.mp4", RUN_EXIT="2", NO_REPORT="1")
    expect(code == 2 and not any("report.html" in line for line in out), f"a path of no report is printed: {code} {out} {errors}")
    expect(house.dev("demo", "absent.mp4")[0] == 2 and house.dev("demo", "--fast")[0] == 2, "bad input exits 2")


def main():
    wrong = []

    def expect(holds, text):
        if not holds:
            wrong.append(text)

    with tempfile.TemporaryDirectory() as folder:
        house = MadeUpHouse(folder)
        check_packages(house, expect)
        check_build(house, expect)
        check_demo(house, expect)
    for text in wrong:
        print(f"FAILED: {text}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
