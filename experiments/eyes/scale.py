#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Metric scale and the honesty of its interval, over takes without pixels that simulated detectors saw.

usage: experiments/eyes/scale.py --program build/release/bin/hearth_scale_coverage --result rows.json
"""
import argparse
import json
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", type=Path, default=ROOT / "build/release/bin/hearth_scale_coverage")
    parser.add_argument("--first", type=int, default=101)
    parser.add_argument("--takes", type=int, default=100)
    parser.add_argument("--draws", type=int, default=2)
    parser.add_argument("--result", type=Path, required=True)
    options = parser.parse_args()
    command = [options.program, options.first, options.takes, options.draws]
    seen = json.loads(subprocess.run([str(c) for c in command], check=True, capture_output=True, text=True).stdout)
    rows = [
        {"what": "metric scale error, simulated detections, median", "unit": "share", "value": seen["median_error"], "floor": 0.12,
         "target": 0.06, "baseline": seen["baseline_median_error"], "n": seen["pairs"]},
        {"what": "metric scale, 90 % interval covers truth, simulated detections", "unit": "share", "value": seen["covered_90"],
         "floor": 0.80, "target": 0.90, "baseline": None, "n": seen["pairs"]},
        {"what": "metric scale, sigma of the logarithm, median", "unit": "1", "value": seen["median_log_sigma"], "floor": None,
         "target": None, "baseline": None, "n": seen["pairs"]},
    ]
    options.result.write_text(json.dumps(rows, indent=1) + "\n")


if __name__ == "__main__":
    main()
