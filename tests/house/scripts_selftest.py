# SPDX-License-Identifier: Apache-2.0
"""Self-tests of check_summary.py and summarize_tests.py: each promise is broken once and must be named."""
import copy
import json
import pathlib
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
sys.dont_write_bytecode = True
import check_summary  # noqa: E402
import summarize_tests  # noqa: E402

GOOD = {
    "hearth": "summary", "version": 1,
    "stages": [{"name": "ingest", "status": "ran", "why": ""}, {"name": "perceive", "status": "reused", "why": ""}],
    "replay": {"success_once": True, "success_at_end": True, "assistance_n": 0.0},
    "variants": {"proposed": 8, "accepted": 5, "rejected": {"dropped": 2, "unreachable": 1}},
    "dataset": {"path": "dataset", "episodes": 5},
    "gap": {"verdict": "INCONCLUSIVE", "held_out": 3},
}

# path to a value, the bad value, a word of the complaint
BROKEN = [
    (("hearth",), "scene", "summary of version 1"),
    (("stages", 0, "status"), "failed", "stage ingest"),
    (("stages",), [], "no stages"),
    (("replay", "success_once"), False, "success_once"),
    (("replay", "success_at_end"), None, "success_at_end"),
    (("replay", "assistance_n"), 0.01, "assistance_n"),
    (("variants", "accepted"), 3, "variants accepted"),
    (("variants", "rejected"), {}, "proposed"),
    (("dataset", "path"), "elsewhere", "dataset.path"),
    (("dataset", "episodes"), 4, "episodes"),
    (("gap",), None, "gap.verdict"),
    (("gap", "held_out"), 1, "held_out"),
]

JUNIT = """<?xml version="1.0"?><testsuite>
<testcase name="a" status="run"><system-out>fine</system-out></testcase>
<testcase name="b" status="fail"><failure message=""/><system-out>1 == 2</system-out></testcase>
<testcase name="c" status="notrun"><skipped/><system-out>SKIPPED: no clip at hand\n</system-out></testcase>
<testcase name="d" status="notrun"><skipped/><system-out></system-out></testcase>
</testsuite>"""


def planted(path, value):
    summary = copy.deepcopy(GOOD)
    place = summary
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    return summary


def main():
    wrong = []
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        (folder / "dataset" / "meta").mkdir(parents=True)
        (folder / "dataset" / "meta" / "info.json").write_text("{}")
        (folder / "report.html").write_text("")
        (folder / "summary.json").write_text(json.dumps(GOOD))
        if check_summary.broken_promises("full", GOOD, folder):
            wrong.append("a good summary is refused")
        for path, value, word in BROKEN:
            found = check_summary.broken_promises("full", planted(path, value), folder)
            if not any(word in text for text in found):
                wrong.append(f"{path} = {value!r} goes unnoticed: {found}")
        (folder / "report.html").unlink()
        if not check_summary.broken_promises("full", GOOD, folder):
            wrong.append("a missing report goes unnoticed")
        junit = folder / "tests.xml"
        junit.write_text(JUNIT)
        outcomes = [outcome for _, outcome, _ in summarize_tests.read_cases(junit)]
        if outcomes != ["passed", "failed", "skipped", "failed"]:
            wrong.append(f"test outcomes are read as {outcomes}")
    for text in wrong:
        print(f"FAILED: {text}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
