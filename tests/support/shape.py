"""The shape of the code: who may import whom, and who may touch the world. Literal tables and their checkers."""

from collections.abc import Iterable, Iterator, Mapping

from tests.support.imports import Module, imported, used

_GROUND = ("errors", "text", "paths")
_VALUES = (*_GROUND, "address", "codes", "state", "catalogue", "snapshot")
_PARTS = (
    "clock", "faults", "sealed", "secrets", "keys", "grants", "language", "passwords",
    "desired", "plan", "policy", "edit", "store", "outbox", "apply", "acts", "render",
)  # fmt: skip
_EVERYTHING_BELOW = (*_VALUES, *_PARTS)

#: Part of flexsync to the parts it may import besides itself; `x.y` allows that module only.
MAY_IMPORT: Mapping[str, tuple[str, ...]] = {
    "text": (),
    "errors": ("text",),
    "paths": (),
    "clock": (),
    "faults": (),
    "sealed": _GROUND,
    "keys": (),
    "grants": ("errors",),
    "language": (),
    "passwords": _GROUND,
    "address": _GROUND,
    "codes": _GROUND,
    "state": (*_GROUND, "address"),
    "catalogue": _GROUND,
    "snapshot": (*_GROUND, "clock", "state"),
    "secrets": (*_GROUND, "sealed", "state"),
    "desired": _VALUES,
    "plan": (*_VALUES, "desired.model"),
    "policy": (*_VALUES, "desired.model", "desired.rule_spec", "plan"),
    "edit": (*_VALUES, "desired"),
    "store": (*_VALUES, "clock", "faults", "plan"),
    "outbox": (*_VALUES, "clock", "faults", "keys", "language", "plan", "store"),
    "render": (*_VALUES, "desired.model", "plan"),
    "apply": (*_VALUES, "clock", "faults", "sealed", "keys", "plan", "store", "outbox"),
    "acts": (
        *_VALUES,
        *("clock", "faults", "keys", "grants", "language", "passwords"),
        *("desired.model", "plan", "store", "apply", "outbox"),
    ),
    "workflow": _EVERYTHING_BELOW,
    "portal": (
        *_VALUES,
        *("clock", "keys", "grants", "language", "passwords", "store", "outbox", "acts", "desired.patterns"),
    ),
    "launcher": (*_GROUND, "grants"),
    "cli": (*_EVERYTHING_BELOW, "workflow", "portal", "launcher"),
    "integrations": (*_VALUES, "desired.catalogue_file", "desired.schema", "plan", "render", "cli"),
    "__main__": ("cli",),
}

#: Ways to touch the world, each with the names that do it.
TOUCHES: Mapping[str, tuple[str, ...]] = {
    "system clock": (
        "datetime.datetime.now", "datetime.datetime.utcnow", "datetime.datetime.today", "datetime.date.today",
        "time.time", "time.time_ns", "time.localtime", "time.gmtime", "time.ctime", "time.asctime", "time.strftime",
        "sqlalchemy.func.now", "sqlalchemy.func.current_timestamp", "sqlalchemy.func.current_date",
    ),
    "waiting": ("time.sleep", "time.monotonic", "time.monotonic_ns", "time.perf_counter"),
    "files": (
        "paths",
        "open", "io.open", "os.open", "os.walk", "os.scandir", "os.listdir", "os.stat", "os.lstat", "os.fdopen",
        "pathlib.Path", "shutil", "tempfile", "glob", "fileinput", "importlib.resources",
    ),
    "processes": ("subprocess", "multiprocessing", "os.system", "os.popen", "os.fork", "os.kill", "pty"),
    "environment": ("os.environ", "os.environb", "os.getenv", "os.putenv"),
    "network": ("socket", "ssl", "smtplib", "ftplib", "urllib.request", "http.client", "http.server", "asyncio"),
    "database": ("sqlite3", "sqlalchemy", "alembic", "psycopg"),
    "chance": ("random", "secrets", "uuid", "os.urandom"),
    "terminal": ("print", "input", "sys.stdin", "sys.stdout", "sys.stderr", "click", "rich", "getpass"),
    "exit": ("exit", "quit", "SystemExit", "sys.exit", "os._exit", "os.abort"),
}  # fmt: skip

#: Which modules, with all below them, may touch what. Nothing else may: `desired`, `plan`, `render` are pure.
MAY_TOUCH: Mapping[str, tuple[str, ...]] = {
    "system clock": ("clock",),
    "waiting": (
        "store",
        "integrations.comment",
        "policy.judging",  # to give up a rule that takes too long
        "workflow.delivering",  # between two looks at the outbox
    ),
    "files": (
        "paths",
        "secrets",
        "language",  # the compiled words that come with it
        "desired.source",
        "desired.git",
        "desired.git_source",
        "desired.schema",
        "desired.catalogue_file",
        "store",
        "acts.releases",  # the folder of what people download
        "outbox.maildir",
        "workflow",
        "cli",
        "integrations",
    ),
    "processes": ("faults", "desired.git"),  # git, to name the commit and to read one
    "environment": ("faults", "secrets", "desired.git", "workflow", "cli", "integrations"),
    "network": (
        "store",  # the name of the host, for leases
        "integrations",  # the API of a host of git
        "outbox.session",  # the mail server
        "outbox.server",
        "cli.serve",  # the port of the portal
        "portal.in_time",  # the types of a connection
        "outbox.smtp",
        "launcher",  # what the desktop software asks the portal
    ),
    "database": ("store",),
    "chance": ("sealed", "store", "workflow"),
    "terminal": ("cli", "integrations"),
    "exit": ("faults", "cli", "integrations", "desired.xlsx_grid"),  # passed on, not raised
}


def wrong_imports(module: Module, known: Iterable[str], table: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    """A sentence for each import of `module` that `table` does not allow; `known` are all modules there are."""
    part = _part(module.name)
    if part and part not in table:
        yield f"{module.name}: is in no row of MAY_IMPORT; say what it may import"
        return
    for use in imported(module):
        if use.name.startswith("."):
            yield f"{module.name}:{use.line}: imports {use.name}; spell imports in full"
            continue
        target = _longest(use.name, known)
        if target and _part(target) != part and not _below(target, table.get(part, ())):
            yield f"{module.name}:{use.line}: imports {target}, which {part or 'flexsync'} may not"


def wrong_touches(module: Module, allowed: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    """A sentence for each way in which `module` touches the world without being allowed to."""
    for touch, names in TOUCHES.items():
        if _below(module.name, allowed[touch]):
            continue
        for use in used(module):
            if any(use.name == name or use.name.startswith(f"{name}.") for name in names):
                yield f"{module.name}:{use.line}: {use.name} touches the {touch}, which only {allowed[touch]} may"


def _part(name: str) -> str:
    """`plan` of `flexsync.plan.diff`, nothing of `flexsync` itself."""
    return name.split(".")[1] if "." in name else ""


def _longest(name: str, known: Iterable[str]) -> str:
    """The longest known module that `name` is, or is something of; nothing when it is another package's."""
    return max((one for one in known if name == one or name.startswith(f"{one}.")), key=len, default="")


def _below(name: str, allowed: tuple[str, ...]) -> bool:
    """True when `name` is one of the `allowed` modules or lies below one; the package itself is always allowed."""
    inside = name.removeprefix("flexsync").removeprefix(".")
    return not inside or any(inside == one or inside.startswith(f"{one}.") for one in allowed)
