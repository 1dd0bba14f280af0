"""Which column is which: the headers that HR systems write, in English and Dutch. (pure)

Sources: features.md 4 (BambooHR, Workday, AFAS, Nmbrs, Google, Entra, SCIM, Peakon, Officevibe, …).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from pulse.locale import Sentence

# Within a field the order is the order of preference where several columns fit.
SYNONYMS: dict[str, tuple[str, ...]] = {
    "employee_id": (
        "employee_id", "personeelsnummer", "Employee ID", "employeeNumber", "Employee #", "organization_employee_id",
        "employers_employee_id", "FILENUMBER", "externalId", "Persnr", "Medewerkernummer", "Medewerker",
        "Personeelsnr", "Worker ID", "objectId",
    ),
    "name": (
        "name", "naam", "displayName", "fullName1", "WORKER_NAME", "Formatted Name", "name.formatted", "Worker",
        "Legal Name", "Volledige naam",
    ),
    "given_name": (
        "First Name", "givenName", "name.givenName", "Employee First Name", "Voornaam", "Roepnaam",
        "Preferred First Name", "preferredName", "nickname",
    ),
    "name_prefix": ("Voorvoegsel", "Voorvoegsels", "Tussenvoegsel", "Tussenvoegsels"),
    "family_name": (
        "Last Name", "surname", "familyName", "name.familyName", "Employee Last Name", "Achternaam",
    ),
    "email": (
        "email", "e-mail", "Email address", "workEmail", "mail", "emails.work", "Primary Work Email", "E-mail werk",
        "Zakelijk e-mailadres", "E-mailadres", "Mailadres", "Employee Email ID", "userPrincipalName", "User name",
        "bestEmail",
    ),
    "language": ("language", "taal", "Preferred language", "Locale", "Voorkeurstaal"),
    "timezone": ("timezone", "tijdzone", "Time Zone"),
    "team": (
        "team", "Immediate Team", "department", "afdeling", "Org Unit Path", "Supervisory Organization",
        "Organisatorische eenheid", "Teamnaam",
    ),
    "parent_unit": (
        "Division", "Parent Department", "organization", "Organization Name", "Business Unit", "Sector", "Cluster",
        "Directie",
    ),
    "location": (
        "location", "locatie", "Vestiging", "Standplaats", "Branch", "Branch(location)", "Office Location",
        "physicalDeliveryOfficeName", "Building ID",
    ),
    "role": ("role", "rol"),
    "manager": (
        "Manager Email", "Email of the immediate manager", "Manager Email ID", "E-mail leidinggevende", "Manager ID",
        "supervisorEId", "supervisorId", "Supervisor E ID", "manager.value", "Leidinggevende nummer", "Manager",
        "supervisor", "Worker's Manager", "Reporting to", "Reports To", "Leidinggevende", "Manager naam",
    ),
    "start_date": (
        "hireDate", "employment_start_date", "EMPLOYEESINCE", "In dienst sinds", "Datum in dienst", "Startdatum",
        "Start Date",
    ),
    "end_date": (
        "terminationDate", "Separation date", "EMPLOYEEGONE", "Dienst verlaten", "Datum uit dienst", "Einddatum",
        "End Date",
    ),
    "status": ("status", "Employee Status", "active", "accountEnabled", "Actief"),
    "on_leave": ("ON_LEAVE", "Verlof", "Afwezig tot"),
}  # fmt: skip
AMBIGUOUS = {
    "id": Sentence("an employee number, or the row's own"),
    "title": Sentence("a form of address, or a job"),
}
FIELDS = {
    "employee_id": Sentence("employee number"),
    "name": Sentence("name"),
    "given_name": Sentence("first name"),
    "name_prefix": Sentence("name prefix"),
    "family_name": Sentence("last name"),
    "email": Sentence("e-mail address"),
    "language": Sentence("language"),
    "timezone": Sentence("time zone"),
    "location": Sentence("location"),
    "team": Sentence("team"),
    "parent_unit": Sentence("unit above the team"),
    "role": Sentence("role"),
    "manager": Sentence("manager"),
    "start_date": Sentence("first day"),
    "end_date": Sentence("last day"),
    "status": Sentence("status"),
    "on_leave": Sentence("on leave"),
}
"""What people call each field."""
QUALIFIERS = ("required", "uploadonly", "readonly", "mustbeinthee164format")
_BRACKETS = re.compile(r"^(.*?)\[([^\]]*)\](.*)$")


@dataclass(frozen=True)
class Columns:
    """Which column (by position) holds which field; what is not kept; what was chosen."""

    positions: dict[str, int]
    names: dict[str, str]
    dropped: list[str]
    notes: list[Sentence]


def plain(header: str) -> str:
    """A header without case, accents, spaces and marks; brackets as Google and Entra mean them.

    >>> plain("E-mail Adres"), plain("Email Address [Required]"), plain("Name [displayName] Required")
    ('emailadres', 'emailaddress', 'displayname')
    """
    if match := _BRACKETS.match(header):
        inside = _bare(match[2])
        header = match[1] if inside in QUALIFIERS else match[2]
    return _bare(header)


def map_columns(header: list[str]) -> Columns:
    """Give each field its column, by a fixed order where several fit."""
    wanted = {_bare(name): (field, rank) for field, names in SYNONYMS.items() for rank, name in enumerate(names)}
    found: dict[str, list[tuple[int, int]]] = {}
    for position, name in enumerate(header):
        if known := wanted.get(plain(name)):
            found.setdefault(known[0], []).append((known[1], position))
    positions = {field: min(candidates)[1] for field, candidates in found.items()}
    notes = [
        Sentence(
            "%(field)s: read from the column %(chosen)s, not from %(others)s.",
            field=FIELDS[field],
            chosen=repr(header[positions[field]]),
            others=", ".join(repr(header[position]) for _, position in sorted(candidates)[1:]),
        )
        for field, candidates in found.items()
        if len(candidates) > 1
    ]
    notes += [
        Sentence(
            "The column %(column)s can mean %(meanings)s; it was not read.",
            column=repr(name),
            meanings=AMBIGUOUS[plain(name)],
        )
        for name in header
        if plain(name) in AMBIGUOUS
    ]
    dropped = [name for position, name in enumerate(header) if position not in positions.values() and name]
    return Columns(positions, {field: header[at] for field, at in positions.items()}, dropped, notes)


def _bare(text: str) -> str:
    folded = unicodedata.normalize("NFKD", text.strip("\ufeff").casefold())
    return "".join(sign for sign in folded if sign.isalnum() or sign == "#")
