"""Aligned tables of what was measured. All figures are of this run, on this machine; trust the ratios."""

from collections.abc import Sequence
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Line:
    """One thing measured at one size; `growth` is its time an object against that at the smallest size."""

    what: str
    objects: int
    seconds: float
    peak_mib: int
    growth: float | None = None

    @property
    def micros(self) -> float:
        """Microseconds an object."""
        return self.seconds / self.objects * 1e6


HEADERS = ("stage", "objects", "seconds", "objects/s", "us/object", "peak MiB", "growth")


def table(lines: Sequence[Line]) -> str:
    """`lines` as text, numbers aligned on the right."""
    rows = [HEADERS, *(_cells(line) for line in lines)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADERS))]
    return "\n".join(_aligned(row, widths) for row in rows)


def grown(lines: Sequence[Line]) -> list[Line]:
    """The same lines with their growth against the first line of the same name."""
    first: dict[str, float] = {}
    return [replace(line, growth=line.micros / first.setdefault(line.what, line.micros)) for line in lines]


def _cells(line: Line) -> tuple[str, ...]:
    return (
        line.what,
        f"{line.objects:,}",
        f"{line.seconds:.3f}",
        f"{line.objects / line.seconds:,.0f}" if line.seconds else "-",
        f"{line.micros:,.0f}",
        f"{line.peak_mib:,}",
        f"{line.growth:.2f}" if line.growth else "-",
    )


def _aligned(row: Sequence[str], widths: Sequence[int]) -> str:
    first, *rest = zip(row, widths, strict=True)
    return "  ".join([first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in rest)])
