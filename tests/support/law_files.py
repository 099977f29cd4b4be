"""Files in odd but valid styles for the laws of adopt, and drift to meet them with."""

from dataclasses import replace
from datetime import date

from hypothesis import strategies as st

from flexsync.state import Person, State, User

AS_OF = date(2026, 1, 15)

BLOCK = """\
# the whole file is about one workshop
apiVersion: flexsync/v1
kind: Subscription
name: atelier     # the name stays

customer_code: 'C001'
company:
    legal_name: "Atelier Dupont"   # four spaces deep
    siren: "732829320"
offer: ultraflex
seats: 6
ends_on: "2027-01-31"
# products come here
products:
    compta: {edition: evolution}   # books
    paye: {}
    gestion_commerciale:
        data_mode: local

admin: {civility: madame, given_name: Anne, family_name: Dupont,   # hers
        email: anne@dupont.example}
users:
    # the oldest
    p.martin:
        civility: monsieur
        given_name: "Paul"         # quoted
        family_name: Martin-Lefèvre
        email: 'paul@dupont.example'
        access:
            - compta     # the books
            - 'paye'
        # no dates here
    l.petit: {civility: madame, given_name: Laure, family_name: Petit, email: laure@dupont.example, access: [paye]}
    s.noel:
        email: samy@dupont.example
        civility: monsieur
        access: [
          compta,        # first
          paye
        ]
        given_name: Samy
        family_name: Noël
        ends_on: 2026-12-31

services:
    payroll_filing:
        enabled: true
        sirets: ["73282932000074"]
        recipients: [ p.martin, l.petit ]  # told
        password_from: {env: ATELIER}
# the end
"""

FLEET = """\
apiVersion: flexsync/v1
kind: Fleet
name: cabinet
people:   # the staff
  c.morel: {civility: madame, given_name: Claire, family_name: Morel, email: c.morel@morel.example}   # head
  p.martin:
    civility: monsieur
    given_name: Paul
    family_name: Martin-Lefèvre
    email: paul@dupont.example   # by mail
defaults:
  offer: ultraflex
  admin: {person: c.morel}
profiles:
  base:   # shared
    seats: 6
    products: {compta: {edition: evolution}, paye: {}, gestion_commerciale: {}}
    users:
      p.martin: {access: [compta, paye]}
    services:
      payroll_filing:
        enabled: true
        sirets: ["73282932000074"]
        recipients: [p.martin]
        password_from: {env: "FLEX_{name}"}
clients: {files: clients/*.yaml, table: clients.csv}
"""

CLIENT = """\
apiVersion: flexsync/v1
kind: Subscription
name: atelier
profiles: [base]
company: {legal_name: Atelier Dupont, siren: "732829320"}
users_table: rosters/atelier.csv   # further people
services: {payroll_filing: {sirets: ["73282932000074"]}}
"""
ROSTER = """\
key;civility;given_name;family_name;email;access;starts_on;ends_on
l.petit;madame;Laure;Petit;laure@dupont.example;paye;;
s.noel; monsieur ;Samy;"Noël";samy@dupont.example;compta+paye;;2026-12-31
"""
TABLE = """\
name;customer_code;siren;legal_name;profiles;seats;ends_on;users_table
other;C9;;Autre;base;6;;
"""
ROW = 'atelier;;732829320;"Atelier Dupont";base;6; 2027-01-31 ;rosters/atelier.csv\n'

LAYOUTS = {
    "one file": {"atelier.yaml": BLOCK},
    "client file": {"fleet.yaml": FLEET, "clients.csv": TABLE, "clients/a.yaml": CLIENT, "rosters/atelier.csv": ROSTER},
    "row alone": {"fleet.yaml": FLEET, "clients.csv": TABLE + ROW, "rosters/atelier.csv": ROSTER},
}
ENDS = {
    "as written": lambda text: text.encode(),
    "windows": lambda text: text.replace("\n", "\r\n").encode(),
    "no last line break": lambda text: text.rstrip("\n").encode(),
    "byte order mark": lambda text: b"\xef\xbb\xbf" + text.encode(),
}


@st.composite
def drifted(draw: st.DrawFn, state: State) -> State:
    """The same subscription after one to five things done in the portal."""
    for act in draw(st.lists(st.sampled_from(ACTS), min_size=1, max_size=5)):
        state = draw(act(state))
    return state


@st.composite
def renamed(draw: st.DrawFn, state: State) -> State:
    key = draw(st.sampled_from(sorted(state.users)))
    fields = draw(
        st.sampled_from(
            [{"family_name": "O'Brien"}, {"given_name": "No"}, {"email": f"{key}@new.example"}, {"civility": "madame"}]
        )
    )
    user = state.users[key]
    return _with(state, key, replace(user, person=replace(user.person, **fields)))


@st.composite
def opened(draw: st.DrawFn, state: State) -> State:
    key = draw(st.sampled_from(sorted(state.present)))
    access = draw(st.sets(st.sampled_from(sorted(state.products)), min_size=1))
    user = replace(state.users[key], access=tuple(sorted(access)))
    return _told(_with(state, key, user))


@st.composite
def left(draw: st.DrawFn, state: State) -> State:
    if len(state.present) < 2:
        return state
    key = draw(st.sampled_from(sorted(state.present)))
    return _told(_with(state, key, replace(state.users[key], status="deactivated", access=())))


@st.composite
def dated(draw: st.DrawFn, state: State) -> State:
    key = draw(st.sampled_from(sorted(state.present)))
    days = {
        "starts_on": draw(st.none() | st.dates(date(2025, 1, 1), AS_OF)),
        "ends_on": draw(st.none() | st.dates(AS_OF, date(2026, 12, 31))),
    }
    return _with(state, key, replace(state.users[key], **days))


@st.composite
def arrived(draw: st.DrawFn, state: State) -> State:
    key = draw(st.sampled_from(["zoe", "a-b", "x.y_z"]))
    if len(state.present) >= state.seats or key in state.users:
        return state
    person = Person("madame", draw(st.sampled_from(["Zoé", "Yes"])), "Noël", f"{key}@dupont.example", "en")
    return _with(state, key, User(person, access=("paye",)))


@st.composite
def contracted(draw: st.DrawFn, state: State) -> State:
    fields = draw(
        st.sampled_from(
            [
                {"seats": 7},
                {"seats": 9},
                {"ends_on": date(2028, 2, 29)},
                {"sirets_allowed": 3},
                {"customer_code": "12345"},
                {"company": replace(state.company, legal_name="Dupont: et fils")},
                {"company": replace(state.company, rcs="RCS Paris")},
            ]
        )
    )
    return replace(state, **fields)


@st.composite
def moved(draw: st.DrawFn, state: State) -> State:
    code = draw(st.sampled_from(["compta", "gestion_commerciale"]))
    fields = draw(
        st.sampled_from([{"data_mode": "hosted"}, {"data_mode": "local"}, {"edition": "standard"}, {"seats": 8}])
    )
    product = replace(state.products[code], **fields)
    return replace(state, products={**state.products, code: product})


@st.composite
def served(draw: st.DrawFn, state: State) -> State:
    code = "payroll_filing"
    may = sorted(key for key, user in state.present.items() if "paye" in user.access)
    told = tuple(sorted(draw(st.sets(st.sampled_from(may))))) if may else ()
    fields = draw(st.sampled_from([{"status": "off"}, {"recipients": told}, {"ends_on": date(2026, 6, 30)}]))
    service = replace(state.services[code], **fields)
    return replace(state, services={**state.services, code: service})


ACTS = (renamed, opened, left, dated, arrived, contracted, moved, served)


def _with(state: State, key: str, user: User) -> State:
    return replace(state, users=dict(sorted({**state.users, key: user}.items())))


def _told(state: State) -> State:
    """Nobody is told a password of what they cannot open; a service that is off keeps its list."""
    may = {key for key, user in state.present.items() if "paye" in user.access}
    services = {
        code: one
        if one.status == "off"
        else replace(one, recipients=tuple(key for key in one.recipients if key in may))
        for code, one in state.services.items()
    }
    return replace(state, services=services)
