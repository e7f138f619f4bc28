# SPDX-License-Identifier: Apache-2.0
"""Brings chosen members of one pinned wheel into a folder; called by cmake/HearthFetch.cmake.

The folder appears whole or not at all: members are unzipped beside it and renamed, under a lock, so that two
configurations may run at once. A folder that is already complete is left alone. Nothing of a wheel is imported.
"""
import argparse
import fcntl
import fnmatch
import hashlib
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile

STAMP = ".complete"


def sha256(path):
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        for block in iter(lambda: file.read(1 << 20), b""):
            digest.update(block)
    return digest.hexdigest()


def wheel_at_hand(folder, wanted_sha256):
    """A wheel of that hash in a folder of the user's, for builds without network."""
    for path in sorted(pathlib.Path(folder).glob("*.whl")) if folder else []:
        if sha256(path) == wanted_sha256:
            return path
    return None


def download(args, folder, log):
    requirement = folder / "requirement.txt"
    requirement.write_text(f"{args.package}=={args.version} --hash=sha256:{args.sha256}\n")
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--require-hashes", "--only-binary=:all:",
               "--implementation", "cp", "--python-version", "3.11", "--abi", "cp311",
               "--platform", "manylinux_2_28_x86_64", "--no-cache-dir", "--retries", "5",
               "--dest", str(folder), "-r", str(requirement)]
    with open(log, "w") as out:
        code = subprocess.run(command, stdout=out, stderr=subprocess.STDOUT, check=False).returncode
    if code != 0:
        raise RuntimeError(f"pip could not download it (see {log}); check the network and run again")
    return next(folder.glob("*.whl"))


def member_target(args, name):
    """Where a member goes below the folder, or None when it is not wanted."""
    if name.endswith("/"):
        return None
    if re.search(r"\.dist-info/.*(licen[cs]e|notice|third-party)", name, re.IGNORECASE):
        return pathlib.PurePosixPath("licenses") / pathlib.PurePosixPath(name).name
    if not any(fnmatch.fnmatchcase(name, pattern) for pattern in args.member):
        return None
    path = pathlib.PurePosixPath(name)
    return pathlib.PurePosixPath(path.name) if args.flat else path.relative_to(path.parts[0])


def unzip(args, wheel, folder):
    matched = set()
    with zipfile.ZipFile(wheel) as archive:
        for name in sorted(archive.namelist()):
            target = member_target(args, name)
            if target is None:
                continue
            matched.update(p for p in args.member if fnmatch.fnmatchcase(name, p))
            path = folder / target
            path.parent.mkdir(parents=True, exist_ok=True)
            with archive.open(name) as source, open(path, "wb") as out:
                shutil.copyfileobj(source, out, 1 << 20)
    for pattern in args.member:
        if pattern not in matched:
            raise RuntimeError(f"the wheel holds nothing that matches {pattern}; the pin in cmake/Dependencies.cmake is wrong")
    for pin in args.file_sha256:
        name, _, wanted = pin.partition("=")
        found = sha256(folder / name)
        if found != wanted:
            raise RuntimeError(f"{name} has sha256 {found}, the pin says {wanted}")


def fetch(args):
    target = pathlib.Path(args.folder)
    key = "\n".join([args.sha256, str(args.flat), *args.member, *args.file_sha256]) + "\n"
    cache = target.parent
    cache.mkdir(parents=True, exist_ok=True)
    with open(cache / f"{target.name}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        stamp = target / STAMP
        if stamp.is_file() and stamp.read_text() == key:
            return
        with tempfile.TemporaryDirectory(prefix=f"{target.name}.", dir=cache) as temporary:
            work = pathlib.Path(temporary)
            wheel = wheel_at_hand(args.wheel_folder, args.sha256)
            if wheel is None:
                wheel = download(args, work, cache / f"{target.name}.log")
            if sha256(wheel) != args.sha256:
                raise RuntimeError(f"{wheel.name} does not have the pinned sha256; delete it and run again")
            (work / "out").mkdir()
            unzip(args, wheel, work / "out")
            (work / "out" / STAMP).write_text(key)
            if target.exists():
                os.rename(target, work / "old")
            os.rename(work / "out", target)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--package", required=True)
    parser.add_argument("--version", required=True)
    parser.add_argument("--sha256", required=True)
    parser.add_argument("--folder", required=True, help="appears complete or not at all")
    parser.add_argument("--wheel-folder", default="", help="looked at before the network")
    parser.add_argument("--member", action="append", default=[], help="pattern of wanted members")
    parser.add_argument("--file-sha256", action="append", default=[], help="NAME=SHA256, checked after unzipping")
    parser.add_argument("--flat", action="store_true", help="drop all folders of the members")
    args = parser.parse_args()
    try:
        fetch(args)
    except (RuntimeError, OSError, zipfile.BadZipFile) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
