#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The camera part of the table: real clips against COLMAP, filmed takes against truth.

usage: experiments/eyes/camera.py --hearth PROGRAM --clips FOLDER [--seeds 101-106] [--work FOLDER]
                                  [--colmap FOLDER] [--run-colmap PROGRAM] [--result FILE]

Filmed: each take is read with its calibration and without. Real: five clips; registered frames are
those whose pose at least 30 points hold within 2 px. COLMAP's counts stand in the clips' JSON; its
poses are compared where --colmap has FOLDER/<clip>/sp/<model>/images.txt, which --run-colmap writes
(COLMAP 3.8 and ffmpeg, slow). Finished parts in the work folder are used again.
"""
import argparse
import json
import math
import os
import pty
import re
import statistics
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
# Clip, frames between COLMAP's pictures, their width.
REAL = [("hawor_clear_table", 2, 960), ("epic_P28_101_sink", 2, 464),
        ("epic_P01_01_36_take", 1, 456), ("ego4d_site_tokyo_kitchen", 3, 480),
        ("egoexo_cooking_aria", 8, 360)]


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--hearth", type=Path, default=ROOT / "build" / "release" / "bin" / "hearth")
    parser.add_argument("--clips", type=Path, help="folder with the public clips and their JSON")
    parser.add_argument("--seeds", default="101-106", help="first-last filmed take")
    parser.add_argument("--work", type=Path, default=ROOT / "runs" / "eyes_camera")
    parser.add_argument("--colmap", type=Path, help="folder of COLMAP text models")
    parser.add_argument("--run-colmap", help="the colmap program")
    parser.add_argument("--result", type=Path, default=HERE / "camera.json")
    return parser.parse_args()


# Small geometry: quaternions (w, x, y, z), vectors of three.
def multiply(a, b):
    return (a[0] * b[0] - a[1] * b[1] - a[2] * b[2] - a[3] * b[3],
            a[0] * b[1] + a[1] * b[0] + a[2] * b[3] - a[3] * b[2],
            a[0] * b[2] - a[1] * b[3] + a[2] * b[0] + a[3] * b[1],
            a[0] * b[3] + a[1] * b[2] - a[2] * b[1] + a[3] * b[0])


def conjugate(q):
    return (q[0], -q[1], -q[2], -q[3])


def turn(q, v):
    return multiply(multiply(q, (0.0, *v)), conjugate(q))[1:]


def angle_deg(a, b):
    return math.degrees(2.0 * math.acos(min(1.0, abs(multiply(conjugate(a), b)[0]))))


def subtract(a, b):
    return tuple(x - y for x, y in zip(a, b))


def dot(a, b):
    return sum(x * y for x, y in zip(a, b))


def length(a):
    return math.sqrt(dot(a, a))


def pose_of(node):
    q = node["rotation"]
    return (q["w"], q["x"], q["y"], q["z"]), tuple(node["position_m"])


def relative(pose, first):
    back = conjugate(first[0])
    return multiply(back, pose[0]), turn(back, subtract(pose[1], first[1]))


def call(log, command):
    with open(log, "a") as out:
        out.write("$ " + " ".join(map(str, command)) + "\n")
        out.flush()
        code = subprocess.run([str(c) for c in command], stdout=out, stderr=out).returncode
    if code not in (0, 1):
        sys.exit(f"exit {code} of: {' '.join(map(str, command))}; see {log}")
    return code


def cpu_s(pid):
    """CPU seconds of a process so far, all threads."""
    text = Path(f"/proc/{pid}/stat").read_text()
    after = text[text.rindex(")") + 2:].split()
    return (int(after[11]) + int(after[12])) / os.sysconf("SC_CLK_TCK")


def perceive(hearth, episode, out, jobs):
    """Runs perceive; returns CPU seconds of its camera part, by the progress that it shows."""
    shown, stderr = pty.openpty()
    command = [str(hearth), "perceive", str(episode), "-o", str(out), "--jobs", str(jobs)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=stderr)
    os.close(stderr)
    text, begun, ended = "", None, None
    while True:
        try:
            chunk = os.read(shown, 4096).decode(errors="replace")
        except OSError:  # The other end was closed.
            break
        if not chunk:
            break
        text += chunk
        if begun is None and re.search(r"following the camera[^\r]*0/1", text):
            begun = cpu_s(process.pid)
        if ended is None and re.search(r"following the camera[^\r]*1/1", text):
            ended = cpu_s(process.pid)
    process.wait()
    os.close(shown)
    if process.returncode != 0:
        print(f"perceive failed on {episode}: {text[-400:]}", file=sys.stderr)
        return None
    return None if begun is None or ended is None else ended - begun


def tracks_of(hearth, clip, camera, folder, jobs=2):
    """Ingests and perceives once; returns (tracks, CPU seconds of the camera)."""
    folder.mkdir(parents=True, exist_ok=True)
    timing = folder / "camera_cpu_s.json"
    if not timing.exists() or not (folder / "tracks" / "tracks.json").exists():
        extra = ["--camera", camera] if camera else []
        call(folder / "log.txt", [hearth, "ingest", clip, *extra, "-o", folder / "episode"])
        spent = perceive(hearth, folder / "episode", folder / "tracks", jobs)
        timing.write_text(json.dumps(spent))
    if not (folder / "tracks" / "tracks.json").exists():
        return None, None
    return (json.loads((folder / "tracks" / "tracks.json").read_text()),
            json.loads(timing.read_text()))


def filmed_errors(tracks, truth):
    """Median rotation (deg) and position (share of extent) of the first chunk, and a frozen one's."""
    samples = truth["home"]["camera_path"]["samples"]
    seen = [c for c in tracks["camera"] if c["observed"] and c["chunk"] == 0]
    if len(seen) < 2:
        return None
    found = [pose_of(c["map_from_camera"]) for c in seen]
    true = [pose_of(samples[c["frame"]]["world_from_camera"]) for c in seen]
    found = [relative(p, found[0]) for p in found]
    true = [relative(p, true[0]) for p in true]
    square = sum(dot(p, p) for _, p in found)
    scale = sum(dot(f[1], t[1]) for f, t in zip(found, true)) / square if square > 0 else 0.0
    extent = max(length(p) for _, p in true)
    ways = [length(subtract(tuple(scale * x for x in f[1]), t[1])) for f, t in zip(found, true)]
    still = (1.0, 0.0, 0.0, 0.0)
    return {"rotation_deg": statistics.median(angle_deg(f[0], t[0]) for f, t in zip(found, true)),
            "position_share": statistics.median(ways) / extent,
            "frozen_rotation_deg": statistics.median(angle_deg(still, t[0]) for t in true),
            "frozen_position_share": statistics.median(length(p) for _, p in true) / extent}


def film_takes(options):
    first, last = (int(x) for x in (options.seeds.split("-") * 2)[:2])
    takes = []
    for seed in range(first, last + 1):
        folder = options.work / f"take_{seed:03d}"
        folder.mkdir(parents=True, exist_ok=True)
        if not (folder / "take" / "truth" / "truth.json").exists():
            call(folder / "log.txt", [options.hearth, "film", "--chore", "place", "--seed", seed,
                                      "-o", folder / "take"])
        truth = json.loads((folder / "take" / "truth" / "truth.json").read_text())
        clip = folder / "take" / "clip.mp4"
        known, known_s = tracks_of(options.hearth, clip, folder / "take" / "clip.camera.json",
                                   folder / "known")
        blind, blind_s = tracks_of(options.hearth, clip, None, folder / "guess")
        take = {"seed": seed, "frames": known["frames"],
                "known": filmed_errors(known, truth), "blind": filmed_errors(blind, truth)}
        focal = truth["camera_model"]["fx_px"]
        model = blind["camera_model"]
        guess = json.loads((folder / "guess" / "episode" / "episode.json").read_text())["camera"]
        take["estimated"] = model["source"] == "estimated"
        take["focal_error"] = abs(model["fx_px"] / focal - 1.0)
        take["guess_error"] = abs(guess["fx_px"] / focal - 1.0)
        take["covered"] = abs(math.log(model["fx_px"] / focal)) < 1.645 * model["focal_sigma_share"]
        take["cpu_ms"] = [1e3 * s / take["frames"] for s in (known_s, blind_s) if s is not None]
        takes.append(take)
        print(json.dumps(take), flush=True)
    return takes


def run_colmap(program, clip, stride, width, folder):
    (folder / "im").mkdir(parents=True, exist_ok=True)
    (folder / "sp").mkdir(exist_ok=True)
    log = folder / "log.txt"
    db = ["--database_path", folder / "db"]
    call(log, ["ffmpeg", "-loglevel", "error", "-i", clip, "-vf",
               f"select=not(mod(n\\,{stride})),scale={width}:-2:flags=area", "-vsync", "0",
               "-start_number", "0", folder / "im" / "%05d.png"])
    call(log, [program, "feature_extractor", *db, "--image_path", folder / "im",
               "--SiftExtraction.use_gpu", "0", "--SiftExtraction.max_num_features", "3000",
               "--ImageReader.single_camera", "1", "--ImageReader.camera_model", "SIMPLE_RADIAL"])
    call(log, [program, "sequential_matcher", *db, "--SiftMatching.use_gpu", "0",
               "--SequentialMatching.overlap", "8", "--SequentialMatching.quadratic_overlap", "1"])
    call(log, [program, "mapper", *db, "--image_path", folder / "im",
               "--output_path", folder / "sp"])
    for model in sorted((folder / "sp").iterdir()):
        call(log, [program, "model_converter", "--input_path", model, "--output_path", model,
                   "--output_type", "TXT"])


def colmap_poses(folder, stride):
    """Frame -> world_from_camera of the largest model, or nothing."""
    largest = {}
    for file in sorted(folder.glob("sp/*/images.txt")):
        lines = [line for line in file.read_text().splitlines() if not line.startswith("#")]
        poses = {}
        for line in lines[::2]:
            part = line.split()
            q, t = tuple(map(float, part[1:5])), tuple(map(float, part[5:8]))
            back = conjugate(q)
            poses[stride * int(Path(part[9]).stem)] = (back, tuple(-x for x in turn(back, t)))
        if len(poses) > len(largest):
            largest = poses
    return largest


def agreement(tracks, reference):
    """Rotation (deg) and scale-aligned position over path length, medians, in the chunk that shares
    most frames with the reference."""
    by_chunk = {}
    for c in tracks["camera"]:
        if c["observed"] and c["frame"] in reference:
            by_chunk.setdefault(c["chunk"], []).append((c["frame"], pose_of(c["map_from_camera"])))
    if not by_chunk:
        return None
    shared = max(by_chunk.values(), key=len)
    if len(shared) < 5:
        return None
    mean = [0.0] * 4
    for frame, pose in shared:
        q = multiply(reference[frame][0], conjugate(pose[0]))
        sign = 1.0 if not any(mean) or dot(q, mean) >= 0 else -1.0
        mean = [m + sign * x for m, x in zip(mean, q)]
    mean = tuple(m / math.sqrt(dot(mean, mean)) for m in mean)
    ours = [turn(mean, pose[1]) for _, pose in shared]
    theirs = [reference[frame][1] for frame, _ in shared]
    n = len(shared)
    centre_a = tuple(sum(p[k] for p in ours) / n for k in range(3))
    centre_b = tuple(sum(p[k] for p in theirs) / n for k in range(3))
    a = [subtract(p, centre_a) for p in ours]
    b = [subtract(p, centre_b) for p in theirs]
    square = sum(dot(x, x) for x in a)
    scale = sum(dot(x, y) for x, y in zip(a, b)) / square if square > 0 else 0.0
    path = sum(length(subtract(theirs[i + 1], theirs[i])) for i in range(n - 1))
    ways = [length(subtract(tuple(scale * v for v in x), y)) for x, y in zip(a, b)]
    turns = [angle_deg(multiply(mean, pose[0]), reference[frame][0]) for frame, pose in shared]
    return {"rotation_deg": statistics.median(turns),
            "position_share": statistics.median(ways) / path if path > 0 else 0.0, "n": n}


def real_clips(options):
    clips = []
    for name, stride, width in REAL:
        described = options.clips / f"{name}.json"
        if not described.exists():
            print(f"{name}: not in {options.clips}, left out", file=sys.stderr)
            continue
        tracks, spent_s = tracks_of(options.hearth, options.clips / f"{name}.mp4", None,
                                    options.work / name)
        baseline = json.loads(described.read_text())["baselines"]["colmap_3_8_cpu"]
        models = [m["registered"] / baseline["images_given"] for m in baseline["models"]]
        by_chunk = {}
        for c in tracks["camera"] if tracks else []:
            by_chunk[c["chunk"]] = by_chunk.get(c["chunk"], 0) + (1 if c["observed"] else 0)
        frames = tracks["frames"] if tracks else 0
        clip = {"name": name, "frames": frames,
                "share": sum(by_chunk.values()) / max(1, frames),
                "largest": max(by_chunk.values(), default=0) / max(1, frames),
                "chunks": len(by_chunk), "colmap_all": sum(models), "colmap_largest": max(models),
                "source": tracks["camera_model"]["source"] if tracks else "none",
                "cpu_ms": 1e3 * spent_s / max(1, frames) if spent_s is not None else None}
        folder = (options.colmap or options.work / "colmap") / name
        if options.run_colmap and not list(folder.glob("sp/*/images.txt")):
            run_colmap(options.run_colmap, options.clips / f"{name}.mp4", stride, width, folder)
        reference = colmap_poses(folder, stride)
        clip["agreement"] = agreement(tracks, reference) if tracks and reference else None
        clips.append(clip)
        print(json.dumps(clip), flush=True)
    return clips


def row(what, unit, value, floor, target, baseline, n):
    return {"what": what, "unit": unit, "value": value, "floor": floor, "target": target,
            "baseline": baseline, "n": n}


def median_of(values):
    values = [v for v in values if v is not None]
    return statistics.median(values) if values else None


def filmed_rows(takes):
    known = [t["known"] for t in takes if t["known"]]
    blind = [t["blind"] for t in takes if t["blind"]]
    n = len(takes)
    rows = []
    for label, errors in (("", known), (", focal unknown", blind)):
        barred = label == ""
        rows.append(row(f"filmed: camera position{label}", "share of extent",
                        median_of(e["position_share"] for e in errors),
                        0.12 if barred else None, 0.05 if barred else None,
                        median_of(e["frozen_position_share"] for e in errors), n))
        rows.append(row(f"filmed: camera rotation{label}", "deg",
                        median_of(e["rotation_deg"] for e in errors),
                        0.8 if barred else None, 0.3 if barred else None,
                        median_of(e["frozen_rotation_deg"] for e in errors), n))
    rows.append(row("filmed: focal length without calibration", "share",
                    median_of(t["focal_error"] for t in takes), 0.12, 0.05,
                    median_of(t["guess_error"] for t in takes), n))
    rows.append(row("filmed: takes whose focal length was estimated", "count",
                    sum(t["estimated"] for t in takes), None, None, None, n))
    rows.append(row("filmed: 90 % interval covers the focal length", "share",
                    statistics.mean(1.0 if t["covered"] else 0.0 for t in takes), None, None,
                    None, n))
    rows.append(row("camera CPU per frame at 480p, calibrated", "ms",
                    median_of(t["cpu_ms"][0] for t in takes if t["cpu_ms"]), 60, 30, None, n))
    rows.append(row("camera CPU per frame at 480p, focal unknown", "ms",
                    median_of(t["cpu_ms"][-1] for t in takes if t["cpu_ms"]), 60, 30, None, n))
    return rows


def real_rows(clips):
    rows = []
    for c in clips:
        rows.append(row(f"real: {c['name']}, frames registered", "share", c["share"],
                        c["colmap_all"], None, c["colmap_all"], c["frames"]))
        rows.append(row(f"real: {c['name']}, largest trajectory", "share", c["largest"],
                        c["colmap_largest"], 1.0, c["colmap_largest"], c["frames"]))
    judged = [c for c in clips if c["agreement"]]
    for c in judged:
        agreed = c["agreement"]
        rows.append(row(f"real: {c['name']}, rotation against COLMAP", "deg",
                        agreed["rotation_deg"], 3.0, 1.0, None, agreed["n"]))
        rows.append(row(f"real: {c['name']}, position over path against COLMAP", "share",
                        agreed["position_share"], 0.05, 0.02, None, agreed["n"]))
    return rows


def same_bytes(options):
    """One take again with one thread: are the tracks the same bytes as with two?"""
    seed = int(options.seeds.split("-")[0])
    folder = options.work / f"take_{seed:03d}"
    one = folder / "one_thread"
    if not (one / "tracks.json").exists():
        perceive(options.hearth, folder / "guess" / "episode", one, 1)
    same = (one / "tracks.json").read_bytes() == \
        (folder / "guess" / "tracks" / "tracks.json").read_bytes()
    return row("same tracks with one and two threads", "yes", 1 if same else 0, 1, 1, None, 1)


def main():
    options = parse_arguments()
    options.work.mkdir(parents=True, exist_ok=True)
    rows = filmed_rows(film_takes(options))
    rows.append(same_bytes(options))
    if options.clips and options.clips.exists():
        rows += real_rows(real_clips(options))
    else:
        print("no clips folder: real clips are left out", file=sys.stderr)
    for r in rows:
        shown = [("-" if r[k] is None else f"{r[k]:.4g}") for k in
                 ("value", "floor", "target", "baseline")]
        print(f"{r['what']:<62} {r['unit']:<16} {' '.join(f'{s:>9}' for s in shown)}  n={r['n']}")
    options.result.write_text(json.dumps(rows, indent=1) + "\n")


if __name__ == "__main__":
    main()
