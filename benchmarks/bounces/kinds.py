"""What can go wrong with a mail, and what a server of this or that make says of it; each with its true label.

The sentences are ours, in the manner of each make. hard: nobody can ever be reached there; soft: anything else
that kept the mail from arriving; none: nothing is wrong. `held_out`: never looked at while the reader was written.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """One way to fail. `stage`: what goes wrong where; `said`: the peer's reply there."""

    name: str
    label: str
    stage: str
    said: str = ""
    make: str = ""
    held_out: bool = False


def _replies(label: str, stage: str, held_out: bool, lines: str) -> list[Kind]:
    found = []
    for number, line in enumerate(lines.strip().splitlines()):
        make, said = (part.strip() for part in line.split("|", 1))
        found.append(Kind(f"{label}{stage}{'h' if held_out else 'd'}{number}", label, stage, said, make, held_out))
    return found


KINDS: list[Kind] = [
    # --- looked at while the reader was written
    *_replies("hard", "rcpt", False, """
postfix  | 550 5.1.1 <{to}>: Recipient address rejected: User unknown in virtual mailbox table
postfix  | 550 5.1.1 <{to}>: Recipient address rejected: undeliverable address: host said: 550 no mailbox
exim     | 550 Unrouteable address
exim     | 550-Callout verification failed for <{to}>#550 No such user here
sendmail | 550 5.1.1 <{to}>... User unknown
sendmail | 553 5.3.0 <{to}>... Addressee unknown here
gmail    | 550-5.1.1 The email account that you tried to reach does not exist. Please try#550-5.1.1 double-checking the address for typos or spaces. Learn more at#550 5.1.1 https://support.example/mail/?p=NoSuchUser ab1si234.56 - gsmtp
exchange | 550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient {to} not found by SMTP address lookup
exchange | 550 5.4.1 Recipient address rejected: Access denied. AS(201806281) [mx.protection.example]
exchange | 550 5.1.1 User unknown
dutch    | 550 5.1.1 Deze gebruiker bestaat hier niet
moved    | 551 5.1.6 The user has moved to another provider
"""),
    *_replies("soft", "rcpt", False, """
postfix  | 552 5.2.2 <{to}>: Recipient address rejected: The mailbox is over its quota
postfix  | 554 5.7.1 <{to}>: Relay access denied
postfix  | 554 5.7.1 <{to}>: Recipient address rejected: Access denied
postfix  | 550 5.7.1 <{from}>: Sender address rejected: not allowed here
postfix  | 450 4.1.1 <{to}>: Recipient address rejected: unverified address: address verification is running
postfix  | 554 5.7.1 Service unavailable; Client host [10.9.0.1] blocked using bl.example; see https://bl.example/q?10.9.0.1
exim     | 550 relay not permitted
exim     | 550-Verification failed for <{from}>#550-The mail server for this domain does not answer#550 Sender verify failed
exim     | 451 Greylisted, please try again in 300 seconds
gmail    | 550-5.7.1 Our system has detected that this message is likely unsolicited mail.#550 5.7.1 To reduce the amount of spam sent to us, it has been blocked. ab1si2 - gsmtp
gmail    | 452-4.2.2 The recipient's inbox is out of storage space.#452 4.2.2 Please direct the recipient to https://support.example/mail/?p=OverQuota
gmail    | 550-5.2.1 The email account that you tried to reach is inactive. Learn more at#550 5.2.1 https://support.example/mail/?p=Disabled
exchange | 550 5.7.1 Unable to relay
exchange | 550 5.7.133 RESOLVER.RST.SenderNotAuthenticatedForGroup; authentication required; Delivery restriction check failed
exchange | 451 4.7.500 Server busy. Please try again later from [10.9.0.1]
exchange | 530 5.7.0 Must issue a STARTTLS command first
sendmail | 550 5.7.1 Command rejected
"""),
    *_replies("soft", "dot", False, """
postfix  | 552 5.3.4 Message size exceeds fixed limit
postfix  | 554 5.7.1 Message contains a virus and was rejected by the content filter
exim     | 550 This message was classified as spam and may not be delivered
exchange | 554 5.2.2 STOREDRV.Deliver.Exception:QuotaExceededException; Failed to process message
exchange | 550 5.7.509 Access denied, sending domain ruil.example does not pass DMARC verification and has a policy of reject
gmail    | 550-5.7.26 This mail has been blocked because the sender is unauthenticated. The sender must#550 5.7.26 authenticate with either SPF or DKIM. - gsmtp
postfix  | 452 4.3.1 Insufficient system storage
dutch    | 550 Bericht geweigerd wegens beleid
"""),
    Kind("nxdomain", "hard", "nxdomain"),
    Kind("nullmx", "hard", "nullmx"),
    Kind("servfail", "soft", "servfail"),
    Kind("connrefused", "soft", "connrefused"),
    Kind("loopback", "soft", "loopback"),
    # --- held out
    *_replies("hard", "rcpt", True, """
yahoo      | 554 delivery error: dd This user doesn't have a yahoo.example account ({to}) [0] - mta1.example
yahoo      | 550 5.1.1 Not a valid recipient address for this service
proofpoint | 550 5.1.1 <{to}>... No such mailbox at this company
proofpoint | 550 5.7.0 Local Policy Violation: Invalid Recipient
mimecast   | 550 Invalid Recipient - https://community.example/docs/DOC-1369#550 [Xk3jd9]
mimecast   | 550 Rejected: recipient address does not exist in directory
barracuda  | 550 permanent failure for one or more recipients ({to}:550 5.1.1 User doesn't exist)
ironport   | 550 #5.1.0 Address rejected.
domino     | 550 {to}... No such user in the Domino directory
qmail      | 550 sorry, no mailbox here by that name (#5.1.1)
zimbra     | 550 5.1.1 <{to}>: Recipient address rejected: account not found
hmail      | 550 Unknown user
sophos     | 550 Mailbox unavailable or access denied - {to} is not on the list of known people
icloud     | 550 5.1.1 <{to}>: user does not exist
laposte    | 550 5.5.0 Adresse d'au moins un destinataire invalide. Invalid recipient. LPN416
german     | 550 Empfaenger existiert nicht
german     | 550 5.1.1 Der Benutzer {to} ist hier nicht bekannt
french     | 550 5.1.1 Destinataire inconnu
spanish    | 550 5.1.1 El usuario no existe en este servidor
italian    | 550 5.1.1 L'utente non esiste
portuguese | 550 5.1.1 Caixa postal inexistente
swedish    | 550 Mottagaren finns inte
hotmail    | 550 5.5.0 Requested action not taken: mailbox unavailable (S2017062302). [mx.example]
left       | 550 5.1.1 This person no longer works here
closed     | 550 5.2.1 This mailbox has been deleted
nomail     | 550 5.1.10 This domain does not accept any mail
"""),
    *_replies("soft", "rcpt", True, """
yahoo      | 421 4.7.0 [TSS04] Messages from 10.9.0.1 temporarily deferred due to unexpected volume or user complaints
yahoo      | 554 5.7.9 Message not accepted for policy reasons. See https://postmaster.example/error-codes
proofpoint | 554 Blocked - see https://ipcheck.proof.example/?ip=10.9.0.1
proofpoint | 550 5.7.1 The mail server has a poor reputation
mimecast   | 550 Administrative prohibition - envelope blocked - https://community.example/docs/DOC-1369#550
mimecast   | 451 Internal resources are temporarily unavailable
barracuda  | 550 Service unavailable; client blocked by the reputation system
barracuda  | 550 5.2.0 Denied by policy of the recipient's administrator
ironport   | 554 Your access to this mail system has been rejected due to the sending MTA's poor reputation.
zimbra     | 452 4.2.2 Over quota
cyrus      | 552 5.2.2 Over quota SESSIONID=<cyrus-1>
hmail      | 550 Account is not active.
aol        | 554 5.7.1 : (DNS:B1) service unavailable
german     | 552 Postfach des Empfaengers ist voll
german     | 550 Mailbox-Speicherplatz erschoepft, Nachricht abgelehnt
french     | 552 5.2.2 La boite du destinataire est pleine
spanish    | 550 El buzon del usuario esta lleno
italian    | 552 5.2.2 Casella piena
portuguese | 550 Caixa postal cheia
dutch      | 552 De mailbox van de ontvanger is vol
suspended  | 550 5.2.1 Account suspended until further notice
ratelimit  | 450 4.2.1 The user you are trying to contact is receiving mail too quickly. Please resend later.
ratelimit  | 550 5.4.5 Daily limit of messages for this recipient exceeded
ptr        | 550 5.7.25 The IP address sending this message does not have a PTR record
helo       | 550 5.7.1 Invalid HELO name: your host is unknown to us
tls        | 550 5.7.10 Encryption required by the recipient's organisation
auth       | 550 5.7.1 Client was not authenticated
bare       | 550 no
weird      | 550 5.1.1 Too many errors from your host, go away
"""),
    *_replies("soft", "dot", True, """
yahoo      | 554 Message not allowed - [PH01] Email not accepted for policy reasons
proofpoint | 552 5.2.3 Message length exceeds the administrative limit
mimecast   | 554 Email rejected due to security policies - MCSpamSignature.example
barracuda  | 554 rejected due to spam content
google     | 552-5.7.0 This message was blocked because its content presents a potential#552 5.7.0 security issue. - gsmtp
exchange   | 554 5.4.14 Hop count exceeded - possible mail loop ATTR34
exchange   | 550 5.6.0 M2MCVT.StorageError; storage error in content conversion
sophos     | 550 Message rejected: attachment type is not allowed
icloud     | 554 5.7.1 [CS01] Message rejected due to local policy
full       | 552 5.2.2 Quota exceeded (mailbox for user is full)
disk       | 452 4.2.2 No space left on device
timeout    | 451 4.4.2 Timeout - closing connection
"""),
    Kind("mailblocked", "soft", "mail", "553 5.1.8 Domain of sender address {from} does not exist", "sendmail", True),
    Kind("connect554", "soft", "connect554", held_out=True),
    Kind("stall", "soft", "stall", held_out=True),
    Kind("nomx", "soft", "noaddress", held_out=True),
]  # fmt: skip
NOTHING_WRONG = [Kind("success", "none", "accept"), Kind("success2", "none", "accept", held_out=True)]
