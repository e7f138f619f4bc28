# SPDX-License-Identifier: Apache-2.0
"""Builds tests/house/skipping and checks what ctest reports: a skip shows its reason and never hides a failure.

usage: check_skipping.py HOUSE WORK CXX
"""
import pathlib
import shutil
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
sys.dont_write_bytecode = True
import summarize_tests  # noqa: E402

EXPECTED = {
    'skipping/passes, [with] odd "letters"; in its name': "passed",
    "skipping/fails": "failed",
    "skipping/skips by a line": "skipped",
    "skipping/skips by a warning": "skipped",
    "skipping/skips a part, passes the rest": "skipped",
    "skipping/skips a part, fails the rest": "failed",
    "skipping/is slow": "passed",
}


def main():
    house, work, compiler = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), sys.argv[3]
    shutil.rmtree(work, ignore_errors=True)
    subprocess.run(["cmake", "-G", "Ninja", "-S", str(house / "tests/house/skipping"), "-B", str(work),
                    f"-DHOUSE={house}", f"-DCMAKE_CXX_COMPILER={compiler}"], check=True)
    subprocess.run(["cmake", "--build", str(work)], check=True)
    junit = work / "tests.xml"
    subprocess.run(["ctest", "--test-dir", str(work), "--output-junit", str(junit)], check=False)
    found = {name: outcome for name, outcome, _ in summarize_tests.read_cases(junit)}
    slow = subprocess.run(["ctest", "--test-dir", str(work), "-N", "-L", "slow"], check=True, text=True,
                          stdout=subprocess.PIPE).stdout
    if found != EXPECTED or "Total Tests: 1\n" not in slow:
        print(f"FAILED: expected {EXPECTED}\nfound {found}\nslow: {slow}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
