"""`gr.Header`: a header of the request that started a function, asked for by annotation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from blocks_app.functions.annotations import asked_for


@asked_for
class Header(str):
    """A header of the request, for a function that asks by annotation: `x_api_token: gr.Header`.

    The parameter's name with hyphens is the header's, here `x-api-token`. It is no part of the API: neither a component
    nor a program gives it as an argument, and without the header it is None.
    """

    @classmethod
    def _for_parameter(cls, name: str) -> HeaderName:
        return HeaderName(name.replace("_", "-").lower())


@dataclass(frozen=True, slots=True)
class HeaderName:
    """Which header a parameter asks for."""

    #: A batch may hold calls of one visitor only.
    _is_personal: ClassVar[bool] = True

    name: str

    def read(self, request: Any) -> Header | None:
        """Its value in a request; None without one."""
        found = request.headers.get(self.name) if request is not None else None
        return None if found is None else Header(found)
