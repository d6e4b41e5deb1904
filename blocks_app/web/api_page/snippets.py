"""Calls of an endpoint that run as they are pasted: in Python with our client and Gradio's, in JavaScript and curl."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, NamedTuple

_MARK = {"_type": "gradio.FileData"}
_PAIR = '("NAME", "PASSWORD")'


@dataclass(frozen=True, slots=True)
class Snippet:
    """A call of an endpoint in one language."""

    language: str
    code: str


class Sample(NamedTuple):
    """A value for a parameter: of a file the name under which it lies beside the program, of several a list."""

    name: str
    value: Any
    is_file: bool


class Called(NamedTuple):
    """What a snippet calls.

    Attributes:
        name: of the endpoint, with a leading slash.
        root: address of the app, without a slash at its end.
        samples: a value for each parameter.
        has_login: whether the app asks for a name and a password.
        kind: "value" of a function that returns, "values" of one that yields, "endless" of one that goes on for ever.
    """

    name: str
    root: str
    samples: list[Sample]
    has_login: bool
    kind: str


def snippets(called: Called) -> list[Snippet]:
    """The calls, ours first."""
    return [
        Snippet("Python", _python(called, "blocks_client", "blocks-client")),
        Snippet("Python, gradio_client", _python(called, "gradio_client", "gradio_client")),
        Snippet("JavaScript", _javascript(called)),
        Snippet("curl", _curl(called)),
    ]


def sample_of(parameter: dict[str, Any]) -> Sample:
    """The default of a parameter, else its example."""
    name, kind = parameter["parameter_name"], parameter["python_type"]["type"]
    default, example = parameter["parameter_default"], parameter["example_input"]
    if kind in ("filepath", "list[filepath]"):
        found = example if example else default
        files = [_file_name(each) for each in (found if isinstance(found, list) else [found])]
        return Sample(name, files if kind != "filepath" else files[0], True)
    return Sample(name, example if default is None else default, False)


def _file_name(file: Any) -> str:
    return str((file.get("orig_name") if isinstance(file, dict) else None) or "file.txt")


def _python(called: Called, package: str, pip: str) -> str:
    has_files = any(each.is_file for each in called.samples)
    lines = [
        f"# pip install {pip}",
        f"from {package} import Client{', handle_file' if has_files else ''}",
        "",
        f'client = Client("{called.root}/"{f", auth={_PAIR}" if called.has_login else ""})',
    ]
    arguments = [f"    {each.name}={_in_python(each)}," for each in called.samples]
    arguments.append(f'    api_name="{called.name}",')
    if called.kind == "value":
        return "\n".join([*lines, "result = client.predict(", *arguments, ")", "print(result)"])
    lines += ["job = client.submit(", *arguments, ")"]
    if called.kind == "values":
        return "\n".join([*lines, "for value in job:", "    print(value)"])
    ending = ["for _, value in zip(range(3), job):", "    print(value)", "job.cancel()  # it would go on for ever"]
    return "\n".join([*lines, *ending])


def _in_python(sample: Sample) -> str:
    if not sample.is_file:
        return repr(sample.value)
    if isinstance(sample.value, list):
        return f"[{', '.join(f'handle_file({json.dumps(each)})' for each in sample.value)}]"
    return f"handle_file({json.dumps(sample.value)})"


def _javascript(called: Called) -> str:
    has_files = any(each.is_file for each in called.samples)
    login = ', { auth: ["NAME", "PASSWORD"] }' if called.has_login else ""
    lines = [
        "// npm install @gradio/client; run it as a module (.mjs)",
        f'import {{ Client{", handle_file" if has_files else ""} }} from "@gradio/client";',
        "",
        f'const client = await Client.connect("{called.root}/"{login});',
    ]
    values = [f"  {each.name}: {_in_javascript(each)}," for each in called.samples]
    if called.kind == "value":
        call = [f'const result = await client.predict("{called.name}", {{', *values, "});"]
        return "\n".join([*lines, *call, "console.log(result.data);"])
    lines += [f'const job = client.submit("{called.name}", {{', *values, "});"]
    if called.kind == "endless":
        lines += ["let left = 3;  // it would go on for ever"]
    lines += ["for await (const message of job) {", '  if (message.type === "data") console.log(message.data);']
    if called.kind == "endless":
        lines += ['  if (message.type === "data" && --left === 0) {', "    await job.cancel();", "    break;", "  }"]
    return "\n".join([*lines, "}"])


def _in_javascript(sample: Sample) -> str:
    if not sample.is_file:
        return json.dumps(sample.value)
    if isinstance(sample.value, list):
        return f"[{', '.join(f'handle_file({json.dumps(each)})' for each in sample.value)}]"
    return f"handle_file({json.dumps(sample.value)})"


def _curl(called: Called) -> str:
    address = f"{called.root}/gradio_api/call{called.name}"
    login, cookies = [], ""
    if called.has_login:
        login = [f"curl -s -o /dev/null -c cookies.txt -d username=NAME -d password=PASSWORD {called.root}/login"]
        cookies = " -b cookies.txt"
    uploads: list[str] = []
    data: list[str] = []
    for each in called.samples:
        if not each.is_file:
            data.append(json.dumps(each.value).replace("'", "'\\''"))
            continue
        parts = []
        for file in each.value if isinstance(each.value, list) else [each.value]:
            variable = f"file{len(uploads) + 1}"
            upload = f"curl -s{cookies} {called.root}/gradio_api/upload -F {_quoted(f'files=@{file}')}"
            uploads.append(f"{variable}=$({upload} | cut -d '\"' -f 2)")
            parts.append(f'{{"path": "\'"${variable}"\'", "meta": {json.dumps(_MARK)}}}')
        data.append(f"[{', '.join(parts)}]" if isinstance(each.value, list) else parts[0])
    body = f'{{"data": [{", ".join(data)}]}}'
    end = "  # until Ctrl-C: it goes on for ever" if called.kind == "endless" else ""
    return "\n".join(
        [
            *login,
            *uploads,
            f"event=$(curl -s{cookies} {address} -H 'Content-Type: application/json' \\",
            f"  -d '{body}' | cut -d '\"' -f 4)",
            f"curl -N{cookies} {address}/$event{end}",
        ]
    )


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"
