# SPDX-License-Identifier: Apache-2.0
"""Checks what a demo run promises. usage: check_summary.py quick|full RUN/summary.json

The numbers that a demo must reach stand here and nowhere else. One line per broken promise; exit 1 if there is any.
"""
import json
import pathlib
import sys

PROMISES = {
    "quick": {"accepted": 1, "held_out": 1},
    "full": {"accepted": 4, "held_out": 3},
}
VERDICTS = ("GAP", "EQUIVALENT", "INCONCLUSIVE")
STATUSES = ("ran", "reused", "failed", "skipped")


def broken_promises(kind, summary, folder):
    promise = PROMISES[kind]
    found = []

    def expect(holds, text):
        if not holds:
            found.append(text)

    expect(summary.get("hearth") == "summary" and summary.get("version") == 1, "not a summary of version 1")
    stages = summary.get("stages") or []
    expect(stages, "no stages")
    for stage in stages:
        expect(stage.get("status") in ("ran", "reused"),
               f"stage {stage.get('name')} is {stage.get('status')}: {stage.get('why')}")
    replay = summary.get("replay") or {}
    expect(replay.get("success_once") is True, f"replay.success_once is {replay.get('success_once')}")
    expect(replay.get("success_at_end") is True, f"replay.success_at_end is {replay.get('success_at_end')}")
    expect(replay.get("assistance_n") == 0, f"replay.assistance_n is {replay.get('assistance_n')}, must be 0")
    variants = summary.get("variants") or {}
    accepted, proposed = variants.get("accepted") or 0, variants.get("proposed") or 0
    expect(accepted >= promise["accepted"], f"{accepted} variants accepted, {promise['accepted']} at least")
    rejected = sum((variants.get("rejected") or {}).values())
    expect(accepted + rejected == proposed, f"{accepted} accepted + {rejected} rejected are not {proposed} proposed")
    dataset = summary.get("dataset") or {}
    path = dataset.get("path")
    expect(path and (folder / path / "meta" / "info.json").is_file(), f"dataset.path {path} holds no meta/info.json")
    expect((dataset.get("episodes") or 0) >= accepted, f"{dataset.get('episodes')} episodes for {accepted} accepted")
    gap = summary.get("gap") or {}
    expect(gap.get("verdict") in VERDICTS, f"gap.verdict is {gap.get('verdict')}")
    held_out = gap.get("held_out")
    held_out = len(held_out) if isinstance(held_out, list) else held_out
    expect(held_out == promise["held_out"], f"gap.held_out is {held_out}, {promise['held_out']} wanted")
    expect((folder / "report.html").is_file(), "no report.html beside the summary")
    return found


def main():
    kind, path = sys.argv[1], pathlib.Path(sys.argv[2])
    try:
        summary = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        print(f"{path}: {error}")
        return 1
    found = broken_promises(kind, summary, path.parent)
    for text in found:
        print(f"{path}: {text}")
    if not found:
        variants = summary["variants"]
        print(f"{path}: {variants['accepted']} of {variants['proposed']} variants accepted, gap {summary['gap']['verdict']}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
