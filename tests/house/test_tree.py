"""House rules that can be read off the files themselves."""

import ast
import re
from pathlib import Path

import pytest
from flask import Flask

ROOT = Path(__file__).parent.parent.parent
PYTHON = sorted((ROOT / "directory").rglob("*.py"))
TEMPLATES = sorted((ROOT / "templates").rglob("*"))
COMMITTERS = re.compile(r"(views|shortlist|preferences|cli|commands|jobs|writer|load)\.py$")


def _id(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", PYTHON, ids=_id)
def test_file_is_small_and_well_named(path: Path) -> None:
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines <= 300, f"{lines} lines: split it along a noun"
    assert path.stem not in {"utils", "util", "common", "helpers", "services", "managers", "misc"}


@pytest.mark.parametrize("path", PYTHON, ids=_id)
def test_commits_stand_only_in_views_commands_and_jobs(path: Path) -> None:
    if COMMITTERS.search(path.name):
        return
    calls = [
        node.lineno
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "commit"
    ]
    assert not calls, f"commit on lines {calls}"


@pytest.mark.parametrize("path", PYTHON, ids=_id)
def test_functions_are_short_and_public_ones_say_what_they_do(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert path.name == "__init__.py" or ast.get_docstring(tree), "the file does not say what it is for"
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            assert length <= 60, f"{node.name} has {length} lines"


@pytest.mark.parametrize(
    "path", [p for p in TEMPLATES if p.is_file() and p.suffix in {".html", ".xml", ".txt"}], ids=_id
)
def test_template_holds_nothing_the_content_policy_forbids(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"\sstyle=", text), "style attributes are blocked by the content policy"
    assert not re.search(r"\son[a-z]+=", text), "inline handlers are blocked by the content policy"
    assert "<style" not in text
    for tag in re.findall(r"<script\b[^>]*>", text):
        assert "src=" in tag or "ld+json" in tag, f"inline script: {tag}"
    assert not re.search(r"\|\s*safe\b", text), "autoescaping stays on"
    assert not re.search(r"(?:src|href)=\"(?:https?:)?//", text), "every file is our own"


def test_every_template_compiles(app: Flask) -> None:
    for name in app.jinja_env.list_templates(extensions=["html", "xml", "txt", "svg"]):
        app.jinja_env.get_template(name)


def test_no_query_is_glued_together() -> None:
    for path in PYTHON:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"\btext\(\s*f[\"']", text), _id(path)


def test_readme_tells_every_setting() -> None:
    """The table in the README and the names read from the environment are the same set."""
    source = (ROOT / "directory" / "config.py").read_text(encoding="utf-8")
    getters = r"(?:env\.get\(|_secret\(env, |_number\(env, |_country\(env, |_networks\(env, )"
    read = set(re.findall(getters + r'"([A-Z_]+)"', source))
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    table = set(re.findall(r"^\| `([A-Z_]+)`", readme, re.MULTILINE))
    assert read == table


def test_readme_maps_every_folder() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    folders = (path for path in (ROOT / "directory").iterdir() if path.is_dir())
    rooms = sorted(path.name for path in folders if not path.name.startswith("_"))
    missing = [name for name in rooms if f"`directory/{name}/`" not in readme]
    assert not missing
