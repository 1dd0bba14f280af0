"""Files by their content, in a folder and in a real S3-compatible server on loopback."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from minio import Minio
from moto.server import ThreadedMotoServer

import config
from pulse import mail
from pulse.mail.attachments import FileMissing, StoreAway

PDF = b"%PDF-1.7 what a manager reads"


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """The server's host and port; it holds everything in memory."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    running = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    running.start()
    host, port = running.get_host_and_port()
    yield f"{host}:{port}"
    running.stop()


@pytest.fixture
def bucket(server: str, environment: pytest.MonkeyPatch) -> Minio:
    """Settings that point to an empty bucket; a client beside Ruil's own."""
    client = Minio(server, access_key="key", secret_key="secret", secure=False, region="us-east-1")
    if client.bucket_exists("reports"):
        for found in client.list_objects("reports", recursive=True):
            client.remove_object("reports", found.object_name or "")
    else:
        client.make_bucket("reports")
    for name, value in {
        "REPORT_STORE": "s3://reports/de/linde",
        "REPORT_STORE_ENDPOINT": f"http://{server}",
        "REPORT_STORE_KEY": "key",
        "REPORT_STORE_SECRET": "secret",
    }.items():
        environment.setenv(name, value)
    config.settings.cache_clear()
    return client


@pytest.fixture(params=["folder", "bucket"])
def kind(request: pytest.FixtureRequest, environment: pytest.MonkeyPatch) -> str:
    if request.param == "bucket":
        request.getfixturevalue("bucket")
    return str(request.param)


def test_a_file_is_kept_once_and_found_by_its_content(kind: str) -> None:
    digest = mail.store(PDF)
    assert mail.store(PDF) == digest
    assert mail.stored(digest) == PDF
    assert mail.size_of(digest) == len(PDF)
    assert mail.store(PDF + b"!") != digest


def test_a_file_that_is_gone_says_so(kind: str) -> None:
    with pytest.raises(FileMissing, match="Restore it"):
        mail.stored("0" * 64)
    with pytest.raises(FileMissing):
        mail.size_of("0" * 64)


def test_it_lies_below_the_prefix_and_a_damaged_one_is_not_handed_out(bucket: Minio) -> None:
    digest = mail.store(PDF)
    [found] = bucket.list_objects("reports", recursive=True)
    assert found.object_name == f"de/linde/{digest}.pdf"
    from io import BytesIO

    bucket.put_object("reports", found.object_name, BytesIO(b"else"), 4)
    with pytest.raises(FileMissing, match="damaged"):
        mail.stored(digest)
    assert not list(Path(config.settings().report_dir).glob("*"))


def test_a_store_that_is_away_is_no_missing_file(bucket: Minio, environment: pytest.MonkeyPatch) -> None:
    environment.setenv("REPORT_STORE_ENDPOINT", "http://127.0.0.1:9")
    config.settings.cache_clear()
    with pytest.raises(StoreAway, match="REPORT_STORE_ENDPOINT"):
        mail.store(PDF)
    environment.setenv("REPORT_STORE", "s3://elsewhere")
    config.settings.cache_clear()
    with pytest.raises(StoreAway):
        mail.stored("0" * 64)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("REPORT_STORE", "https://reports"),
        ("REPORT_STORE_KEY", ""),
        ("REPORT_STORE_ENDPOINT", "http://s3.example.org"),
        ("REPORT_STORE_ENDPOINT", "https://s3.example.org/bucket"),
    ],
)
def test_a_wrong_store_is_told_at_the_start(
    bucket: Minio, environment: pytest.MonkeyPatch, name: str, value: str
) -> None:
    environment.setenv(name, value)
    config.settings.cache_clear()
    with pytest.raises(config.ConfigurationError, match=name):
        config.settings()
