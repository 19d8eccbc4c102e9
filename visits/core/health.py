"""What can be found about an installation: each finding has a name, a weight and a sentence."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Weight(StrEnum):
    """Whether a finding is as it should be, deserves a thought, or must be mended."""

    FINE = "fine"
    ADVICE = "advice"
    WRONG = "wrong"


@dataclass(frozen=True)
class Finding:
    """One thing looked at: the sentence is an English msgid, filled from `params`."""

    name: str
    weight: Weight
    sentence: str
    params: dict[str, Any] = field(default_factory=dict)


def fine(name: str, sentence: str, /, **params: Any) -> Finding:
    """As it should be."""
    return Finding(name, Weight.FINE, sentence, params)


def advice(name: str, sentence: str, /, **params: Any) -> Finding:
    """Works, but deserves a thought."""
    return Finding(name, Weight.ADVICE, sentence, params)


def wrong(name: str, sentence: str, /, **params: Any) -> Finding:
    """Must be mended."""
    return Finding(name, Weight.WRONG, sentence, params)


def is_sound(findings: Iterable[Finding]) -> bool:
    """Say whether nothing must be mended."""
    return all(finding.weight is not Weight.WRONG for finding in findings)
