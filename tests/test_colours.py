"""Contrast of labels on every background, in both colour schemes (WCAG 1.4.3)."""

import re

import pytest
from conftest import ROOT

CSS = (ROOT / "docs/assets/timeline.css").read_text(encoding="utf-8")
LABELS = ("seal", "made", "draft", "policy", "court", "abroad", "plain")
GROUNDS = ("md-default-bg-color", "soft")


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("scheme", ["default", "slate"])
def test_labels_have_enough_contrast(scheme: str) -> None:
    block = re.search(rf'\[data-md-color-scheme="{scheme}"\] \{{(.*?)\n\}}', CSS, re.DOTALL)
    assert block
    colours = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block[1]))
    for label in LABELS:
        for ground in GROUNDS:
            lighter, darker = sorted(
                (luminance(colours[label]), luminance(colours[ground])), reverse=True
            )
            assert (lighter + 0.05) / (darker + 0.05) >= 4.5, (label, ground)
