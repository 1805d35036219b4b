#!/usr/bin/env python3
"""Run all checks and tests in stages, the quick ones first, and stop at the first failure.

usage: run_tests.py [STAGE…]

Without STAGE, all stages are run. Exit status: 0, or 1 if a stage failed.
"""

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent

WORKFLOWS = [f".github/workflows/{f.name}" for f in sorted(ROOT.glob(".github/workflows/*.yml"))]
IN_PARALLEL = ["--numprocesses", "2", "--dist", "loadfile"]

# Stage -> its description and commands; the programs are those of the virtual environment.
STAGES: dict[str, tuple[str, list[list[str]]]] = {
    "lint": (
        "style, types, imports and workflows",
        [
            ["ruff", "check", "."],
            ["ruff", "format", "--check", "."],
            ["mypy"],
            ["lint-imports", "--no-cache", "--no-logo"],
            ["actionlint", *WORKFLOWS],  # by name, since it only finds them in a git checkout
            ["zizmor", "--offline", "--quiet", "--persona", "auditor", ".github"],
        ],
    ),
    "fast": (
        "tests that need neither a built site nor a browser",
        [["pytest", "-m", "not site and not slow", *IN_PARALLEL]],
    ),
    "contributions": (
        "the same tests after fifteen contributions",
        [["pytest", "-m", "slow"]],
    ),
    "site": (
        "built sites, in a browser and under the server",
        [
            ["python", "tools/browser.py"],
            ["pytest", "-m", "site", *IN_PARALLEL],
        ],
    ),
}


def run(commands: list[list[str]]) -> bool:
    """Run commands up to the first failure, and return whether all succeeded."""
    for program, *arguments in commands:
        print(" ".join(["$", program, *arguments]), flush=True)
        path = {"PYTHONPATH": str(ROOT / "scripts")} if program == "lint-imports" else {}
        command, environment = [str(BIN / program), *arguments], os.environ | path
        done = subprocess.run(command, cwd=ROOT, env=environment, check=False)
        if done.returncode:
            return False
    return True


def main(arguments: list[str] | None = None) -> int:
    """Run the command and return the exit status."""
    parser = argparse.ArgumentParser(description="Run all checks and tests in stages.")
    parser.add_argument("stages", nargs="*", metavar="STAGE", help=", ".join(STAGES))
    chosen = parser.parse_args(arguments).stages
    if unknown := set(chosen) - STAGES.keys():
        parser.error(f"there is no stage {', '.join(sorted(unknown))}")
    results: list[tuple[str, float, bool]] = []
    for name in chosen or STAGES:
        described, commands = STAGES[name]
        print(f"\n== {name}: {described}", flush=True)
        start = time.monotonic()
        passed = run(commands)
        results.append((name, time.monotonic() - start, passed))
        if not passed:
            break
    print(f"\n{'stage':<14}  seconds")
    for name, seconds, passed in results:
        print(f"{name:<14}  {seconds:7.1f}  {'' if passed else 'FAILED'}".rstrip())
    print(f"{'all':<14}  {sum(seconds for _, seconds, _ in results):7.1f}")
    return int(not all(passed for _, _, passed in results))


if __name__ == "__main__":
    sys.exit(main())
