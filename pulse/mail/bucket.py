"""Files in an S3-compatible store, for when workers run on several machines."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from io import BytesIO
from urllib.parse import urlsplit

import urllib3
from minio import Minio
from minio.error import InvalidResponseError, S3Error, ServerError

from config import Settings
from pulse.mail.attachments import StoreAway

TIMES = urllib3.Timeout(connect=5, read=30)
GONE = ("NoSuchKey", "NoSuchObject")
AWAY = (S3Error, ServerError, InvalidResponseError, urllib3.exceptions.HTTPError, OSError)


class Bucket:
    """One bucket, below one prefix."""

    def __init__(self, client: Minio, bucket: str, prefix: str) -> None:
        self._client, self._bucket, self._prefix = client, bucket, prefix

    def write(self, name: str, content: bytes) -> None:
        """Keep a file; the store shows it whole or not at all."""
        with self._reached():
            self._client.put_object(
                self._bucket, self._prefix + name, BytesIO(content), len(content), content_type="application/pdf"
            )

    def read(self, name: str) -> bytes:
        """A file's bytes."""
        with self._reached():
            response = self._client.get_object(self._bucket, self._prefix + name)
            try:
                return bytes(response.read())
            finally:
                response.close()
                response.release_conn()

    def size(self, name: str) -> int:
        """A file's length in bytes."""
        with self._reached():
            return self._client.stat_object(self._bucket, self._prefix + name).size or 0

    @contextmanager
    def _reached(self) -> Iterator[None]:
        try:
            yield
        except AWAY as error:
            if isinstance(error, S3Error) and error.code in GONE:
                raise FileNotFoundError(error.code) from error
            said = error.code if isinstance(error, S3Error) else type(error).__name__
            raise StoreAway(
                f"The store of reports does not take or give files just now ({said}). "
                "Compare REPORT_STORE, REPORT_STORE_ENDPOINT, REPORT_STORE_KEY and REPORT_STORE_SECRET with the store."
            ) from error


@lru_cache(maxsize=2)
def bucket(settings: Settings) -> Bucket:
    """The bucket of these settings; its connections are made when they are needed."""
    address, place = urlsplit(settings.report_store_endpoint), urlsplit(settings.report_store or "")
    client = Minio(
        address.netloc,
        access_key=settings.report_store_key,
        secret_key=settings.report_store_secret,
        secure=address.scheme == "https",
        region=settings.report_store_region,
        http_client=urllib3.PoolManager(timeout=TIMES, retries=urllib3.Retry(2, backoff_factor=0.2)),
    )
    prefix = place.path.strip("/")
    return Bucket(client, place.netloc, f"{prefix}/" if prefix else "")
