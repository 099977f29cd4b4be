"""The yardstick: octoDNS plans as many zones of ten records, from YAML files to YAML files, with no network.

Two runs as with flexsync: everything is to be created, and nothing has changed.
"""

import random
import sys
from pathlib import Path

from benchmarks.process import Spent, spend

PROVIDER = """\
  {name}:
    class: octodns.provider.yaml.YamlProvider
    directory: {folder}
    default_ttl: 3600
    enforce_order: false
    populate_should_replace: false
"""
SYNC = "from octodns.cmds.sync import main; main()"


def write(root: Path, count: int, seed: int = 7) -> None:
    """Write `count` zones below `root`, and a configuration for each of the two runs."""
    names = [f"client-{number:06d}.example." for number in range(count)]
    for folder in ("wanted", "same", "empty"):
        (root / folder).mkdir(parents=True, exist_ok=True)
    chance = random.Random(seed)
    for name in names:
        text = _zone(chance, name)
        (root / "wanted" / f"{name}yaml").write_text(text, encoding="utf-8")
        (root / "same" / f"{name}yaml").write_text(text, encoding="utf-8")
    for target in ("same", "empty"):
        (root / f"{target}.yaml").write_text(_configuration(root, target, names), encoding="utf-8")


def plan(root: Path, target: str) -> Spent:
    """A dry run of octoDNS against `empty` or `same`."""
    return spend([sys.executable, "-c", SYNC, f"--config-file={target}.yaml", "--quiet"], cwd=root)


def _zone(chance: random.Random, name: str) -> str:
    lines = ["---"]
    for number in range(9):
        address = ".".join(str(chance.randint(1, 250)) for _ in range(3))
        lines += [f"user{number}:", "  ttl: 300", "  type: A", f"  value: 10.{address}"]
    lines += ["www:", "  ttl: 300", "  type: CNAME", f"  value: user0.{name}"]
    return "\n".join(lines) + "\n"


def _configuration(root: Path, target: str, names: list[str]) -> str:
    providers = [PROVIDER.format(name="wanted", folder=root / "wanted")]
    providers += [PROVIDER.format(name="target", folder=root / target)]
    zones = [f"  {name}:\n    sources: [wanted]\n    targets: [target]\n" for name in names]
    return "".join(["---\nproviders:\n", *providers, "zones:\n", *zones])
