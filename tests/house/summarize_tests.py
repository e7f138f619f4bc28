# SPDX-License-Identifier: Apache-2.0
"""Says how many tests passed, failed and were skipped, and why. usage: summarize_tests.py JUNIT.xml

A test that is skipped but gives no reason counts as failed: nothing is left out silently. Exit 1 if any failed.
"""
import re
import sys
import xml.etree.ElementTree

REASON = re.compile(r"(?:SKIPPED|skipped): *(.+)")


def read_cases(path):
    """(name, outcome, text) per test; outcome is passed, failed or skipped."""
    cases = []
    for case in xml.etree.ElementTree.parse(path).getroot().iter("testcase"):
        text = "".join(node.text or "" for node in case.iter("system-out"))
        status = case.get("status")
        if status == "run":
            outcome = "passed"
        elif status in ("notrun", "disabled") and REASON.search(text):
            outcome = "skipped"
        else:
            outcome = "failed"
        cases.append((case.get("name"), outcome, text))
    return cases


def last_lines(text, count):
    lines = [line for line in text.splitlines() if line.strip()]
    return lines[-count:]


def main():
    cases = read_cases(sys.argv[1])
    by_outcome = {outcome: [c for c in cases if c[1] == outcome] for outcome in ("passed", "failed", "skipped")}
    reasons = {}
    for name, _, text in by_outcome["skipped"]:
        for reason in dict.fromkeys(REASON.findall(text)):
            reasons.setdefault(reason.strip(), []).append(name)
    for reason, names in sorted(reasons.items()):
        print(f"skipped, {reason}: {', '.join(names)}")
    for name, _, text in by_outcome["failed"]:
        print(f"failed: {name}")
        for line in last_lines(text, 25):
            print(f"    {line}")
    print(", ".join(f"{len(by_outcome[o])} {o}" for o in ("passed", "failed", "skipped")) + f", of {len(cases)} tests")
    return 1 if by_outcome["failed"] or not cases else 0


if __name__ == "__main__":
    sys.exit(main())
