# SPDX-License-Identifier: Apache-2.0
"""The rules of the house that a script can read off the sources: floors, headers, names, sizes.

usage: ladder.py [ROOT]     prints one line per violation, `file:line: rule: text`; exit 1 if there is any.
Rules: docs of design and CONTRIBUTING.md; floors: cmake/ladder.txt. Self-test: ladder_selftest.py.
"""
import pathlib
import re
import sys

SOURCE_SUFFIXES = {".cpp", ".h"}
MAX_LINES = 500
MUJOCO_HANDLE = "sim/engine/mujoco_handle.h"
HANDLE_USERS = {"physics", "retarget"}  # their .cpp files may include the engine's private header

STANDARD_HEADERS = set("""
algorithm any array atomic barrier bit bitset cctype cerrno cfenv cfloat charconv chrono cinttypes climits cmath
compare complex concepts condition_variable csignal cstdarg cstddef cstdint cstdio cstdlib cstring ctime deque
exception execution filesystem forward_list fstream functional future initializer_list iomanip ios iosfwd iostream
istream iterator latch limits list locale map memory memory_resource mutex new numbers numeric optional ostream queue
random ranges ratio regex scoped_allocator semaphore set shared_mutex source_location span sstream stack stdexcept
stop_token streambuf string string_view system_error thread tuple type_traits typeindex typeinfo unordered_map
unordered_set utility valarray variant vector version""".split())

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')
MUJOCO_NAME = re.compile(r"\b(mj[suvrdcg]?_\w+|mj[A-Z]\w*)\b")
PRINTING = re.compile(r"\b(std::(cout|cerr|clog)|printf|fprintf|puts|fputs|perror)\b")
# MuJoCo's string handles alias a std::string of another ABI: reading through one crashes.
HANDLE_DEREFERENCE = re.compile(
    r"\*\s*mjs_getName\s*\(|mjs_getName\s*\([^()]*\)\s*->"
    r"|\*\s*\w+\s*->\s*(name|classname|info|file|content_type|material|target|objname|refname|meshname|plugin_name)\b"
    r"|->\s*(name|classname|info|file|material|target|objname|refname|meshname)\s*->"
    r"|(static_cast|reinterpret_cast)<\s*(const\s+)?(std::string|mjString)\s*\*?\s*[*&]\s*>")
UNKEYED_RANDOM = re.compile(r"\b(std::(mt19937\w*|random_device|default_random_engine|\w+_distribution)|s?rand\s*\()")
FLOAT_ORDER = re.compile(r"#\s*pragma\s+omp\b.*\breduction\s*\(")
WALL_CLOCK = re.compile(r"\bsystem_clock\b|\bstd::time\s*\(|\bgettimeofday\b")
VAGUE_TYPE = re.compile(r"\b(class|struct|enum class)\s+(\w*(Manager|Util|Utils|Controller|Context|Impl))\b")
NEGATIVE_NAME = re.compile(r"\bbool\s+((not|no|skip|disable)_\w+)")
# Degrees live in flags only. rotation_deg is the one exception: quarter turns, 0/90/180/270, as containers store them.
DEGREES = re.compile(r"\b(?!rotation_deg\b)\w+_deg\b")
USING_NAMESPACE = re.compile(r"\busing\s+namespace\b")


def without_comments(lines):
    """The same lines with comments and string contents blanked, so that rules look at code alone."""
    out, in_block = [], False
    for line in lines:
        kept, i, quote = [], 0, ""
        while i < len(line):
            two = line[i:i + 2]
            if in_block:
                if two == "*/":
                    in_block, i = False, i + 1
            elif quote:
                if line[i] == "\\":
                    i += 1
                elif line[i] == quote:
                    kept.append(quote)
                    quote = ""
            elif two == "//":
                break
            elif two == "/*":
                in_block, i = True, i + 1
            elif line[i] == '"' or (line[i] == "'" and not (kept and kept[-1].isalnum())):
                quote = line[i]
                kept.append(quote)
            else:
                kept.append(line[i])
            i += 1
        out.append("".join(kept))
    return out


def read_ladder(root):
    floors, sideways = {}, set()
    for line in (root / "cmake/ladder.txt").read_text().splitlines():
        match = re.match(r"^(\d+) (\w+)( sideways)?$", line)
        if match:
            floors[match[2]] = int(match[1])
            if match[3]:
                sideways.add(match[2])
    return floors, sideways


class House:
    def __init__(self, root):
        self.root = pathlib.Path(root)
        self.floors, self.sideways = read_ladder(self.root)
        self.found = []

    def report(self, path, line, rule, text):
        self.found.append(f"{path}:{line}: {rule}: {text}")

    def may_include(self, module, other):
        if module == other or self.floors[other] < self.floors[module]:
            return True
        same_floor = self.floors[other] == self.floors[module]
        return same_floor and module in self.sideways and other not in self.sideways

    def module_of(self, path):
        parts = path.parts
        if parts[0] == "sim" and len(parts) > 2:
            return parts[1]
        if parts[:2] == ("include", "hearth") and len(parts) > 3:
            return parts[2]
        return None

    def check_include(self, path, number, bracket, name, module):
        public = path.parts[0] == "include"
        other = re.match(r"^(?:hearth|sim)/(\w+)/", name)
        if other:
            if other[1] not in self.floors:
                self.report(path, number, "ladder", f"{name}: module {other[1]} is not in cmake/ladder.txt")
            elif not self.may_include(module, other[1]):
                self.report(path, number, "ladder", f"{module} (floor {self.floors[module]}) includes {name}"
                                                    f" (floor {self.floors[other[1]]})")
            elif name.startswith("sim/") and other[1] != module:
                allowed = name == MUJOCO_HANDLE and module in HANDLE_USERS and path.suffix == ".cpp"
                if not allowed:
                    self.report(path, number, "private header", f"{name} belongs to module {other[1]}")
        if "mujoco/" in name and not name.startswith("sim/") and module != "engine":
            self.report(path, number, "mujoco", f"only engine includes {name}")
        if public and bracket == '"':
            self.report(path, number, "public header", f'includes "{name}"; public headers use <hearth/...>')
        elif public and not name.startswith("hearth/") and name not in STANDARD_HEADERS:
            self.report(path, number, "public header", f"includes third-party <{name}>")
        if public and name.startswith("sim/"):
            self.report(path, number, "public header", f"includes private {name}")

    def check_code(self, path, number, code, module, names_mujoco):
        match = MUJOCO_NAME.search(code)
        if match and not names_mujoco:
            self.report(path, number, "mujoco", f"names {match[0]} outside engine")
        for rule, pattern in (("printing", PRINTING), ("string handle", HANDLE_DEREFERENCE),
                              ("randomness", UNKEYED_RANDOM), ("float order", FLOAT_ORDER)):
            match = pattern.search(code)
            if match:
                self.report(path, number, rule, match[0].strip())
        match = WALL_CLOCK.search(code)
        if match and self.floors.get(module, 0) < 4:
            self.report(path, number, "wall clock", match[0])

    def check_public_names(self, path, number, code):
        for rule, pattern, group in (("vague name", VAGUE_TYPE, 2), ("negative name", NEGATIVE_NAME, 1),
                                     ("degrees", DEGREES, 0), ("using namespace", USING_NAMESPACE, 0)):
            match = pattern.search(code)
            if match:
                self.report(path, number, rule, match[group])
        if re.match(r"^\s*#\s*define\b", code):
            self.report(path, number, "macro", code.strip())

    def check_roof(self, path, lines):
        """The command line uses public headers alone and knows no engine."""
        for number, (line, code) in enumerate(zip(lines, without_comments(lines)), start=1):
            include = INCLUDE.match(line)
            if include and code.strip() and include[2].startswith("sim/"):
                self.report(path, number, "private header", f"the roof includes {include[2]}")
            elif MUJOCO_NAME.search(code) or (include and "mujoco/" in include[2]):
                self.report(path, number, "mujoco", f"the roof names the engine: {line.strip()}")

    def check_file(self, path):
        lines = (self.root / path).read_text(encoding="utf-8").splitlines()
        if len(lines) >= MAX_LINES:
            self.report(path, len(lines), "size", f"{len(lines)} lines, {MAX_LINES - 1} at most")
        if not lines or "SPDX-License-Identifier: Apache-2.0" not in "\n".join(lines[:2]):
            self.report(path, 1, "licence", "first line must be the SPDX line")
        if path.suffix not in SOURCE_SUFFIXES:
            return
        if path.suffix == ".h" and "#pragma once" not in lines:
            self.report(path, 1, "public header" if path.parts[0] == "include" else "header", "no #pragma once")
        if not re.match(r"^[a-z][a-z0-9_]*\.(cpp|h)$", path.name):
            self.report(path, 1, "file name", "snake_case only")
        module = self.module_of(path)
        if path.parts[0] == "tools":
            self.check_roof(path, lines)
        if module is None:
            return
        if module not in self.floors:
            self.report(path, 1, "ladder", f"module {module} is not in cmake/ladder.txt")
            return
        code_lines = without_comments(lines)
        names_mujoco = module == "engine" or (
            module in HANDLE_USERS and path.suffix == ".cpp" and any(MUJOCO_HANDLE in line for line in lines))
        for number, (line, code) in enumerate(zip(lines, code_lines), start=1):
            include = INCLUDE.match(line)
            if include and code.strip():
                self.check_include(path, number, include[1], include[2], module)
                continue
            if path.parts[0] == "include":
                self.check_public_names(path, number, code)
                names_mujoco = False
            self.check_code(path, number, code, module, names_mujoco)

    def check(self):
        for folder in ("include", "sim", "tools", "tests", "benchmarks", "cmake", "docs/consumer"):
            for full in sorted((self.root / folder).rglob("*")):
                if full.is_file() and full.suffix in SOURCE_SUFFIXES | {".py", ".cmake"}:
                    self.check_file(full.relative_to(self.root))
        for full in sorted(self.root.rglob("CMakeLists.txt")) + sorted((self.root / "cmake").glob("*.cmake")):
            path = full.relative_to(self.root)
            if path.parts[0] == "build":
                continue
            for number, line in enumerate(full.read_text().splitlines(), start=1):
                if re.search(r"^[^#]*-march=|^[^#]*-ffast-math", line):
                    self.report(path, number, "flags", line.strip())
        return self.found


def main():
    root = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else pathlib.Path(__file__).resolve().parents[2]
    found = House(root).check()
    for line in found:
        print(line)
    print(f"ladder: {len(found)} violations" if found else "ladder: no violations")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
