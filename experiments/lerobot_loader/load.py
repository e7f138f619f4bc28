# SPDX-License-Identifier: Apache-2.0
"""Opens a dataset with LeRobot itself and reads every item with each video decoder that is installed.

usage: load.py DATASET [BACKEND ...]     backends: pyav, torchcodec; default both
"""
import json
import os
import pathlib
import sys
import tempfile

CACHE = tempfile.TemporaryDirectory(prefix="hearth-hf-")
os.environ.update(HF_HUB_OFFLINE="1", HF_HOME=CACHE.name, HF_DATASETS_CACHE=CACHE.name + "/datasets",
                  HF_LEROBOT_HOME=CACHE.name + "/lerobot")

import lerobot  # noqa: E402
from lerobot.datasets.lerobot_dataset import LeRobotDataset  # noqa: E402


def read_all(root, backend):
    info = json.loads((root / "meta/info.json").read_text())
    dataset = LeRobotDataset("hearth/local", root=root, video_backend=backend)
    assert len(dataset) == info["total_frames"] and dataset.num_episodes == info["total_episodes"]
    tasks, last = set(), None
    for i in range(len(dataset)):
        item = dataset[i]
        assert int(item["index"]) == i and isinstance(item["task"], str)
        tasks.add(item["task"])
        for key, feature in info["features"].items():
            if feature["dtype"] == "video":
                height, width, channels = feature["shape"]
                assert tuple(item[key].shape) == (channels, height, width)
                assert 0.0 <= float(item[key].min()) and float(item[key].max()) <= 1.0
            elif feature["dtype"] == "float32" and feature["shape"] != [1]:
                assert tuple(item[key].shape) == tuple(feature["shape"])
        last = item
    assert len(tasks) == info["total_tasks"]
    for key, feature in info["features"].items():
        if feature["dtype"] == "video":
            assert dataset.meta.stats[key]["mean"].shape == (3, 1, 1)
    return len(dataset), sorted(tasks), {k: tuple(getattr(v, "shape", ())) for k, v in last.items()}


def compare_backends(root):
    """The two decoders see the same pictures within rounding of their colour conversions."""
    sets = [LeRobotDataset("hearth/local", root=root, video_backend=b) for b in ("pyav", "torchcodec")]
    worst = 0.0
    for i in range(0, len(sets[0]), max(1, len(sets[0]) // 20)):
        a, b = sets[0][i], sets[1][i]
        for key in sets[0].meta.video_keys:
            worst = max(worst, float((a[key] - b[key]).abs().max()))
    assert worst < 6 / 255, worst
    return worst


def main():
    root = pathlib.Path(sys.argv[1]).resolve()
    backends = sys.argv[2:] or ["pyav", "torchcodec"]
    print(f"lerobot {lerobot.__version__}")
    for backend in backends:
        frames, tasks, shapes = read_all(root, backend)
        print(f"{backend}: {frames} frames, tasks {tasks}")
    print("last item:", shapes)
    if len(backends) == 2:
        print(f"largest difference between the decoders: {compare_backends(root) * 255:.1f} of 255")
    chosen = LeRobotDataset("hearth/local", root=root, video_backend=backends[0],
                            episode_filter=lambda ep: ep["success"])
    print(f"filtered on success: {chosen.num_episodes} episodes, {len(chosen)} frames")
    print("lerobot loader: ok")


if __name__ == "__main__":
    main()
