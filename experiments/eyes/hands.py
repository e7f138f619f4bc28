#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How well hands are found and measured: real clips against labels made by eye, filmed takes against their truth.

usage: experiments/eyes/hands.py --hearth PROGRAM [--clips FOLDER] [--seeds 1-20] [--work FOLDER] [--result FILE]
Takes that were filmed before are reused; what the program says about them is made anew when the program changes.
"""
import argparse
import hashlib
import json
import math
import os
import pty
import random
import statistics
import subprocess
import sys
import threading
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
LABELS = ROOT / "tests" / "data" / "hand_labels.json"
MIN_HAND_PX = 300  # visible pixels from which a filmed hand counts as visible
Z90 = 1.6449
TICK_S = 1.0 / os.sysconf("SC_CLK_TCK")


# ---- running the program -------------------------------------------------------------------------------------------
def call(command, log):
    with open(log, "a") as out:
        out.write("$ " + " ".join(map(str, command)) + "\n")
        out.flush()
        return subprocess.run(list(map(str, command)), stdout=out, stderr=out).returncode


def cpu_s(pid):
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) * TICK_S


def perceive(hearth, episode, tracks, log, jobs=0):
    """Runs perceive; returns the CPU seconds it had used when the camera's turn came. None: it was not seen."""
    master, slave = pty.openpty()  # progress is only written to a terminal
    command = [str(hearth), "perceive", str(episode), "-o", str(tracks), "--jobs", str(jobs)]
    with open(log, "a") as out:
        process = subprocess.Popen(command, stdout=out, stderr=slave)
    os.close(slave)
    found = []

    def watch():
        text = b""
        while True:
            try:
                piece = os.read(master, 4096)
            except OSError:
                return
            if not piece:
                return
            text = text[-64:] + piece
            if not found and b"following the camera" in text:
                try:
                    found.append(cpu_s(process.pid))
                except OSError:
                    return

    reader = threading.Thread(target=watch)
    reader.start()
    code = process.wait()
    reader.join()
    os.close(master)
    if code != 0:
        sys.exit(f"perceive ended with {code}; see {log}")
    return found[0] if found else None


def seen_by(options, name, clip, camera=None):
    """(episode, tracks, CPU ms per frame of the hands) of one clip; reused while the program is the same."""
    folder = options.work / options.program_id / name
    record = folder / "done.json"
    log = options.work / "log.txt"
    if not record.exists():
        folder.mkdir(parents=True, exist_ok=True)
        command = [options.hearth, "ingest", clip, "-o", folder / "episode"]
        if camera:
            command += ["--camera", camera]
        if call(command, log) != 0:
            sys.exit(f"ingest of {clip} failed; see {log}")
        cpu = perceive(options.hearth, folder / "episode", folder / "tracks", log)
        record.write_text(json.dumps({"hands_cpu_s": cpu}))
    episode = json.loads((folder / "episode" / "episode.json").read_text())
    tracks = json.loads((folder / "tracks" / "tracks.json").read_text())
    cpu = json.loads(record.read_text())["hands_cpu_s"]
    return episode, tracks, None if cpu is None else 1e3 * cpu / len(episode["frame_time_ns"]), folder


# ---- boxes -----------------------------------------------------------------------------------------------------------
def iou(a, b):
    w = min(a[2], b[2]) - max(a[0], b[0])
    h = min(a[3], b[3]) - max(a[1], b[1])
    if w <= 0 or h <= 0:
        return 0.0
    return w * h / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - w * h)


def box_of(joints, width, height):
    """Box of the joints, cut at the frame's edge as the labels are."""
    x = [min(max(p[0], 0), width) for p in joints]
    y = [min(max(p[1], 0), height) for p in joints]
    return [min(x), min(y), max(x), max(y)]


def observed_by_frame(tracks, width, height):
    by_frame = {}
    for track in tracks["hands"]:
        for o in track["observations"]:
            if o["observed"]:
                seen = {"track": track, "box": box_of(o["joints_px"], width, height), "observation": o}
                by_frame.setdefault(o["frame"], []).append(seen)
    return by_frame


def pair_up(hands, seen):
    """Pairs of labelled and seen boxes, best overlap first, at IoU >= .3."""
    order = sorted(((iou(h["box_px"], s["box"]), i, k) for i, h in enumerate(hands) for k, s in enumerate(seen)),
                   reverse=True)
    pairs, used_hands, used_seen = [], set(), set()
    for overlap, i, k in order:
        if overlap >= 0.3 and i not in used_hands and k not in used_seen:
            pairs.append((i, k))
            used_hands.add(i)
            used_seen.add(k)
    return pairs


# ---- real clips ------------------------------------------------------------------------------------------------------
def one_clip(label, episode, tracks):
    """Counts on the labelled frames of one clip. A repeated frame shows what the frame before it showed."""
    by_frame = observed_by_frame(tracks, label["width_px"], label["height_px"])
    repeated = set(episode["repeated_frames"])
    count = {"hands": 0, "found": 0, "side": 0, "prior": 0, "false": 0, "missed": []}
    running = {}  # track id -> it was on no hand in the labelled frame before
    prior = prior_boxes(label)
    for frame in label["frames"]:
        original = frame["frame"]
        while original in repeated:
            original -= 1
        everything = by_frame.get(original, [])
        seen = [s for s in everything if s["track"]["wearer"]]
        pairs = pair_up(frame["hands"], seen)
        count["hands"] += len(frame["hands"])
        count["found"] += len(pairs)
        count["side"] += sum(1 for i, k in pairs if seen[k]["track"]["side"] == frame["hands"][i]["side"])
        count["missed"] += [(frame["frame"], h["side"]) for i, h in enumerate(frame["hands"])
                            if i not in [p[0] for p in pairs]]
        count["prior"] += len(pair_up(frame["hands"], [{"box": b} for b in prior]))
        # False: on no labelled and no unclear hand. A run of such frames of one track is one false hand track.
        now = {}
        for s in seen:
            near = [h["box_px"] for h in frame["hands"]] + frame["unclear"]
            if all(iou(s["box"], b) < 0.1 for b in near):
                now[s["track"]["id"]] = True
        count["false"] += sum(1 for track in now if track not in running)
        running = now
    return count


def prior_boxes(label):
    """Where hands of other clips are: the mean labelled box of each side over all other clips, in shares."""
    boxes = {"left": [], "right": []}
    for other in ALL_LABELS["clips"].values():
        if other is label:
            continue
        for frame in other["frames"]:
            for hand in frame["hands"]:
                b = hand["box_px"]
                w, h = other["width_px"], other["height_px"]
                boxes[hand["side"]].append([b[0] / w, b[1] / h, b[2] / w, b[3] / h])
    mean = []
    for side in ("left", "right"):
        m = [statistics.mean(b[i] for b in boxes[side]) for i in range(4)]
        mean.append([m[0] * label["width_px"], m[1] * label["height_px"], m[2] * label["width_px"], m[3] * label["height_px"]])
    return mean


def false_where_no_hand_is(spans, tracks, width, height):
    """(frames, false hand tracks) in spans of frames that show no hand of the wearer."""
    by_frame = observed_by_frame(tracks, width, height)
    frames = false = 0
    for first, last in spans:
        ids = set()
        for k in range(first, last + 1):
            frames += 1
            ids |= {s["track"]["id"] for s in by_frame.get(k, []) if s["track"]["wearer"]}
        false += len(ids)
    return frames, false


def real_clips(options, rows):
    recalls, priors, false, sides, free_frames, free_false, cpu = [], [], 0, [0, 0], 0, 0, []
    print(f"{'clip':26} {'hands':>5} {'found':>5} {'recall':>6} {'prior':>5} {'side ok':>7} {'false':>5} {'CPU-ms':>6}  missed (frame side)")
    for name, label in ALL_LABELS["clips"].items():
        episode, tracks, ms, _ = seen_by(options, name, options.clips / f"{name}.mp4")
        c = one_clip(label, episode, tracks)
        recalls.append(c["found"] / c["hands"])
        priors.append(c["prior"] / c["hands"])
        false += c["false"]
        sides = [sides[0] + c["side"], sides[1] + c["found"]]
        if ms is not None:
            cpu.append((name, ms))
        frames, wrong = false_where_no_hand_is(label.get("no_hand", []), tracks, label["width_px"], label["height_px"])
        free_frames += frames
        free_false += wrong
        missed = " ".join(f"{f}{s[0]}" for f, s in c["missed"])
        print(f"{name:26} {c['hands']:>5} {c['found']:>5} {recalls[-1]:>6.3f} {priors[-1]:>5.2f} {c['side']:>7} {c['false']:>5} "
              f"{ms or math.nan:>6.1f}  {missed}", flush=True)
        rows.append(row(f"recall of visible wearer's hands, {name}", "share", recalls[-1], n=c["hands"], baseline=priors[-1]))
    for name, spans in ALL_LABELS["no_hand"].items():
        episode, tracks, _, _ = seen_by(options, name, options.clips / f"{name}.mp4")
        frames, wrong = false_where_no_hand_is(spans, tracks, episode["width_px"], episode["height_px"])
        free_frames += frames
        free_false += wrong
    rows.append(row("recall of visible wearer's hands, mean over ten clips", "share", statistics.mean(recalls), 0.85, 0.93,
                    statistics.mean(priors), len(recalls)))
    rows.append(row("side right where found", "share", sides[0] / max(1, sides[1]), baseline=0.5, n=sides[1]))
    rows.append(row("false hand tracks on the ten clips", "count", false, 3, 0, 2 * len(recalls), len(recalls)))
    if free_frames:
        rows.append(row("false hand tracks per 1,000 hand-free frames, real clips", "1/1000 frames",
                        1e3 * free_false / free_frames, 1, 0.2, 1e3, free_frames))
    # 480p: the clips of 360 to 400 lines; the cost hangs on the hands, hardly on the size.
    near = [ms for name, ms in cpu if ALL_LABELS["clips"][name]["height_px"] >= 280]
    if cpu:
        rows.append(row("CPU per frame for hands, ten clips, mean", "ms", statistics.mean(ms for _, ms in cpu), n=len(cpu)))
        rows.append(row("CPU per frame for hands, clips of 288 to 1080 lines, mean", "ms", statistics.mean(near), n=len(near)))


# ---- filmed takes ----------------------------------------------------------------------------------------------------
def sub(a, b):
    return [a[0] - b[0], a[1] - b[1], a[2] - b[2]]


def norm(v):
    return math.sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2])


def into_camera(world_from_camera, p):
    """p_in_world -> p_in_camera for a pose {position_m, rotation (w, x, y, z)}."""
    w, x, y, z = (world_from_camera["rotation"][axis] for axis in "wxyz")
    v = sub(p, world_from_camera["position_m"])
    # inverse rotation: conjugate quaternion
    t = [2 * (-y * v[2] + z * v[1]), 2 * (-z * v[0] + x * v[2]), 2 * (-x * v[1] + y * v[0])]
    c = [-y * t[2] + z * t[1], -z * t[0] + x * t[2], -x * t[1] + y * t[0]]
    return [v[i] + w * t[i] + c[i] for i in range(3)]


def take_of(options, seed):
    take = options.takes / f"{seed:03d}" / "take"
    if not (take / "truth" / "truth.json").exists() or not (take / "clip.mp4").exists():
        take.parent.mkdir(parents=True, exist_ok=True)
        command = [options.hearth, "film", "--chore", "place", "--seed", seed, "-o", take]
        if call(command, options.work / "log.txt") != 0:
            sys.exit(f"film {seed} failed; see {options.work / 'log.txt'}")
    return take


def length_from_cues(options, folder):
    """Hand length by side that reconstruct found; empty where it found nothing."""
    home = folder / "home"
    if not home.exists():
        call([options.hearth, "reconstruct", folder / "episode", folder / "tracks", "-o", home], options.work / "log.txt")
    lengths = {}
    for side in ("left", "right"):
        file = home / f"hand_{side}.json"
        if file.exists():
            lengths[side] = json.loads(file.read_text())["hand_length_m"]["value"]
    return lengths


def film_take(options, seed):
    """Per frame and hand that was found: errors in the camera frame, sigmas, and the track for jitter and lag."""
    take = take_of(options, seed)
    episode, tracks, cpu, folder = seen_by(options, f"take_{seed:03d}", take / "clip.mp4", take / "clip.camera.json")
    cues = length_from_cues(options, folder)
    truth = json.loads((take / "truth" / "truth.json").read_text())
    camera = truth["camera_model"]
    focal = 0.5 * (camera["fx_px"] + camera["fy_px"])
    path = truth["home"]["camera_path"]["samples"]
    by_frame = observed_by_frame(tracks, camera["width_px"], camera["height_px"])
    found, visible, hit, free, false = [], 0, 0, 0, set()
    active = truth["active_hand"]
    for k in range(len(truth["frame_time_ns"])):
        px = {"left": truth["left_hand_px"][k], "right": truth["right_hand_px"][k]}
        if not any(px.values()):
            free += 1
            false |= {s["track"]["id"] for s in by_frame.get(k, [])}
        for hand in truth["home"]["hands"]:
            side = hand["side"]
            if px[side] < MIN_HAND_PX:
                continue
            visible += 1
            joints = [into_camera(path[k]["world_from_camera"], p)
                      for p in hand["spans"][0]["samples"][k]["joints_in_world_m"]]
            pixels = [[camera["fx_px"] * p[0] / p[2] + camera["cx_px"], camera["fy_px"] * p[1] / p[2] + camera["cy_px"]]
                      for p in joints]
            label = [{"box_px": box_of(pixels, camera["width_px"], camera["height_px"])}]
            seen = by_frame.get(k, [])
            pairs = pair_up(label, seen)
            if not pairs:
                continue
            hit += 1
            s = seen[pairs[0][1]]
            o, track = s["observation"], s["track"]
            true_length = hand["hand_length_m"]["value"]
            scale = true_length / track["hand_length_m"]
            cue = cues.get(track["side"], track["hand_length_m"]) / track["hand_length_m"]
            mine = [[scale * v for v in p] for p in o["joints_in_camera_m"]]
            from_cues = [[cue * v for v in p] for p in o["joints_in_camera_m"]]
            depth = joints[0][2]
            prior_depth = 0.5 / max(1e-6, o["joints_in_camera_m"][0][2])
            prior = [[prior_depth * v for v in p] for p in o["joints_in_camera_m"]]
            error = sub(mine[0], joints[0])
            ray = [v / norm(mine[0]) for v in mine[0]]
            along = sum(error[i] * ray[i] for i in range(3))
            across = [error[i] - along * ray[i] for i in range(3)]
            found.append({
                "seed": seed, "frame": k, "side": side, "active": side == active, "wrist": norm(error),
                "time_s": 1e-9 * truth["frame_time_ns"][k],
                "joints": statistics.median(norm(sub(a, b)) for a, b in zip(mine, joints)),
                "joints_cues": statistics.median(norm(sub(a, b)) for a, b in zip(from_cues, joints)),
                "joints_prior": statistics.median(norm(sub(a, b)) for a, b in zip(prior, joints)),
                "along_in": abs(along) <= Z90 * o["depth_sigma_m"] * scale,
                "across_in": [abs(v) <= Z90 * o["sigma_px"] * depth / focal for v in across[:2]],
                "along": along / (o["depth_sigma_m"] * scale), "across": [v / (o["sigma_px"] * depth / focal) for v in across[:2]],
                "mine": mine[0], "true": joints[0]})
    return {"seed": seed, "found": found, "visible": visible, "hit": hit, "free": free, "false": len(false), "cpu": cpu}


def runs_of(found, keep):
    """Unbroken runs of frames of one hand of one take."""
    runs = []
    for f in sorted((f for f in found if keep(f)), key=lambda f: (f["seed"], f["side"], f["frame"])):
        last = runs[-1][-1] if runs else None
        if last and (last["seed"], last["side"], last["frame"] + 1) == (f["seed"], f["side"], f["frame"]):
            runs[-1].append(f)
        else:
            runs.append([f])
    return runs


def jitter_m(found):
    """RMS of the wrist's error from frame to frame, idle hand: second differences, so that slow errors do not count."""
    squares = []
    for run in runs_of(found, lambda f: not f["active"]):
        for a, b, c in zip(run, run[1:], run[2:]):
            e = [sub(f["mine"], f["true"]) for f in (a, b, c)]
            squares.append(sum((e[0][i] - 2 * e[1][i] + e[2][i]) ** 2 for i in range(3)) / (6.0 * 3.0))
    return (math.sqrt(statistics.mean(squares)), len(squares)) if squares else (None, 0)


def lag_frames(found):
    """Shift of the estimated against the true speed of the active hand that correlates best, in frames, per run."""
    lags = []
    for run in runs_of(found, lambda f: f["active"]):
        if len(run) < 45:
            continue
        speed = {}
        for which in ("mine", "true"):
            speed[which] = [norm(sub(b[which], a[which])) for a, b in zip(run, run[1:])]
        if max(speed["true"]) < 0.005:
            continue
        score = []
        for shift in range(-4, 5):
            pairs = [(speed["mine"][i + shift], speed["true"][i]) for i in range(4, len(speed["true"]) - 4)]
            a, b = zip(*pairs)
            score.append(statistics.correlation(a, b))
        best = max(range(1, 8), key=lambda i: score[i])
        left, mid, right = score[best - 1], score[best], score[best + 1]
        bend = left - 2 * mid + right
        lags.append(best - 4 + (0.5 * (left - right) / bend if bend < 0 else 0.0))
    return lags


def coverage(found):
    """Shares of 90 % intervals that hold the truth: along the ray, across it, and all three axes together."""
    along = [f["along_in"] for f in found]
    across = [v for f in found for v in f["across_in"]]
    return statistics.mean(along), statistics.mean(across), (sum(along) + sum(across)) / (len(along) + len(across))


def draws(takes, per_hand):
    """Frames of each hand at least a second apart, drawn by seed: nearly independent."""
    picked = []
    for take in takes:
        for side in ("left", "right"):
            frames = [f for f in take["found"] if f["side"] == side]
            rng = random.Random(1000 * take["seed"] + (side == "right"))
            rng.shuffle(frames)
            mine = []
            for f in frames:
                if len(mine) < per_hand and all(abs(f["time_s"] - g["time_s"]) >= 1.0 for g in mine):
                    mine.append(f)
            picked += mine
    return picked


def filmed(options, rows):
    first, last = (int(v) for v in options.seeds.split("-"))
    takes = []
    for seed in range(first, last + 1):
        takes.append(film_take(options, seed))
        t = takes[-1]
        joints = statistics.median(f["joints"] for f in t["found"]) if t["found"] else math.nan
        print(f"take {seed:3} visible {t['visible']:4} found {t['hit']:4} joints {1e3 * joints:6.1f} mm  "
              f"false {t['false']}  CPU-ms {t['cpu'] or math.nan:.1f}", flush=True)
    found = [f for t in takes for f in t["found"]]
    n = len(takes)
    median = lambda key: statistics.median(statistics.median(f[key] for f in t["found"]) for t in takes if t["found"])
    rows.append(row("filmed: visible hands found", "share", sum(t["hit"] for t in takes) / sum(t["visible"] for t in takes), n=n, baseline=0.0))
    rows.append(row("filmed: joints in the camera frame, median, true hand length given", "m", median("joints"), 0.050, 0.035, median("joints_prior"), n))
    rows.append(row("filmed: joints in the camera frame, median, hand length from cues", "m", median("joints_cues"), 0.080, 0.055, median("joints_prior"), n))
    rows.append(row("filmed: wrist in the camera frame, median, true hand length given", "m", median("wrist"), n=n))
    # The sigmas were set on takes 1-10 of film: those that come after them are the test.
    tested = [t for t in takes if t["seed"] > 10] or takes
    picked = draws(tested, 4)
    along, across, both = coverage(picked)
    rows.append(row("coverage of the 90 % intervals of wrist position, along the ray", "share", along, n=len(picked)))
    rows.append(row("coverage of the 90 % intervals of wrist position, across the ray", "share", across, n=2 * len(picked)))
    rows.append(row("coverage of the 90 % intervals of wrist position", "share", both, [0.80, 0.97], [0.86, 0.94], n=len(picked)))
    jitter, count = jitter_m(found)
    rows.append(row("jitter of the idle hand", "m", jitter, 0.002, 0.0007, n=count))
    lags = lag_frames(found)
    if lags:
        # A fit over all frames cannot lag by itself; what is seen here goes both ways.
        rows.append(row("lag of the active hand while it moves, median size over takes", "frames", statistics.median(abs(v) for v in lags), 1, 0, n=len(lags)))
        rows.append(row("lag of the active hand while it moves, mean over takes", "frames", statistics.mean(lags), n=len(lags)))
    free = sum(t["free"] for t in takes)
    if free:
        rows.append(row("false hand tracks per 1,000 hand-free frames, filmed", "1/1000 frames",
                        1e3 * sum(t["false"] for t in takes) / free, 1, 0.2, 1e3, free))
    cost = [t["cpu"] for t in takes if t["cpu"] is not None]
    if cost:
        rows.append(row("CPU per frame at 480p, hands (two directions)", "ms", statistics.mean(cost), 45, 25, n=len(cost)))


# ---- the table -------------------------------------------------------------------------------------------------------
def row(what, unit, value, floor=None, target=None, baseline=None, n=0):
    return {"what": what, "unit": unit, "value": value, "floor": floor, "target": target, "baseline": baseline, "n": n}


def same_for_threads(options, rows):
    """Tracks of one clip with one and with two threads, byte by byte."""
    name = "ego4d_lavila_stir"
    folder = options.work / options.program_id / name
    texts = []
    for jobs in (1, 2):
        out = options.work / options.program_id / f"jobs_{jobs}"
        if not (out / "tracks.json").exists():
            perceive(options.hearth, folder / "episode", out, options.work / "log.txt", jobs)
        texts.append((out / "tracks.json").read_bytes())
    rows.append(row("same bytes for 1 and 2 threads", "yes = 1", int(texts[0] == texts[1]), 1, 1, n=1))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--hearth", type=Path, default=ROOT / "build" / "release" / "bin" / "hearth")
    parser.add_argument("--clips", type=Path, default=ROOT.parent / "shared" / "data" / "clips")
    parser.add_argument("--seeds", default="1-20", help="first-last; empty: no films")
    parser.add_argument("--work", type=Path, default=ROOT / "runs" / "eyes" / "hands")
    parser.add_argument("--takes", type=Path, default=None, help="folder of takes, NNN/take; default WORK/takes")
    parser.add_argument("--result", type=Path, default=None)
    options = parser.parse_args()
    options.takes = options.takes or options.work / "takes"
    options.work.mkdir(parents=True, exist_ok=True)
    options.program_id = hashlib.sha256(options.hearth.read_bytes()).hexdigest()[:12]
    rows = []
    if options.clips.is_dir():
        real_clips(options, rows)
        same_for_threads(options, rows)
    else:
        print(f"SKIPPED: no clips at {options.clips}; give their folder with --clips")
    if options.seeds:
        filmed(options, rows)
    for r in rows:
        value = "-" if r["value"] is None else f"{r['value']:.4g}"
        print(f"{r['what']:80} {r['unit']:>13} {value:>8}  floor {r['floor']}  target {r['target']}  "
              f"baseline {r['baseline'] if r['baseline'] is None else round(r['baseline'], 3)}  n {r['n']}")
    if options.result:
        options.result.parent.mkdir(parents=True, exist_ok=True)
        options.result.write_text(json.dumps(rows, indent=1) + "\n")


ALL_LABELS = json.loads(LABELS.read_text())

if __name__ == "__main__":
    main()
