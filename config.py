"""Every setting of Ruil, read and checked once, at start.

Settings come from the environment or a `.env` file; a secret may also stand in a file that
`NAME_FILE` points at. A wrong value is one sentence that names the setting and what to write.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dotenv import dotenv_values

LOOPBACK = ("127.0.0.1", "localhost", "::1")
LANGUAGES = ("nl", "en")
MAIL_LIMITS = ("relay", "microsoft365", "hve", "google", "google-relay")
DEVELOPMENT_SECRET = "only-for-development-never-for-people"  # noqa: S105  # it is refused in production


class ConfigurationError(Exception):
    """A setting is missing or wrong; the text is a sentence for the operator."""


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings. Paths are absolute; the database and Redis are addresses."""

    database_url: str
    """`DATABASE_URL`: SQLAlchemy address; by default an SQLite file `var/ruil.db`."""
    redis_url: str | None
    """`REDIS_URL`: Celery's broker; unset, wake-ups go through the folder `var/broker`."""
    smtp_url: str
    """`SMTP_URL`: `smtp://user:pass@host:587?tls=starttls`, `smtps://host`, `smtp://127.0.0.1:25`."""
    oauth_token_url: str | None
    """`OAUTH_TOKEN_URL`: `microsoft:TENANT`, `google` or an https address: sign in to the mail server by XOAUTH2."""
    oauth_client_id: str | None
    """`OAUTH_CLIENT_ID`: the application that was registered there."""
    oauth_client_secret: str | None
    """`OAUTH_CLIENT_SECRET`: its secret."""
    oauth_refresh_token: str | None
    """`OAUTH_REFRESH_TOKEN`: a person's lasting consent; unset, Ruil signs in as the application itself."""
    oauth_scope: str | None
    """`OAUTH_SCOPE`: what is asked for; by default what the named service needs."""
    base_url: str
    """`BASE_URL`: the address people see; every link is built from it."""
    secret_key: str
    """`SECRET_KEY`: signs sessions and the links of managers; at least 32 characters."""
    mail_from: str
    """`MAIL_FROM`: the sender people see, such as `Ruil <ruil@example.org>`."""
    mail_domain: str
    """`MAIL_DOMAIN`: the domain of bounce addresses and Message-IDs."""
    bounce_imap_url: str | None
    """`BOUNCE_IMAP_URL`: `imaps://user:password@host/INBOX`, the mailbox that returned mail goes to."""
    timezone: str
    """`TIMEZONE`: IANA zone for whoever has none of their own."""
    language: str
    """`LANGUAGE`: `nl` or `en`, for whoever has none of their own."""
    key_dir: Path
    """`KEY_DIR`: the rounds' keys; never in the database, never in its backups."""
    report_dir: Path
    """`REPORT_DIR`: the finished PDFs, named by their content, where REPORT_STORE is unset."""
    report_store: str | None
    """`REPORT_STORE`: `s3://bucket/prefix`: the finished PDFs lie in an S3-compatible store instead."""
    report_store_endpoint: str
    """`REPORT_STORE_ENDPOINT`: the store's address."""
    report_store_region: str
    """`REPORT_STORE_REGION`: the region that requests are signed for."""
    report_store_key: str | None
    """`REPORT_STORE_KEY`: the access key."""
    report_store_secret: str | None
    """`REPORT_STORE_SECRET`: the secret key."""
    broker_dir: Path
    """`BROKER_DIR`: the folder of Celery's wake-ups where there is no Redis."""
    unknown_mail: str
    """`UNKNOWN_MAIL`: `resend_once` or `never`, for an invitation whose delivery is unknown."""
    dkim_key: str | None
    """`DKIM_KEY`: a private key in PEM (RSA or Ed25519): Ruil signs its mail itself; unset, the relay does."""
    dkim_selector: str
    """`DKIM_SELECTOR`: where in DNS the public half stands: `<selector>._domainkey.<domain of MAIL_FROM>`."""
    mail_limits: str
    """`MAIL_LIMITS`: what the mail server allows: `relay`, `microsoft365`, `hve`, `google`, `google-relay`, or
    limits such as `30/minute,10000/day`."""
    mail_precedence: str
    """`MAIL_PRECEDENCE`: `bulk`, so that vacation replies stay away; `none` where a server files such mail apart."""
    trusted_proxies: int
    """`TRUSTED_PROXIES`: how many proxies of your own stand before the web server, each adding X-Forwarded-For."""
    development: bool
    """`DEVELOPMENT`: `true` on a developer's machine: allows the default secret and plain http."""


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings of this process; raises ConfigurationError with a sentence."""
    values = {name: value for name, value in dotenv_values(".env").items() if value is not None}
    return read({**values, **os.environ})


def read(environment: Mapping[str, str]) -> Settings:
    """Check `environment` and make Settings of it; raises ConfigurationError."""
    development = _boolean(environment, "DEVELOPMENT")
    base_url = (_value(environment, "BASE_URL") or "").rstrip("/")
    secret_key = _value(environment, "SECRET_KEY") or ""
    if development:
        base_url = base_url or "http://127.0.0.1:8000"
        secret_key = secret_key or DEVELOPMENT_SECRET
    _check_base_url(base_url, development)
    _check_secret(secret_key, development)
    host = urlsplit(base_url).hostname or "localhost"
    mail_domain = _value(environment, "MAIL_DOMAIN") or host
    database_url = _value(environment, "DATABASE_URL") or f"sqlite:///{Path('var/ruil.db').resolve()}"
    return Settings(
        database_url=_database(database_url),
        redis_url=_value(environment, "REDIS_URL"),
        smtp_url=_smtp(_value(environment, "SMTP_URL") or "smtp://127.0.0.1:25", development),
        **_oauth(environment),
        base_url=base_url,
        secret_key=secret_key,
        mail_from=_value(environment, "MAIL_FROM") or f"Ruil <ruil@{mail_domain}>",
        mail_domain=mail_domain,
        bounce_imap_url=_imap(_value(environment, "BOUNCE_IMAP_URL")),
        timezone=_zone(_value(environment, "TIMEZONE") or "Europe/Amsterdam"),
        language=_choice("LANGUAGE", _value(environment, "LANGUAGE") or "nl", LANGUAGES),
        key_dir=Path(_value(environment, "KEY_DIR") or "var/keys").resolve(),
        report_dir=Path(_value(environment, "REPORT_DIR") or "var/reports").resolve(),
        report_store=_store(environment),
        report_store_endpoint=_endpoint(_value(environment, "REPORT_STORE_ENDPOINT") or "https://s3.amazonaws.com"),
        report_store_region=_value(environment, "REPORT_STORE_REGION") or "us-east-1",
        report_store_key=_value(environment, "REPORT_STORE_KEY"),
        report_store_secret=_value(environment, "REPORT_STORE_SECRET"),
        broker_dir=Path(_value(environment, "BROKER_DIR") or "var/broker").resolve(),
        unknown_mail=_choice(
            "UNKNOWN_MAIL",
            _value(environment, "UNKNOWN_MAIL") or "resend_once",
            ("resend_once", "never"),
        ),
        dkim_key=_pem(_value(environment, "DKIM_KEY")),
        dkim_selector=_value(environment, "DKIM_SELECTOR") or "ruil",
        mail_limits=_limits(_value(environment, "MAIL_LIMITS") or "relay"),
        mail_precedence=_choice("MAIL_PRECEDENCE", _value(environment, "MAIL_PRECEDENCE") or "bulk", ("bulk", "none")),
        trusted_proxies=_count(environment, "TRUSTED_PROXIES"),
        development=development,
    )


def names() -> list[str]:
    """The environment names of all settings, in the order of Settings."""
    return [field.name.upper() for field in fields(Settings)]


def _value(environment: Mapping[str, str], name: str) -> str | None:
    if path := environment.get(f"{name}_FILE"):
        try:
            return Path(path).read_text(encoding="utf-8").strip() or None
        except OSError as error:
            raise ConfigurationError(
                f"{name}_FILE points at {path}, which cannot be read ({error.strerror}). "
                f"Make the file readable, or set {name} itself."
            ) from error
    return environment.get(name, "").strip() or None


def _boolean(environment: Mapping[str, str], name: str) -> bool:
    value = (_value(environment, name) or "false").lower()
    if value not in {"true", "false", "1", "0"}:
        raise ConfigurationError(f"{name} is {value!r}. Write true or false.")
    return value in {"true", "1"}


def _count(environment: Mapping[str, str], name: str) -> int:
    value = _value(environment, name) or "0"
    if not value.isdecimal() or int(value) > 9:
        raise ConfigurationError(f"{name} is {value!r}. Write a number from 0 to 9.")
    return int(value)


def _choice(name: str, value: str, allowed: tuple[str, ...]) -> str:
    if value not in allowed:
        raise ConfigurationError(f"{name} is {value!r}. Write one of: {', '.join(allowed)}.")
    return value


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ConfigurationError(
            f"TIMEZONE is {value!r}, which is no IANA zone. Write one such as Europe/Amsterdam."
        ) from error
    return value


def _database(value: str) -> str:
    if value.startswith(("postgresql://", "postgres://")):
        return "postgresql+psycopg://" + value.split("://", 1)[1]
    if not value.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise ConfigurationError(
            "DATABASE_URL is for a database that Ruil does not know. "
            "Write sqlite:////absolute/path/ruil.db or postgresql://user:password@host/name."
        )
    return value


def _smtp(value: str, development: bool) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise ConfigurationError(
            "SMTP_URL is no mail server. Write smtp://user:password@host:587?tls=starttls or smtp://127.0.0.1:25."
        )
    clear = parts.scheme == "smtp" and parse_qs(parts.query).get("tls") != ["starttls"]
    if parts.username and clear and parts.hostname not in LOOPBACK and not development:
        raise ConfigurationError("SMTP_URL would send its password in the clear. Add ?tls=starttls, or write smtps://.")
    return value


def _pem(value: str | None) -> str | None:
    if value is not None and not value.startswith("-----BEGIN"):
        raise ConfigurationError("DKIM_KEY is no private key in PEM. Point DKIM_KEY_FILE at the key's file.")
    return value


def _oauth(environment: Mapping[str, str]) -> dict[str, str | None]:
    names = ("oauth_token_url", "oauth_client_id", "oauth_client_secret", "oauth_refresh_token", "oauth_scope")
    values = {name: _value(environment, name.upper()) for name in names}
    url = values["oauth_token_url"] or ""
    service, _, tenant = url.partition(":")
    if service == "microsoft" and re.fullmatch(r"[\w.-]+", tenant):
        url = f"https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token"
        values["oauth_scope"] = values["oauth_scope"] or "https://outlook.office365.com/.default"
    elif url == "google":
        url = "https://oauth2.googleapis.com/token"
    if not url:
        return values
    parts = urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
        raise ConfigurationError("OAUTH_TOKEN_URL is no https address. Write microsoft:TENANT, google or https://….")
    if not values["oauth_client_id"]:
        raise ConfigurationError("OAUTH_CLIENT_ID is missing. Set it beside OAUTH_TOKEN_URL.")
    return {**values, "oauth_token_url": url}


def _limits(value: str) -> str:
    one = r"\s*[1-9]\d{0,8}\s*/\s*(minute|hour|day)\s*"
    if value not in MAIL_LIMITS and not re.fullmatch(f"{one}(,{one})*", value):
        raise ConfigurationError(
            f"MAIL_LIMITS is {value!r}. Write one of {', '.join(MAIL_LIMITS)}, or limits such as 30/minute,10000/day."
        )
    return value


def _store(environment: Mapping[str, str]) -> str | None:
    value = _value(environment, "REPORT_STORE")
    if value is None:
        return None
    parts = urlsplit(value)
    if parts.scheme != "s3" or not parts.netloc:
        raise ConfigurationError(
            f"REPORT_STORE is {value!r}. Write s3://bucket/prefix, or leave it out for REPORT_DIR."
        )
    for name in ("REPORT_STORE_KEY", "REPORT_STORE_SECRET"):
        if _value(environment, name) is None:
            raise ConfigurationError(f"{name} is missing. REPORT_STORE needs the keys of the store.")
    return value


def _endpoint(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path.strip("/"):
        raise ConfigurationError(
            f"REPORT_STORE_ENDPOINT is {value!r}. Write the store's address without a path, "
            "such as https://s3.eu-central-1.amazonaws.com."
        )
    if parts.scheme == "http" and parts.hostname not in {"127.0.0.1", "localhost", "::1"}:
        raise ConfigurationError("REPORT_STORE_ENDPOINT must be https, so that nobody on the way reads reports.")
    return value


def _imap(value: str | None) -> str | None:
    if value is None:
        return None
    parts = urlsplit(value)
    if parts.scheme not in {"imap", "imaps"} or not parts.hostname or not parts.username:
        raise ConfigurationError(
            "BOUNCE_IMAP_URL is no mailbox. Write imaps://user:password@host/INBOX; signs such as @ in the user's name "
            "are written %40."
        )
    return value


def _check_base_url(value: str, development: bool) -> None:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ConfigurationError(
            f"BASE_URL is {value!r}. Write the address people see, such as https://ruil.example.org: "
            "every link in every mail is built from it."
        )
    if parts.scheme == "http" and not development and parts.hostname not in LOOPBACK:
        raise ConfigurationError(
            f"BASE_URL is {value!r}. Links in mail must be https, so that nobody on the way reads them."
        )


def _check_secret(value: str, development: bool) -> None:
    if development:
        return
    if len(value) < 32 or value == DEVELOPMENT_SECRET:
        raise ConfigurationError(
            "SECRET_KEY is missing, too short or the default one. Set it to 32 random characters or "
            "more: python3 -c 'import secrets; print(secrets.token_urlsafe(48))'."
        )
