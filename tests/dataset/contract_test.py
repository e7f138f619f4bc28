# SPDX-License-Identifier: Apache-2.0
"""Opens a sample dataset (tests/dataset/sample.cpp) by the calls that LeRobot 0.6.1's loader makes, with the real
libraries that it makes them with: datasets, pandas, pyarrow, PyAV.

usage: contract_test.py DATASET     exit 0 and a last line `contract: ok`, or an assertion.
"""
import gzip
import io
import json
import os
import pathlib
import sys
import tempfile

CACHE = tempfile.TemporaryDirectory(prefix="hearth-hf-")
os.environ.update(HF_HUB_OFFLINE="1", HF_HOME=CACHE.name, HF_DATASETS_CACHE=CACHE.name + "/datasets")

import av  # noqa: E402  the caches above must be set first
import datasets  # noqa: E402
import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402
import pyarrow.parquet as pq  # noqa: E402

datasets.disable_progress_bars()

LENGTHS = [3, 61, 8]
TASKS = ["put the box down", "stelle die Schüssel ab 碗"]
TASK_OF_EPISODE = [0, 0, 1]
SUCCESS = [True, False, True]
STATISTICS = ["min", "max", "mean", "std", "q01", "q10", "q50", "q90", "q99"]
TOLERANCE_S = 1e-4  # the loader's
CODEC_LOSS = 4      # grey levels


def grey(episode, frame, camera):
    """Level of a frame; its colour is (level, 40, level // 2)."""
    return 40 + (frame * 2 + episode * 23 + camera * 71) % 160


def hf_features(features):
    """The schema that the loader derives from info.json."""
    out = {}
    for key, feature in features.items():
        if feature["dtype"] == "video":
            continue
        if feature["dtype"] == "image":
            out[key] = datasets.Image()
        elif feature["shape"] == [1]:
            out[key] = datasets.Value(dtype=feature["dtype"])
        else:
            out[key] = datasets.Sequence(length=feature["shape"][0], feature=datasets.Value(dtype=feature["dtype"]))
    return datasets.Features(out)


def load_tables(folder, features=None):
    return datasets.Dataset.from_parquet([str(p) for p in sorted(folder.glob("*/*.parquet"))], features=features)


def check_info(root):
    info = json.loads((root / "meta/info.json").read_text())
    assert info["codebase_version"].split(".")[0] == "v3"
    assert info["total_episodes"] == len(LENGTHS) and info["total_frames"] == sum(LENGTHS)
    assert info["total_tasks"] == len(TASKS)
    for key, feature in info["features"].items():
        assert "/" not in key
        assert feature["dtype"] in {"video", "image", "bool", "float32", "int64"}, "Rerun's readers know no other"
    return info


def check_tasks(root):
    tasks = pd.read_parquet(root / "meta/tasks.parquet")
    tasks.index.name = "task"
    for i, text in enumerate(TASKS):
        assert tasks.iloc[i].name == text and int(tasks.iloc[i]["task_index"]) == i
    plain = pq.read_table(root / "meta/tasks.parquet").column("__index_level_0__").to_pylist()
    assert plain == TASKS
    return tasks


def check_episodes(root):
    episodes = load_tables(root / "meta/episodes")
    statistics = [key for key in episodes.features if key.startswith("stats/")]
    assert len(statistics) % 10 == 0 and statistics
    shown = episodes.select_columns([key for key in episodes.features if not key.startswith("stats/")])
    assert shown["length"][:] == LENGTHS and shown["episode_index"][:] == [0, 1, 2]
    assert [t[0] for t in shown["tasks"]] == [TASKS[t] for t in TASK_OF_EPISODE]
    good = shown.filter(lambda ep: ep["success"])
    assert good["episode_index"][:] == [e for e, s in enumerate(SUCCESS) if s]
    assert shown.filter(lambda ep: ep["hearth/object_mass_kg"] > 0.35)["episode_index"][:] == [2]
    assert shown["hearth/seed"][:] == [100, 101, 102]
    return episodes


def check_statistics(root, info, data):
    stats = json.loads((root / "meta/stats.json").read_text())
    for key, feature in info["features"].items():
        visual = feature["dtype"] in ("video", "image")
        shape = (feature["shape"][2], 1, 1) if visual else tuple(feature["shape"])
        for field in STATISTICS:
            assert np.array(stats[key][field]).shape == shape, (key, field)
        assert np.array(stats[key]["count"]).shape == (1,)
        if visual:
            assert (np.array(stats[key]["min"]) >= 0).all()
            continue
        values = np.array(data[key], dtype=np.float64).reshape(len(data), -1)
        expected = {"min": values.min(0), "max": values.max(0), "mean": values.mean(0), "std": values.std(0)}
        expected |= {f"q{q:02d}": np.quantile(values, q / 100, axis=0) for q in (1, 10, 50, 90, 99)}
        for field, value in expected.items():
            np.testing.assert_allclose(stats[key][field], value, rtol=1e-9, atol=1e-9, err_msg=f"{key} {field}")


def check_data(root, info, tasks):
    features = hf_features(info["features"])
    data = load_tables(root / "data", features)
    assert data.features == features
    own = load_tables(root / "data").features  # as in streaming: lists lose their fixed length, all else is the same
    assert list(own) == list(features)
    assert all(own[k] == f for k, f in features.items() if not isinstance(f, (datasets.Sequence, datasets.List)))
    pictures = [k for k, f in info["features"].items() if f["dtype"] == "image"]
    rows = data.remove_columns(pictures).with_format("numpy")
    assert set(rows.unique("episode_index")) == set(range(len(LENGTHS)))
    assert (rows["index"][:] == np.arange(sum(LENGTHS))).all()
    start = 0
    for episode, length in enumerate(LENGTHS):
        part = rows[start:start + length]
        start += length
        assert (part["episode_index"] == episode).all() and (part["frame_index"] == np.arange(length)).all()
        assert part["timestamp"].dtype == np.float32
        assert (part["timestamp"] == (np.arange(length) / info["fps"]).astype(np.float32)).all()
        steps = np.diff(part["timestamp"].astype(np.float64))
        assert (np.abs(steps - 1 / info["fps"]) <= TOLERANCE_S).all(), "the rule of version 2.1"
        assert part["next.done"].tolist() == [False] * (length - 1) + [True]
        assert part["next.success"].tolist() == [False] * (length - 1) + [SUCCESS[episode]]
        names = {tasks.iloc[int(t)].name for t in part["task_index"]}
        assert names == {TASKS[TASK_OF_EPISODE[episode]]}
    for path in (root / "data").glob("*/*.parquet"):
        metadata = pq.ParquetFile(path).metadata
        assert metadata.num_row_groups == len(LENGTHS) and b"huggingface" in metadata.metadata
    return data


def decode(path):
    """All frames of a video by PyAV: time stamps in seconds and pictures."""
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        rate, base, names = stream.average_rate, stream.time_base, stream.codec_context.name
        frames = [(float(f.pts * base), f.to_ndarray(format="rgb24")) for f in container.decode(stream)]
    return rate, names, frames


def check_videos(root, info, episodes):
    for number, camera in enumerate(k for k, f in info["features"].items() if f["dtype"] == "video"):
        opened = {}
        for episode in range(len(LENGTHS)):
            ep = episodes[episode]
            path = root / info["video_path"].format(video_key=camera,
                                                    chunk_index=ep[f"videos/{camera}/chunk_index"],
                                                    file_index=ep[f"videos/{camera}/file_index"])
            if path not in opened:
                opened[path] = decode(path)
            rate, codec, frames = opened[path]
            assert rate == info["fps"], f"average rate {rate}"
            assert codec == info["features"][camera]["info"]["video.codec"]
            times = np.array([t for t, _ in frames])
            assert np.abs(times - np.arange(len(frames)) / info["fps"]).max() < 1e-5
            begin = ep[f"videos/{camera}/from_timestamp"]
            assert abs(ep[f"videos/{camera}/to_timestamp"] - begin - ep["length"] / info["fps"]) < 1e-9
            for k in range(ep["length"]):
                query = np.float32(begin + float(np.float32(k / info["fps"])))
                distance = np.abs(times.astype(np.float32) - query)
                assert distance.min() < TOLERANCE_S
                picture = frames[int(distance.argmin())][1]
                assert picture.shape == tuple(info["features"][camera]["shape"])
                level = grey(episode, k, number)
                error = np.abs(picture.mean((0, 1)) - [level, 40, level // 2]).max()
                assert error < CODEC_LOSS, (camera, episode, k, error)


def check_extras(root):
    for episode, length in enumerate(LENGTHS):
        folder = root / f"extras/episode_{episode:06d}"
        meta = json.loads((folder / "ep_meta.json").read_text())
        assert meta["seed"] == 100 + episode and meta["success"] == SUCCESS[episode]
        assert meta["recipe"]["edits"][0]["MoveStart"]["dx_m"] == 0.1 and meta["notes"]["engine"] == "mujoco 4.0.1"
        states = np.load(folder / "states.npz", allow_pickle=False)["states"]
        assert states.shape == (length + 1, 2) and (states == 0.25).all()
        packed = (folder / "model.xml.gz").read_bytes()
        assert gzip.decompress(packed).decode() == f'<mujoco model="m{episode}"/>'
        assert packed[4:8] == b"\0\0\0\0", "gzip must carry no time"


def png_values(picture):
    """A 16-bit PNG by PyAV: what reads the videos reads these, without a further package."""
    with av.open(io.BytesIO(picture)) as container:
        return next(container.decode(video=0)).to_ndarray(format="gray16le")


def check_stills(info, data):
    keys = [k for k, f in info["features"].items() if f["dtype"] == "image"]
    plain = data.select_columns(["episode_index", "frame_index"])
    for key in keys:
        height, width, _ = info["features"][key]["shape"]
        raw = data.select_columns([key]).cast_column(key, datasets.Image(decode=False))
        for row in (0, 3, 10, sum(LENGTHS) - 1):
            picture = raw[row][key]["bytes"]
            assert picture.startswith(b"\x89PNG") and raw[row][key]["path"] is None
            values = png_values(picture)
            expected = plain[row]["frame_index" if key.endswith("_depth") else "episode_index"] + 1
            assert values.shape == (height, width) and (values == expected).all(), (key, row)


def main():
    root = pathlib.Path(sys.argv[1])
    info = check_info(root)
    tasks = check_tasks(root)
    episodes = check_episodes(root)
    data = check_data(root, info, tasks)
    check_statistics(root, info, data)
    check_videos(root, info, episodes)
    check_stills(info, data)
    check_extras(root)
    print(f"datasets {datasets.__version__}, pandas {pd.__version__}, av {av.__version__}")
    print("contract: ok")


if __name__ == "__main__":
    main()
