"""An app as its `config` and `info` describe it: endpoints, arguments, results, and the printed description."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import PurePath
from typing import Any
from urllib.parse import urljoin

from blocks_client._exceptions import AnswerError, ArgumentError

#: Layouts and the like: never part of a result, whatever the config says.
_SKIPPED = frozenset(
    {"state", "row", "column", "tabs", "tab", "tabitem", "box", "form", "accordion", "group", "interpretation"}
    | {"dataset", "sidebar"}
)
PROTOCOLS = ("sse_v1", "sse_v2", "sse_v2.1", "sse_v3")
_SHOWN = 30  # names of endpoints in an error
_HINT = "Please click on 'view API' in the footer of the Gradio app to see usage."


class Endpoint:
    """One function of an app.

    Attributes:
        fn_index: its number on the wire.
        api_name: its name with a leading slash; None when it has none.
        dependency: what the config says of it.
        parameters_info: what `info` says of its parameters; None for endpoints that are not documented.
    """

    def __init__(self, fn_index: int, dependency: dict[str, Any], types: dict[int, dict[str, Any]]) -> None:
        self.fn_index = fn_index
        self.dependency = dependency
        name = dependency.get("api_name")
        self.api_name: str | None = f"/{name}" if isinstance(name, str) and name else None
        visibility = dependency.get("api_visibility")
        self.is_private = visibility == "private" or dependency.get("api_name") is False
        self.is_public = visibility == "public" if visibility else bool(dependency.get("show_api", True))
        self.has_backend = bool(dependency.get("backend_fn", True))
        self.is_generator = bool((dependency.get("types") or {}).get("generator"))
        self.parameters_info: list[dict[str, Any]] | None = None
        self.returns_info: list[dict[str, Any]] = []
        self._states = [_kind(types, each) == "state" for each in dependency["inputs"]]
        self._skipped = [
            bool(types.get(each, {}).get("skip_api", _kind(types, each) in _SKIPPED)) for each in dependency["outputs"]
        ]

    def __repr__(self) -> str:
        return f"Endpoint(fn_index={self.fn_index}, api_name={self.api_name!r})"

    def arguments(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> list[Any]:
        """The values to send: positional ones, then by name, then defaults. TypeError for what does not fit."""
        if self.parameters_info is None:
            if kwargs:
                raise ArgumentError(
                    "This endpoint does not support key-word arguments because it is not documented: pass the values "
                    "by position."
                )
            self._refuse_surplus(len(args), self._states.count(False), "")
            return list(args)
        values = list(args)
        names = [str(each.get("parameter_name") or each.get("label")) for each in self.parameters_info]
        self._refuse_surplus(len(args), len(names), f": {', '.join(names)}" if names else "")
        for name in kwargs:
            if name not in names:
                raise TypeError(f"Parameter `{name}` is not a valid key-word argument.{_meant(name, names)} {_HINT}")
            if names.index(name) < len(args):
                raise TypeError(f"Parameter `{name}` is already set as a positional argument. {_HINT}")
        for name, each in list(zip(names, self.parameters_info))[len(args) :]:
            if name in kwargs:
                values.append(kwargs[name])
            elif each.get("parameter_has_default"):
                values.append(each.get("parameter_default"))
            else:
                raise TypeError(f"No value provided for required argument: {name}")
        for name, each, value in zip(names, self.parameters_info, values):
            if value != each.get("parameter_default"):
                _refuse_path(name, str(each.get("python_type", {}).get("type", "")), value)
        return values

    def _refuse_surplus(self, given: int, taken: int, names: str) -> None:
        if given > taken:
            raise TypeError(
                f"Too many arguments provided for the endpoint {self.api_name or self.fn_index}: it takes {taken}"
                f"{names}; {given} were given. {_HINT}"
            )

    def with_states(self, values: list[Any]) -> list[Any]:
        """The values with a null for every State, which the server keeps."""
        values = list(values)
        for place, is_state in enumerate(self._states):
            if is_state:
                values.insert(place, None)
        return values

    def shown(self, data: list[Any]) -> list[Any]:
        """The results without those of States and layouts."""
        hidden = self._skipped + [False] * len(data)
        return [_result_of(value) for value, skipped in zip(data, hidden) if not skipped]


def _meant(name: str, known: Iterable[str]) -> str:
    """The name that was probably meant, as a question."""
    import difflib  # here, so that importing the package is quick

    near = difflib.get_close_matches(name, list(known), 1)
    return f" Did you mean {near[0]!r}?" if near else ""


def _refuse_path(name: str, kind: str, value: Any) -> None:
    """A text where a file is taken is refused by every server; who wrote it has meant the file of that path."""
    several = kind.startswith("list[filepath") and isinstance(value, (list, tuple))
    if kind.partition(" |")[0] not in ("filepath", "list[filepath]"):
        return
    for each in value if several else [value]:
        if isinstance(each, (str, PurePath)):
            shown = str(each) if len(str(each)) <= 100 else f"{str(each)[:100]}…"
            raise TypeError(
                f"The parameter `{name}` takes a file, not its path: write handle_file({shown!r}), from "
                "`from blocks_client import handle_file`."
            )


def _kind(types: dict[int, dict[str, Any]], component: int) -> str:
    return str(types.get(component, {}).get("type", ""))


class App:
    """What a server says of itself.

    Attributes:
        src: its address, with a slash at the end.
        api: where its API begins, with a slash at the end.
        endpoints: by number.
        resumes: whether it numbers the messages of a stream for who asks, so that a cut one can go on.
        needs_heartbeat: whether a session lives as long as somebody listens to its heartbeat.
    """

    def __init__(self, src: str, config: dict[str, Any], info: dict[str, Any]) -> None:
        if not isinstance(config.get("components"), list) or not isinstance(config.get("dependencies"), list):
            raise AnswerError(f"{src} answers, but not as an app: its config has no components and dependencies.")
        self.protocol = str(config.get("protocol", "ws"))
        if self.protocol not in PROTOCOLS:
            raise AnswerError(
                f"{src} speaks the protocol {self.protocol!r} of an old Gradio. This client speaks {PROTOCOLS[0]} to "
                f"{PROTOCOLS[-1]}, that is Gradio 4.8 and newer: update the app, or use gradio_client<0.8."
            )
        self.src = src
        self.config = config
        self.info = info
        self.version = str(config.get("version", ""))
        self.api = urljoin(src, str(config.get("api_prefix") or "").strip("/") + "/").replace("//./", "/")
        if not config.get("api_prefix"):
            self.api = src
        self.resumes = "websocket" in config
        self.diffs = self.protocol != "sse_v1"
        self.closes = self.protocol == "sse_v3"
        self.needs_heartbeat = bool(config.get("connect_heartbeat", True))
        types = {each["id"]: each for each in config["components"] if "id" in each}
        self.endpoints = {
            number: Endpoint(number, each, types)
            for number, each in ((each.get("id", place), each) for place, each in enumerate(config["dependencies"]))
        }
        self._inform()

    def _inform(self) -> None:
        named = self.info.get("named_endpoints") or {}
        unnamed = self.info.get("unnamed_endpoints") or {}
        for endpoint in self.endpoints.values():
            info = named.get(endpoint.api_name) or unnamed.get(str(endpoint.fn_index))
            if info:
                endpoint.parameters_info = info.get("parameters", [])
                endpoint.returns_info = info.get("returns", [])

    def endpoint(self, api_name: str | None = None, fn_index: int | None = None) -> Endpoint:
        """The endpoint of a name or number; with neither, the only one. ArgumentError when there is none."""
        if api_name is not None:
            return self._named(api_name)
        if fn_index is not None:
            found = self.endpoints.get(fn_index)
            if found is None or found.is_private:
                raise ArgumentError(f"Invalid function index: {fn_index}.")
            return found
        usable = [
            each for each in self.endpoints.values() if each.api_name and each.has_backend and not each.is_private
        ]
        public = [each for each in usable if each.is_public]
        if len(public) != 1:
            raise ArgumentError(
                "This Gradio app might have multiple endpoints. Please specify an `api_name` or `fn_index`"
            )
        return public[0]

    def _named(self, api_name: str) -> Endpoint:
        for endpoint in self.endpoints.values():
            if endpoint.api_name == api_name and not endpoint.is_private:
                return endpoint
        named = [each.api_name for each in self.endpoints.values() if each.api_name and each.is_public]
        text = f"Cannot find a function with `api_name`: {api_name}."
        if not str(api_name).startswith("/"):
            text += " Did you mean to use a leading slash?"
        elif near := _meant(str(api_name), named):
            text += near
        raise ArgumentError(text + (f" There are {_listed(named)}." if named else ""))


def _listed(names: list[str]) -> str:
    return ", ".join(names[:_SHOWN]) + (f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else "")


def public_info(info: dict[str, Any]) -> dict[str, Any]:
    """`info` as programs see it: without hidden endpoints, and without the keys that say which these are."""
    dropped = ("show_api", "api_visibility", "code_snippets")
    shown: dict[str, Any] = {}
    for group in ("named_endpoints", "unnamed_endpoints"):
        shown[group] = {
            name: {key: value for key, value in each.items() if key not in dropped}
            for name, each in (info.get(group) or {}).items()
            if _is_listed(each)
        }
    return shown


def _is_listed(endpoint: dict[str, Any]) -> bool:
    if "api_visibility" in endpoint:
        return bool(endpoint["api_visibility"] == "public")
    return bool(endpoint.get("show_api", True))


def described(info: dict[str, Any], all_endpoints: bool | None = None) -> str:
    """The text of `view_api`. `info` comes from `public_info`."""
    named, unnamed = info["named_endpoints"], info["unnamed_endpoints"]
    text = f"Client.predict() Usage Info\n---------------------------\nNamed API endpoints: {len(named)}\n"
    text += "".join(_block(f'api_name="{name}"', each) for name, each in named.items())
    if all_endpoints or (all_endpoints is None and not named):
        text += f"\nUnnamed API endpoints: {len(unnamed)}\n"
        text += "".join(_block(f"fn_index={name}", each) for name, each in unnamed.items())
    elif unnamed:
        text += f"\nUnnamed API endpoints: {len(unnamed)}, to view, run Client.view_api(all_endpoints=True)\n"
    return text


def _block(call: str, endpoint: dict[str, Any]) -> str:
    parameters, returns = endpoint.get("parameters", []), endpoint.get("returns", [])
    names = [_name(each.get("parameter_name") or each.get("label", "")) for each in parameters]
    results = [_name(each.get("label", "")) for each in returns]
    arrow = f"({', '.join(results)})" if len(results) > 1 else "".join(results)
    text = f"\n - predict({''.join(f'{name}, ' for name in names)}{call}) -> {arrow}\n"
    if endpoint.get("oauth_token"):
        text += (
            "    Acts on your behalf: this endpoint takes your Hugging Face token "
            f"({endpoint['oauth_token']}). Pass it with Client(..., oauth_token=...) to grant it.\n"
        )
    text += "    Parameters:\n"
    text += "".join(_parameter(name, each) for name, each in zip(names, parameters)) or "     - None\n"
    text += "    Returns:\n"
    return text + ("".join(_result(name, each) for name, each in zip(results, returns)) or "     - None\n")


def _parameter(name: str, each: dict[str, Any]) -> str:
    kind = each.get("python_type", {})
    type_name, default = kind.get("type", "Any"), "(required)"
    if each.get("parameter_has_default"):
        value = each.get("parameter_default")
        if value is None and not type_name.endswith(" | None"):
            type_name += " | None"
        default = f"(not required, defaults to:   {_default(value)})"
    return f"     - [{each.get('component')}] {name}: {type_name} {default} {_note(kind)} \n"


def _result(name: str, each: dict[str, Any]) -> str:
    kind = each.get("python_type", {})
    return f"     - [{each.get('component')}] {name}: {kind.get('type', 'Any')}{_note(kind)} \n"


def _note(kind: dict[str, Any]) -> str:
    return f" ({kind['description']})" if kind.get("description") else ""


def _default(value: Any) -> str:
    if isinstance(value, dict) and isinstance(value.get("path"), str):
        return f'handle_file("{value.get("url") or value["path"]}")'
    return str(value)


def _name(label: str) -> str:
    return re.sub(r"[^\w ]", "", str(label)).strip().replace(" ", "_").lower()


def _result_of(value: Any) -> Any:
    """A value of a result. One that looks like an update comes inside an update, so that no page takes it for one."""
    if isinstance(value, dict) and value.get("__type__") == "update" and len(value) == 2:
        inner = value.get("value")
        return inner if isinstance(inner, dict) and "__type__" in inner else value
    return value
