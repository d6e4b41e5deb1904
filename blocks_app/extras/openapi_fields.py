"""What an OpenAPI document tells of an operation, and the fields of its form."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from blocks_app import components
from blocks_app.tree.component import Component

#: How a body is made: of one text with JSON, of the bytes of one file, of fields, of fields with files among them.
JSON, RAW, FORM, UPLOAD = "json", "raw", "form", "upload"
_FORM_TYPE, _UPLOAD_TYPE, _RAW_TYPE = (
    "application/x-www-form-urlencoded",
    "multipart/form-data",
    "application/octet-stream",
)


@dataclass(frozen=True)
class RequestBody:
    """What is sent in a request: how it is made, its Content-Type, the names of its fields, and which are files."""

    form: str
    kind: str
    names: tuple[str, ...] = ()
    files: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Operation:
    """One method of one path, as the document tells of it."""

    method: str
    path: str
    described: dict[str, Any]
    document: dict[str, Any]

    @property
    def name(self) -> str:
        """What its endpoint is called."""
        return re.sub(r"\W", "_", f"{self.method}_{re.sub(r'[{}]', '', self.path)}")

    @cached_property
    def parameters(self) -> list[dict[str, Any]]:
        """Its parameters, those of the path among them."""
        shared = self.document.get("paths", {}).get(self.path, {}).get("parameters", [])
        own = [self._resolved(each) for each in self.described.get("parameters", [])]
        known = {(each.get("name"), each.get("in")) for each in own}
        others = [self._resolved(each) for each in shared]
        return [each for each in others if (each.get("name"), each.get("in")) not in known] + own

    @cached_property
    def body(self) -> RequestBody | None:
        """What is sent, if anything is."""
        found = self._content()
        if found is None:
            return None
        kind, schema = found
        if kind == _RAW_TYPE or (schema.get("type") == "string" and schema.get("format") == "binary"):
            return RequestBody(RAW, _RAW_TYPE)
        if kind in (_FORM_TYPE, _UPLOAD_TYPE):
            fields = {name: self._resolved(each) for name, each in schema.get("properties", {}).items()}
            files = frozenset(name for name, each in fields.items() if self._takes_files(each))
            return RequestBody(UPLOAD if kind == _UPLOAD_TYPE else FORM, kind, tuple(fields), files)
        return RequestBody(JSON, kind)

    def fields(self) -> list[Component]:
        """The components of its form, in the order in which they are sent."""
        made = [self._field(each, self._resolved(each.get("schema"))) for each in self.parameters]
        body, found = self.body, self._content()
        if body is None or found is None:
            return made
        schema, info = found[1], self._resolved(self.described.get("requestBody")).get("description")
        if body.form == RAW:
            return [*made, components.File(label="File")]
        if body.form == JSON:
            sample = schema.get("example", {name: self._sample(each) for name, each in self._properties(schema)})
            text = json.dumps(sample, indent=2)
            return [*made, components.Textbox(text, label="Request body", info=info or "JSON", lines=4)]
        for name, each in self._properties(schema):
            named = {"name": name, "description": each.get("description")}
            if name in body.files:
                count = "multiple" if each.get("type") == "array" else "single"
                made.append(components.File(label=name, file_count=count))  # type: ignore[arg-type]
            else:
                made.append(self._field(named, each))
        return made

    def _content(self) -> tuple[str, dict[str, Any]] | None:
        """The Content-Type that is sent, and its schema: JSON where that is taken, else what is known of the others."""
        content = self._resolved(self.described.get("requestBody")).get("content", {})
        known = ("application/json", _UPLOAD_TYPE, _FORM_TYPE, _RAW_TYPE)
        others = [each for each in content if each.startswith("application/") and each not in known]
        for kind in (*known, *others):
            if kind in content:
                return kind, self._resolved(content[kind].get("schema"))
        return None

    def _takes_files(self, schema: dict[str, Any]) -> bool:
        items = self._resolved(schema.get("items")) if schema.get("type") == "array" else schema
        return items.get("format") in ("binary", "base64") or "contentMediaType" in items

    def _properties(self, schema: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
        for name, each in schema.get("properties", {}).items():
            yield name, self._resolved(each)

    def _sample(self, schema: dict[str, Any]) -> Any:
        samples: dict[str, Any] = {"string": "", "number": 0, "integer": 0, "boolean": False, "array": [], "object": {}}
        return schema.get("example", schema.get("default", samples.get(str(schema.get("type")))))

    def _field(self, parameter: dict[str, Any], schema: dict[str, Any]) -> Component:
        shared: dict[str, Any] = {"label": parameter.get("name"), "info": parameter.get("description")}
        value, kind = schema.get("default"), schema.get("type")
        if "enum" in schema:
            return components.Dropdown(list(schema["enum"]), value=value, **shared)
        if kind in ("number", "integer"):
            return components.Number(value, precision=0 if kind == "integer" else None, **shared)
        if kind == "boolean":
            return components.Checkbox(bool(value), **shared)
        if kind in ("array", "object"):
            shared["label"] = f"{parameter.get('name')} (JSON {kind})"
            empty: Any = [] if kind == "array" else {}
            return components.Textbox(json.dumps(value if value is not None else empty), **shared)
        return components.Textbox(value, **shared)

    def _resolved(self, schema: Any) -> dict[str, Any]:
        """A schema, or what its `$ref` names in the document."""
        found: Any = schema
        for _ in range(20):  # references to references, and none that leads to itself
            if not isinstance(found, dict) or not str(found.get("$ref", "")).startswith("#/"):
                break
            place: Any = self.document
            for part in found["$ref"][2:].split("/"):
                place = place.get(part.replace("~1", "/").replace("~0", "~"), {}) if isinstance(place, dict) else {}
            found = place
        if isinstance(found, dict) and isinstance(found.get("anyOf"), list):  # a type or null, as many write
            rest = [each for each in found["anyOf"] if isinstance(each, dict) and each.get("type") != "null"]
            if len(rest) == 1:
                return {**self._resolved(rest[0]), **{name: each for name, each in found.items() if name != "anyOf"}}
        return found if isinstance(found, dict) else {}
