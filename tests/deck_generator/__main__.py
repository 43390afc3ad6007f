"""Write fictional decks with their truths: `python -m tests.deck_generator OUT_DIR --presets --seeds 0:50`."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from . import JAPANESE_PRESETS, PRESETS, make_budget_slide_ja, make_deck


def _write(folder: Path, name: str, made: tuple[bytes, dict[str, Any]]) -> None:
    (folder / f"{name}.pdf").write_bytes(made[0])
    (folder / f"{name}.truth.json").write_text(
        json.dumps(made[1], ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
    )


def main() -> None:
    """Write what the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m tests.deck_generator", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--presets", action="store_true", help="every named English style")
    parser.add_argument("--seeds", metavar="FROM:TO", help="random English decks, such as 0:50")
    parser.add_argument("--japanese", action="store_true", help="every named Japanese style")
    parser.add_argument("--japanese-seeds", metavar="FROM:TO", help="random Japanese slides, such as 0:50")
    chosen = parser.parse_args()
    chosen.folder.mkdir(parents=True, exist_ok=True)
    if chosen.presets:
        for seed, (name, style) in enumerate(PRESETS.items()):
            _write(chosen.folder, name, make_deck(seed, style))
    if chosen.japanese:
        for seed, (name, japanese) in enumerate(JAPANESE_PRESETS.items()):
            _write(chosen.folder, name, make_budget_slide_ja(seed, japanese))
    for prefix, seeds, make in (
        ("seed", chosen.seeds, make_deck),
        ("ja-seed", chosen.japanese_seeds, make_budget_slide_ja),
    ):
        first, last = (seeds or "0:0").split(":")
        for seed in range(int(first), int(last)):
            _write(chosen.folder, f"{prefix}-{seed}", make(seed))


if __name__ == "__main__":
    main()
