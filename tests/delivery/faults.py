"""What mail servers do, and what becomes of three letters then; docs/mail.md shows the same figures.

Each script runs for one round of delivery. Then the server is well again, and rounds follow until nothing waits.
"""

from dataclasses import dataclass, field

from tests.support.mail_servers import DROP, ENDLESS, KEPT, STALL, TRICKLE, Script


@dataclass(frozen=True)
class Figures:
    """Letters of three that arrived, arrived more than once, are lost, and stand in the list as held or dead."""

    sent: int = 3
    duplicated: int = 0
    lost: int = 0
    held: int = 0
    dead: int = 0


@dataclass(frozen=True)
class Fault:
    """`ends` when the round ends at once, because no mail could leave; `hold` are the figures of `uncertain: hold`."""

    script: Script
    ends: bool = False
    resend: Figures = field(default_factory=Figures)
    hold: Figures | None = None


ALL = Figures()
ONE_DEAD = Figures(sent=2, dead=1)
ONE_HELD = Figures(sent=3, held=1)
TWICE = Figures(duplicated=1)

FAULTS = {
    "answers nothing to the connection": Fault({"GREET": [STALL]}, ends=True),
    "hangs up at once": Fault({"GREET": [DROP]}, ends=True),
    "refuses the connection: 554": Fault({"GREET": ["554 not you"]}, ends=True),
    "is closing: 421 to the greeting": Fault({"EHLO": ["421 closing"], "HELO": ["421 closing"]}, ends=True),
    "offers no TLS, or somebody took it out": Fault({"EHLO": ["250 mail.test"]}, ends=True),
    "refuses the login: 535": Fault({"AUTH": ["535 no"]}, ends=True),
    "refuses the sender: 550": Fault({"MAIL": ["550 not from here"]}, ends=True),
    "closes after one mail: 421": Fault({"MAIL": ["", "421 enough", ""]}),
    "hangs up after one mail": Fault({"MAIL": ["", DROP, ""]}),
    "defers one recipient: 451": Fault({"RCPT": ["", "451 later", ""]}),
    "refuses the second recipient: 550": Fault({"RCPT": ["", "550 5.1.1 nobody", ""]}, resend=ONE_DEAD),
    "takes no mail now: 452 to DATA": Fault({"DATA": ["452 full", ""]}),
    "refuses one content: 554 after the dot": Fault({"DOT": ["", "554 spam", ""]}, resend=ONE_DEAD),
    "defers one content: 451 after the dot": Fault({"DOT": ["451 later", ""]}),
    "stalls before the recipient": Fault({"RCPT": [STALL, ""]}),
    "answers one byte at a time": Fault({"RCPT": [TRICKLE, ""]}),
    "answers without end": Fault({"RCPT": [ENDLESS, ""]}),
    "answers nonsense": Fault({"RCPT": ["hello there", ""]}),
    "hangs up before the content": Fault({"DATA": [DROP, ""]}),
    "takes a mail and hangs up after the dot": Fault({"DOT": [KEPT, ""]}, resend=TWICE, hold=ONE_HELD),
    "loses a mail and hangs up after the dot": Fault({"DOT": [DROP, ""]}, hold=Figures(sent=2, held=1)),
    "stalls after the dot": Fault({"DOT": [STALL, ""]}, hold=Figures(sent=2, held=1)),
    "answers nonsense after the dot": Fault({"DOT": ["what?", ""]}, hold=Figures(sent=2, held=1)),
}
