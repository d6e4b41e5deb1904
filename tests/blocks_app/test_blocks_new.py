"""`manage.py blocks_new`: a new component that works at once."""

from __future__ import annotations

import importlib.util
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

import blocks_app as gr
from blocks_app.management.commands import blocks_new

ROOT = Path(__file__).parents[2]


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository with the real list of components and nothing else."""
    for folder in ("blocks_app/components", "tests/blocks_app/components", "tests/frontend/components"):
        (tmp_path / folder).mkdir(parents=True)
    shutil.copy(ROOT / blocks_new.LIST, tmp_path / blocks_new.LIST)
    return tmp_path


def load(path: Path) -> Any:
    spec = importlib.util.spec_from_file_location(f"scaffolded_{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_four_files_and_the_list(repository: Path) -> None:
    written = blocks_new.create("StarRating", repository)
    assert [str(path.relative_to(repository)) for path in written] == [
        "blocks_app/components/star_rating.py",
        "blocks_app/components/star_rating.ts",
        "tests/blocks_app/components/test_star_rating.py",
        "tests/frontend/components/star_rating.test.ts",
        "blocks_app/components/__init__.py",
    ]
    assert 'define("gr-starrating", GrStarRating)' in written[1].read_text()
    assert "${this.inputId}" in written[1].read_text()


def test_the_new_class_works(repository: Path) -> None:
    module = load(blocks_new.create("StarRating", repository)[0])
    component = module.StarRating("x", label="Stars", placeholder="?")
    assert component.get_block_name() == "starrating"
    assert component.preprocess(component.example_payload()) == component.example_value()
    with pytest.raises(gr.Error, match="Stars"):
        component.preprocess([1])


@pytest.mark.parametrize("name", ["Aardvark", "Rating", "Zebra", "XML"])
def test_the_list_stays_sorted(repository: Path, name: str) -> None:
    before = (repository / blocks_new.LIST).read_text().splitlines()
    blocks_new.create(name, repository)
    after = (repository / blocks_new.LIST).read_text().splitlines()
    new = [line for line in after if line not in before]
    assert new == [f"from blocks_app.components.{name.lower()} import {name}", f'    "{name}",']
    imports = [line.split()[1] for line in after if line.startswith("from blocks_app.components.")]
    assert imports == sorted(imports)
    names = [line.strip(' ",') for line in after if line.startswith('    "')]
    assert names == sorted(names, key=lambda each: (not each.isupper(), each))


@pytest.mark.parametrize("name", ["rating", "Star Rating", "../Evil", "Textbox"])
def test_a_bad_or_taken_name_writes_nothing(repository: Path, name: str) -> None:
    before = {path: path.read_bytes() for path in repository.rglob("*") if path.is_file()}
    with pytest.raises(ValueError, match=r"no class name|already"):
        blocks_new.create(name, repository)
    assert before == {path: path.read_bytes() for path in repository.rglob("*") if path.is_file()}
