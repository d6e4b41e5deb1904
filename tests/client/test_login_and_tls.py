"""Logins and certificates."""

from __future__ import annotations

import datetime
import ssl
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from blocks_client import AuthenticationError, Client, LoginError, TransportError
from tests.client.conftest import CLOSE, Exchange, Faulty, completed


def guarded(server: Faulty, refused: int = 400) -> None:
    """Ask for a login as Gradio does."""

    def login(exchange: Exchange) -> None:
        if b"password=pw" in exchange.body:
            exchange.say({"success": True}, set_cookie="access-token-1=yes; HttpOnly; Secure")
        else:
            exchange.say({"detail": "Incorrect credentials."}, refused)

    config = server.answers["/config"]

    def guard(exchange: Exchange) -> None:
        if "access-token-1=yes" in exchange.headers.get("cookie", ""):
            config(exchange)
        else:
            exchange.say({"detail": "Not authenticated"}, 401)

    server.answers["/login"] = login
    server.answers["/config"] = guard
    server.answers["/queue/data"] = lambda exchange: exchange.stream(completed(["in"]), CLOSE)


def test_a_login_by_form(faulty: Faulty) -> None:
    guarded(faulty)
    with Client(faulty.base, verbose=False, auth=("ada", "pw")) as client:
        assert client.predict("x", api_name="/echo") == "in"
        assert client.cookies == {"access-token-1": "yes"}


def test_no_login(faulty: Faulty) -> None:
    guarded(faulty)
    with pytest.raises(AuthenticationError, match=r"as credentials were not provided\. Please login\."):
        Client(faulty.base, verbose=False)


@pytest.mark.parametrize(("status", "kind"), [(400, LoginError), (401, AuthenticationError)])
def test_a_wrong_login(faulty: Faulty, status: int, kind: type[Exception]) -> None:
    guarded(faulty, status)
    with pytest.raises(ValueError, match=r"Could not login to http://127\.0\.0\.1") as caught:
        Client(faulty.base, verbose=False, auth=("ada", "no"))
    assert type(caught.value) is kind


def test_basic_authentication_of_a_proxy(faulty: Faulty) -> None:
    refuse = {"www_authenticate": 'Basic realm="x"'}
    faulty.answers["/login"] = lambda exchange: exchange.say({}, 401, **refuse)
    Client(faulty.base, verbose=False, auth=("ada", "pw")).close()
    assert faulty.headers_of("/config")[0]["authorization"] == "Basic YWRhOnB3"


@pytest.mark.parametrize("way", ["httpx_kwargs", "url"])
def test_basic_authentication(faulty: Faulty, way: str) -> None:
    url = faulty.base.replace("//", "//ada:pw@") if way == "url" else faulty.base
    options = {"httpx_kwargs": {"auth": ("ada", "pw")}} if way == "httpx_kwargs" else {}
    with Client(url, verbose=False, **options) as client:
        assert client.src == faulty.base
    assert {headers["authorization"] for _, _, headers in faulty.seen} == {"Basic YWRhOnB3"}


def self_signed(folder: Path) -> Path:
    """A certificate for 127.0.0.1 and its key in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.UTC)
    import ipaddress

    made = (
        x509.CertificateBuilder(name, name, key.public_key(), 1, now, now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False)
        .add_extension(x509.BasicConstraints(True, None), True)
        .sign(key, hashes.SHA256())
    )
    kept = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "pem").write_bytes(key.private_bytes(*kept) + made.public_bytes(serialization.Encoding.PEM))
    return folder / "pem"


def test_a_certificate_that_is_not_trusted(faulty: Faulty, tmp_path: Path) -> None:
    pem = self_signed(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    faulty.socket = context.wrap_socket(faulty.socket, server_side=True, do_handshake_on_connect=False)
    url = faulty.base.replace("http:", "https:")
    faulty.answers["/queue/data"] = lambda exchange: exchange.stream(completed(["in"]), CLOSE)
    with pytest.raises(httpx.ConnectError, match=r"CERTIFICATE_VERIFY_FAILED.*ssl_verify=False") as caught:
        Client(url, verbose=False)
    assert isinstance(caught.value, TransportError)
    for trust in (False, str(pem), ssl.create_default_context(cafile=str(pem))):
        with Client(url, verbose=False, ssl_verify=trust) as client:
            assert client.predict("x", api_name="/echo") == "in"
