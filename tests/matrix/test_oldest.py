"""What `make matrix` calls the oldest releases are those that the product promises to run with."""

from __future__ import annotations

from packaging.requirements import Requirement
from packaging.version import Version

from tests.house.sources import ROOT

from .requirements import asked


def test_the_oldest_set_names_the_lower_bound_of_each_requirement() -> None:
    lines = (ROOT / "tests/matrix/oldest.txt").read_text().splitlines()
    pinned = [Requirement(line) for line in lines if line and not line.startswith("#")]
    oldest: dict[str, Version] = {}
    for each in pinned:
        [exact] = each.specifier
        assert exact.operator == "==", f"{each}: name one release"
        version = Version(exact.version)
        oldest[each.name] = min(version, oldest.get(each.name, version))

    promised = {
        each.name: Version(bound.version)
        for each in map(Requirement, asked())
        for bound in each.specifier
        if bound.operator == ">="
    }
    assert oldest == promised
