"""How each of Debian's mail servers is set up and started: impatient, on loopback, a relay for us alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

USERS = ("postfix", "postdrop", "Debian-exim", "opensmtpd", "opensmtpq", "smmta", "smmsp", "courier")


@dataclass(frozen=True)
class MailServer:
    """`write` puts the settings into a root file system; `start` and `stop` are commands inside it."""

    write: Callable[[Path], None]
    start: tuple[str, ...]
    stop: tuple[str, ...] = ()
    command: str = ""
    """Its `sendmail`, where letters are handed over by command and not by SMTP."""


def _file(root: Path, path: str, content: str, mode: int = 0o644) -> None:
    target = root / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(content)
    target.chmod(mode)


def _postfix(root: Path) -> None:
    _file(root, "etc/postfix/main.cf", """
compatibility_level = 3.6
queue_directory = /var/spool/postfix
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
data_directory = /var/lib/postfix
mail_owner = postfix
setgid_group = postdrop
myhostname = relay.ruil.example
mydestination =
mynetworks = 127.0.0.0/8
inet_interfaces = 127.0.0.1
proxy_interfaces = 10.9.0.1
inet_protocols = ipv4
maillog_file = /var/log/mail.log
maximal_queue_lifetime = 25s
bounce_queue_lifetime = 60s
minimal_backoff_time = 4s
maximal_backoff_time = 5s
queue_run_delay = 3s
delay_warning_time = 8s
smtp_connect_timeout = 4s
smtp_helo_timeout = 6s
alias_maps =
smtpd_client_connection_rate_limit = 0
""")  # fmt: skip
    services = """
smtp inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""
    _file(root, "etc/postfix/master.cf", services)


def _exim(root: Path) -> None:
    _file(root, "etc/exim4/exim4.conf", """
primary_hostname = relay.ruil.example
daemon_smtp_ports = 25
local_interfaces = 127.0.0.1
log_file_path = /var/log/exim4/%slog
spool_directory = /var/spool/exim4
exim_user = Debian-exim
exim_group = Debian-exim
acl_smtp_rcpt = accept_all
acl_smtp_data = accept_all
dsn_advertise_hosts = *
delay_warning = 10s
smtp_accept_max = 0
smtp_accept_queue_per_connection = 0
host_lookup =
tls_advertise_hosts =
smtp_accept_queue = 0
queue_run_max = 20
begin acl
accept_all:
  accept
begin routers
remote:
  driver = dnslookup
  transport = remote_smtp
  no_more
begin transports
remote_smtp:
  driver = smtp
  connect_timeout = 4s
  command_timeout = 6s
  hosts_try_dane =
begin retry
* * F,20s,4s
""", 0o640)  # fmt: skip


def _opensmtpd(root: Path) -> None:
    _file(root, "etc/smtpd.conf", """
listen on 127.0.0.1 port 25 hostname relay.ruil.example
bounce warn-interval 12s
queue ttl 45s
action "out" relay helo relay.ruil.example
match from any for any action "out"
""", 0o600)  # fmt: skip
    _file(root, "etc/aliases", "")


def _sendmail(root: Path) -> None:
    _file(root, "etc/mail/sendmail.mc", """
divert(0)dnl
define(`_USE_ETC_MAIL_')dnl
include(`/usr/share/sendmail/cf/m4/cf.m4')dnl
OSTYPE(`debian')dnl
define(`confDOMAIN_NAME', `relay.ruil.example')dnl
define(`confTO_QUEUERETURN', `25s')dnl
define(`confTO_QUEUEWARN', `8s')dnl
define(`confMIN_QUEUE_AGE', `0')dnl
define(`confTO_ICONNECT', `4s')dnl
define(`confTO_CONNECT', `4s')dnl
define(`confTO_INITIAL', `6s')dnl
define(`confTO_IDENT', `0')dnl
define(`confHOST_STATUS_DIRECTORY')dnl
define(`confTO_HOSTSTATUS', `1s')dnl
define(`confDONT_BLAME_SENDMAIL', `GroupReadableKeyFile,AssumeSafeChown,ForwardFileInGroupWritableDirPath')dnl
FEATURE(`promiscuous_relay')dnl
FEATURE(`accept_unresolvable_domains')dnl
FEATURE(`accept_unqualified_senders')dnl
FEATURE(`nocanonify')dnl
undefine(`ALIAS_FILE')dnl
DAEMON_OPTIONS(`Family=inet, Name=MTA, Addr=127.0.0.1, Port=25')dnl
MAILER(`local')dnl
MAILER(`smtp')dnl
""")  # fmt: skip


def _courier(root: Path) -> None:
    for name, content in {
        "me": "relay.ruil.example", "defaultdomain": "ruil.example", "locals": "localhost", "queuetime": "25s",
        "warntime": "8s", "retryalpha": "4s", "retrybeta": "4s", "retrygamma": "4s", "retrymaxdelta": "1",
        "respawnlo": "1h", "respawnhi": "1h", "esmtptimeoutconnect": "4s", "esmtptimeouthelo": "6s",
        "esmtptimeoutquit": "2s", "batchsize": "1", "bofh": "opt BOFHBADMIME=accept", "esmtptimeoutkeepalive": "1s",
        "esmtpacceptmailfor": "ruil.example",
    }.items():  # fmt: skip
        _file(root, f"etc/courier/{name}", content + "\n")
    _file(root, "etc/courier/smtpaccess/default", "127.0.0.1\tallow,RELAYCLIENT\n10.9\tallow,RELAYCLIENT\n")


SERVERS = {
    "postfix": MailServer(
        _postfix,
        (
            "mkdir -p /var/spool/postfix /var/lib/postfix && cd /var/spool/postfix && "
            "mkdir -p active bounce corrupt defer deferred flush hold incoming private maildrop public pid saved trace && "
            "chown postfix active bounce corrupt defer deferred flush hold incoming private saved trace && "
            "chown postfix:postdrop maildrop public && chmod 1730 maildrop && chmod 2710 public && "
            "chmod 700 active bounce corrupt defer deferred flush hold incoming private saved trace && "
            "chown postfix /var/lib/postfix && chgrp postdrop /usr/sbin/postdrop /usr/sbin/postqueue && "
            "exec /usr/lib/postfix/sbin/master -c /etc/postfix",
        ),
        ("kill $(cat /var/spool/postfix/pid/master.pid)",),
    ),
    "exim4-daemon-light": MailServer(
        _exim,
        (
            "mkdir -p /var/spool/exim4 /var/log/exim4 && chown Debian-exim:Debian-exim /var/spool/exim4 /var/log/exim4 && "
            "chown root:Debian-exim /etc/exim4/exim4.conf && chmod 4755 /usr/sbin/exim4 && exec /usr/sbin/exim4 -bdf -q4s",
        ),
    ),
    "opensmtpd": MailServer(
        _opensmtpd,
        (
            "mkdir -p /var/spool/smtpd /var/empty /var/lib/opensmtpd/empty /run && chmod 711 /var/spool/smtpd && "
            "chmod 755 /var/empty && exec /usr/sbin/smtpd -d -v > /var/log/mail.log 2>&1",
        ),
    ),
    "sendmail-bin": MailServer(
        _sendmail,
        (
            "mkdir -p /var/spool/mqueue /var/run/sendmail /run/sendmail/mta && touch /etc/mail/local-host-names /etc/mail/trusted-users "
            "&& chmod 700 /var/spool/mqueue && chmod 755 /etc/mail / /etc /var /var/spool && m4 /etc/mail/sendmail.mc > /etc/mail/sendmail.cf && "
            "exec /usr/libexec/sendmail/sendmail -bD -q4s -C /etc/mail/sendmail.cf > /var/log/mail.log 2>&1",
        ),
    ),
    "courier-mta": MailServer(
        _courier,
        (
            "cd /var/lib && mkdir -p courier/msgs courier/msgq courier/tmp courier/track courier/filters courier/allfilters courier/sts "
            "/run/courier && chown -R courier:courier courier /run/courier /etc/courier && cd /usr/lib/courier && "
            "chown courier:courier courier/submitmkdir courier/submit && chmod 4755 courier/submitmkdir && "
            "chown root:courier courier/submit && chmod 2755 courier/submit && touch /etc/environment && ln -sf /usr/lib/courier/makedat /usr/bin/makedat && "
            "(./makesmtpaccess; ./makealiases; ./makehosteddomains; ./makeacceptmailfor; "
            "set -a; . /etc/courier/courierd; exec ./courier/courierd) > /var/log/mail.log 2>&1",
        ),
        command="/usr/sbin/sendmail",
    ),
}
