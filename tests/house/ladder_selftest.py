# SPDX-License-Identifier: Apache-2.0
"""Plants one violation of each rule in a small made-up house and expects ladder.py to name it, and nothing else."""
import pathlib
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
sys.dont_write_bytecode = True
import ladder  # noqa: E402  (the script under test lies beside this one)

SPDX = "// SPDX-License-Identifier: Apache-2.0\n"
HEADER = SPDX + "#pragma once\n"
LADDER = "0 core\n1 data\n2 io\n2 engine\n3 physics\n3 render\n4 film\n4 truth\n4 pipeline sideways\n4 sweep sideways\n"

# file, content, expected rule (None: allowed)
CASES = [
    ("include/hearth/io/a.h", HEADER + "#include <vector>\n#include <hearth/data/b.h>\n", None),
    ("sim/pipeline/a.cpp", SPDX + "#include <hearth/film/b.h>\n", None),
    ("sim/physics/a.cpp", SPDX + '#include "sim/engine/mujoco_handle.h"\nmjModel* m = nullptr;\n', None),
    ("sim/io/a.cpp", SPDX + "// std::cout and mjModel in a comment\nconst char* s = \"printf(\";\n", None),
    ("sim/io/a.cpp", SPDX + "const char* s = std::snprintf_like;\n", None),
    ("sim/core/a.cpp", SPDX + "#include <hearth/data/b.h>\n", "ladder"),
    ("sim/physics/a.cpp", SPDX + "#include <hearth/render/b.h>\n", "ladder"),
    ("sim/film/a.cpp", SPDX + "#include <hearth/truth/b.h>\n", "ladder"),
    ("sim/pipeline/a.cpp", SPDX + "#include <hearth/sweep/b.h>\n", "ladder"),
    ("sim/io/a.cpp", SPDX + "#include <hearth/nowhere/b.h>\n", "ladder"),
    ("sim/nowhere/a.cpp", SPDX, "ladder"),
    ("sim/physics/a.cpp", SPDX + '#include "sim/data/private.h"\n', "private header"),
    ("sim/render/a.cpp", SPDX + '#include "sim/engine/mujoco_handle.h"\n', "private header"),
    ("sim/physics/a.h", HEADER + '#include "sim/engine/mujoco_handle.h"\n', "private header"),
    ("include/hearth/data/a.h", HEADER + "#include <Eigen/Core>\n", "public header"),
    ("include/hearth/data/a.h", HEADER + "#include <nlohmann/json.hpp>\n", "public header"),
    ("include/hearth/data/a.h", HEADER + '#include "b.h"\n', "public header"),
    ("include/hearth/data/a.h", SPDX, "public header"),
    ("sim/physics/a.cpp", SPDX + "#include <mujoco/mujoco.h>\n", "mujoco"),
    ("sim/render/a.cpp", SPDX + "void f() { mj_step(m, d); }\n", "mujoco"),
    ("include/hearth/engine/a.h", HEADER + "struct A { mjModel* model = nullptr; };\n", "mujoco"),
    ("tools/a.cpp", SPDX + "#include <mujoco/mujoco.h>\n", "mujoco"),
    ("tools/a.cpp", SPDX + "int v = mj_version();\n", "mujoco"),
    ("tools/a.cpp", SPDX + '#include "sim/io/private.h"\n', "private header"),
    ("tools/a.cpp", SPDX + "#include <hearth/sweep/a.h>\nvoid f() { std::cout << 1; }\n", None),
    ("sim/io/a.cpp", SPDX + "void f() { std::cout << 1; }\n", "printing"),
    ("sim/io/a.cpp", SPDX + 'void f() { printf("x"); }\n', "printing"),
    ("sim/engine/a.cpp", SPDX + "std::string s = *body->name;\n", "string handle"),
    ("sim/engine/a.cpp", SPDX + "auto n = mjs_getName(e)->size();\n", "string handle"),
    ("sim/io/a.cpp", SPDX + "std::mt19937 g;\n", "randomness"),
    ("sim/io/a.cpp", SPDX + "std::normal_distribution<double> n;\n", "randomness"),
    ("sim/io/a.cpp", SPDX + "#pragma omp parallel for reduction(+ : sum)\n", "float order"),
    ("sim/io/a.cpp", SPDX + "auto t = std::chrono::system_clock::now();\n", "wall clock"),
    ("include/hearth/data/a.h", HEADER + "class PoseManager;\n", "vague name"),
    ("include/hearth/data/a.h", HEADER + "struct O { bool skip_pruning = true; };\n", "negative name"),
    ("include/hearth/data/a.h", HEADER + "struct O { double yaw_deg = 0.0; };\n", "degrees"),
    ("include/hearth/data/a.h", HEADER + "using namespace std;\n", "using namespace"),
    ("include/hearth/data/a.h", HEADER + "#define A 1\n", "macro"),
    ("sim/io/a.cpp", SPDX + "\n" * 500, "size"),
    ("sim/io/a.cpp", "int x = 0;\n", "licence"),
    ("sim/io/BigName.cpp", SPDX, "file name"),
    ("sim/io/CMakeLists.txt", "add_compile_options(-march=native)\n", "flags"),
]


def rules_found(name, content):
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        for path, text in (("cmake/ladder.txt", LADDER), (name, content)):
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text)
        return [line.split(": ")[1] for line in ladder.House(root).check()]


def main():
    wrong = 0
    for name, content, expected in CASES:
        rules = rules_found(name, content)
        if rules != ([] if expected is None else [expected]):
            wrong += 1
            print(f"FAILED: {name} {content!r}: expected {expected}, found {rules}")
    print(f"{len(CASES) - wrong} of {len(CASES)} planted cases behave")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
