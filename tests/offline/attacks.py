"""The corpus of hostile changes: what somebody may put into a pull request, and the exit code it must give.

Each Attack gets a Repository with the firm committed and tagged `base`, and a folder outside of it that
holds secrets and in which `marker` must never appear. It leaves the change at HEAD.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.bad_inputs.yaml_cases import CASES
from tests.support.folders import FLEET
from tests.support.repositories import ALPHA, BETA, FILES, Repository, entry

HEAD = "apiVersion: flexsync/v1\nkind: Subscription\n"


@dataclass(frozen=True, slots=True)
class Attack:
    """A change to make, and the exit codes that may answer it."""

    name: str
    make: Callable[[Repository, Path], object]
    codes: tuple[int, ...] = (3,)
    says: str = ""

    def __str__(self) -> str:
        return self.name


def _files(name: str, files: dict[str, str | bytes | None], *codes: int, says: str = "") -> Attack:
    return Attack(name, lambda repository, outside: repository.commit(files), codes or (3,), says)


def _alpha(name: str, text: str | bytes, *codes: int, says: str = "") -> Attack:
    return _files(name, {"clients/alpha.yaml": text}, *codes, says=says)


def _fleet(name: str, old: str, new: str, *codes: int, says: str = "") -> Attack:
    assert old in FLEET
    return _files(name, {"fleet.yaml": FLEET.replace(old, new)}, *codes, says=says)


def _links(name: str, path: str, target: str, says: str = "not a regular file") -> Attack:
    """A link in the place of a file; `{outside}` is the folder outside."""

    def make(repository: Repository, outside: Path) -> None:
        repository.write({path: None} if (repository.root / path).exists() else {})
        link = repository.root / path
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(target.format(outside=outside))
        repository.commit()

    return Attack(name, make, (3,), says)


BOUND = "bound-elsewhere"
NAMES = [
    _alpha("file claims a file", ALPHA.replace("alpha-bakery", "beta-florist"), says=BOUND),
    _alpha("file claims a line", ALPHA.replace("alpha-bakery", "gamma-garage"), says=BOUND),
    _alpha("quoted", ALPHA.replace("alpha-bakery", '"beta-florist"'), says=BOUND),
    _alpha("escaped", ALPHA.replace("alpha-bakery", r'"b\x65ta-florist"'), says=BOUND),
    _alpha("as JSON", '{"apiVersion":"flexsync/v1","kind":"Subscription","name":"beta-florist"}', says=BOUND),
    _alpha("nobody", HEAD + "name: beta-florist\nusers: {}\n", says=BOUND),
    _alpha("one seat", HEAD + "name: gamma-garage\nseats: 1\nusers: {a: null}\n", says=BOUND),
    _alpha("closed", HEAD + "name: beta-florist\nstate: closed\n", says=BOUND),
    _alpha("closed line", HEAD + "name: gamma-garage\nstate: closed\n", says=BOUND),
    _alpha("damaged", HEAD + "name: beta-florist\nusers: [\n"),
    _alpha("damaged line", HEAD + "name: gamma-garage\nusers: [\n"),
    _alpha("wrong schema", HEAD + "name: gamma-garage\nuser: {}\n"),
    _alpha("in capitals", ALPHA.replace("alpha-bakery", "Beta-Florist")),
    _alpha("full width", ALPHA.replace("alpha-bakery", "ｂeta-florist")),
    _alpha("Cyrillic", ALPHA.replace("alpha-bakery", "bеta-florist")),
    _alpha("soft hyphen", ALPHA.replace("alpha-bakery", "beta\u00ad-florist")),
    _alpha("trailing space", ALPHA.replace("alpha-bakery", '"beta-florist "')),
    _alpha("two names", ALPHA + "name: beta-florist\n"),
    _alpha("a list of names", ALPHA.replace("alpha-bakery", "[beta-florist]")),
    _files("new file claims a file", {"clients/x.yaml": HEAD + "name: beta-florist\n"}, says=BOUND),
    _files("new file claims a line", {"clients/x.yaml": HEAD + "name: gamma-garage\nseats: 9\n"}, says=BOUND),
    _files("file taken and emptied", {"clients/beta.yaml": None, "clients/x.yaml": HEAD + "name: beta-florist\n"}),
    _files("file taken over", {"clients/beta.yaml": None, "clients/alpha.yaml": HEAD + "name: beta-florist\n"}),
    _files(
        "line joins a file", {"clients.csv": FILES["clients.csv"] + "beta-florist;;;vat;1;;2025-02-06\n"}, says=BOUND
    ),
    _files("line twice", {"clients.csv": FILES["clients.csv"] + "gamma-garage;;;vat;1;;\n"}, says="duplicate-key"),
    _files("case of a file", {"clients/BETA.yaml": HEAD + "name: zeta\n"}, says="file-case"),
    _files("case of a file that claims", {"clients/Beta.yaml": BETA.replace("seats: 4", "seats: 5")}, says=BOUND),
    _files("two forms", {"clients/é.yaml": HEAD + "name: ea\n", "clients/e\u0301.yaml": HEAD + "name: eb\n"}),
    _files("name used twice", {f"clients/{x}.yaml": ALPHA.replace("alpha", "zeta") for x in "xy"}),
    _alpha("foreign former key", ALPHA.replace("{l.roy: {", "{x: {previously: [secret.user], ")),
    _alpha("foreign person", HEAD + "name: alpha-bakery\nprofiles: [vat]\nadmin: {person: b.one}\n"),
]
RULES = [
    _fleet("limits lifted", "clients:", "limits: {deactivate: {each: {count: 999}}}\nclients:", 0, says="from-base"),
    _fleet("store moved", "people:", "store: postgresql://127.0.0.1:1/x\npeople:", 0, says="from-base"),
    _fleet("catalogue replaced", "people:", "catalogue: catalogue.yaml\npeople:", 0, says="from-base"),
    _fleet("catalogue outside", "people:", "catalogue: ../outside/secret.yaml\npeople:", 0, says="from-base"),
    _fleet("files outside", "clients/*.yaml", "../outside/*.yaml", says="leaves the folder"),
    _fleet("files at the root of the disk", "clients/*.yaml", "/etc/*.yaml", says="leaves the folder"),
    _fleet("files of git", "clients/*.yaml", ".git/*", says="leaves the folder"),
    _fleet("table outside", "clients.csv", "../outside/secret.csv", says="file-outside"),
    _fleet("table of git", "clients.csv", ".git/config", says="file-outside"),
    _fleet("table is a secret of the disk", "clients.csv", "/etc/passwd", says="file-outside"),
    _fleet("a profile cycle", "  payroll:", "  a: {profiles: [b]}\n  b: {profiles: [a]}\n  payroll:"),
    _fleet("an unknown key", "people:", "hooks: {before: touch marker}\npeople:"),
    _files("no fleet file", {"fleet.yaml": None}),
    _files("the fleet is a subscription", {"fleet.yaml": BETA.replace("seats: 4", "seats: 1")}),
    _files("the fleet is empty", {"fleet.yaml": ""}),
    _files("no file at all", dict.fromkeys(FILES)),
    _alpha("roster outside", ALPHA + "users_table: ../outside/secret.csv\n", says="file-outside"),
    _alpha("roster of the disk", ALPHA + "users_table: /etc/passwd\n", says="file-outside"),
    _alpha("roster of git", ALPHA + "users_table: .git/config\n", says="file-outside"),
    _alpha("roster is a folder", ALPHA + "users_table: clients\n", says="not a regular file"),
    _alpha("reference in a schema", "$schema: http://127.0.0.1:1/x\n" + ALPHA),
    _alpha("secret by value", ALPHA + "password: hunter2\n"),
    _files("python in the tree", {"sitecustomize.py": "open('marker','w')", "flexsync/__init__.py": "1/0"}, 0),
    _files("tests in the tree", {"conftest.py": "open('marker','w')", "pyproject.toml": "["}, 0),
]
LINKS = [
    _links("link to the disk", "clients/alpha.yaml", "{outside}/secret.yaml"),
    _links("link upwards", "clients/alpha.yaml", "../../outside/secret.yaml"),
    _links("link to itself", "clients/alpha.yaml", "alpha.yaml"),
    _links("link to a folder", "clients/x.yaml", "{outside}"),
    _links("link to a neighbour", "clients/alpha.yaml", "beta.yaml"),
    _links("link to git", "clients/alpha.yaml", "../.git/config"),
    _links("link to a process", "clients/alpha.yaml", "/proc/self/environ"),
    _links("table is a link", "clients.csv", "{outside}/secret.csv"),
    _links("fleet is a link", "fleet.yaml", "{outside}/secret.yaml"),
]


def _linked_folder(repository: Repository, outside: Path) -> None:
    repository.write({name: None for name in FILES if name.startswith("clients/")})
    (repository.root / "clients").rmdir()
    (repository.root / "clients").symlink_to(outside)
    repository.commit()


def _linked_roster(repository: Repository, outside: Path) -> None:
    (repository.root / "r.csv").symlink_to(outside / "secret.csv")
    repository.commit({"clients/alpha.yaml": ALPHA + "users_table: r.csv\n"})


def _submodule(repository: Repository, outside: Path) -> None:
    commit = repository.git("rev-parse", "HEAD")
    repository.write({".gitmodules": f'[submodule "x"]\npath = clients\nurl = ext::touch {outside}/marker\n'})
    repository.git("rm", "-r", "--quiet", "--cached", "clients")
    repository.commit_index(f"160000 {commit}\tclients")


def _submodule_file(repository: Repository, _: Path) -> None:
    repository.commit_index(f"160000 {repository.git('rev-parse', 'HEAD')}\tclients/x.yaml")


def _crafted(name: bytes, mode: str = "100644") -> Callable[[Repository, Path], None]:
    """A tree that git would not make: beside the firm's files one entry of a name that leads elsewhere."""

    def make(repository: Repository, _: Path) -> None:
        blob = repository.blob(ALPHA.replace("alpha", "zeta").encode())
        clients = repository.tree(entry(mode, name, blob))
        fleet, table = (repository.git("rev-parse", f"HEAD:{file}") for file in ("fleet.yaml", "clients.csv"))
        lines = [("100644", b"clients.csv", table), ("40000", b"clients", clients), ("100644", b"fleet.yaml", fleet)]
        repository.commit_tree(repository.tree(*(entry(*line) for line in lines)))

    return make


def _twice(repository: Repository, _: Path) -> None:
    first, second = (repository.blob(text.encode()) for text in (ALPHA, BETA))
    clients = repository.tree(entry("100644", b"alpha.yaml", first), entry("100644", b"alpha.yaml", second))
    fleet, table = (repository.git("rev-parse", f"HEAD:{file}") for file in ("fleet.yaml", "clients.csv"))
    lines = [("100644", b"clients.csv", table), ("40000", b"clients", clients), ("100644", b"fleet.yaml", fleet)]
    repository.commit_tree(repository.tree(*(entry(*line) for line in lines)))


def _large(repository: Repository, _: Path) -> None:
    repository.commit({"clients/alpha.yaml": b"#" * 40_000_000})


ODD_NAMES = (
    "a\nb.yaml", "a\x1b[2J.yaml", "a\u202eb.yaml", "a\u200bb.yaml", "\x07.yaml",
)  # fmt: skip
FINE_NAMES = ("`id`.yaml", "-rf.yaml", "--upload-pack=x.yaml", "$(id).yaml", "a;touch marker.yaml", "a b|c&d'.yaml")
TREES = [
    Attack("folder of clients is a link", _linked_folder, (3,), "not a regular file"),
    Attack("roster is a link", _linked_roster, (3,), "not a regular file"),
    Attack("folder of clients is a submodule", _submodule, (3,), "another git repository"),
    Attack("client is a submodule", _submodule_file, (3,), "another git repository"),
    Attack("entry leads upwards", _crafted(b"../x.yaml"), (0, 3)),
    Attack("entry is a path", _crafted(b"a/b.yaml"), (0, 3)),
    Attack("entry is dot git", _crafted(b".git"), (0, 3)),
    Attack("entry that is not UTF-8", _crafted(b"caf\xe9.yaml"), (3,), "file-name"),
    Attack("entry of an unknown mode", _crafted(b"x.yaml", "100000"), (0, 3, 9)),
    Attack("entry there twice", _twice, (3,)),
    Attack("40 MB", _large, (3,), "the limit is 1048576"),
    *(_files(f"name {name!r}", {f"clients/{name}": HEAD + "name: zeta\n"}, says="file-name") for name in ODD_NAMES),
    *(_files(f"name {name!r}", {f"clients/{name}": ALPHA.replace("alpha", "zeta")}, 0) for name in FINE_NAMES),
]


def _hooks(repository: Repository, outside: Path) -> None:
    hooks = ("post-checkout", "pre-commit", "post-index-change", "reference-transaction", "fsmonitor-watchman")
    for hook in hooks:
        file = repository.root / ".git" / "hooks" / hook
        file.parent.mkdir(exist_ok=True)
        file.write_text(f"#!/bin/sh\ntouch {outside}/marker\n")
        file.chmod(0o755)


def _configured(*settings: str) -> Callable[[Repository, Path], None]:
    """A change in a repository whose own configuration names programs; `{touch}` makes the marker."""

    def make(repository: Repository, outside: Path) -> None:
        repository.commit({"clients/delta.yaml": FILES["clients/delta.yaml"] + "# x\n"})
        for setting in settings:
            name, value = setting.split("=", 1)
            repository.git("config", name, value.format(touch=f"touch {outside}/marker;", outside=outside))
        (repository.root / ".gitattributes").write_text("* filter=evil diff=evil\n")

    return make


def _committed_hooks(repository: Repository, outside: Path) -> None:
    repository.commit({".gitattributes": "* filter=evil diff=evil text eol=crlf\n", ".githooks/post-checkout": "x"})
    _hooks(repository, outside)
    repository.git("config", "core.hooksPath", ".githooks")


def _replaced(repository: Repository, _: Path) -> None:
    old = repository.git("rev-parse", "HEAD:clients/delta.yaml")
    evil = repository.blob(BETA.replace("beta-florist", "delta-dairy").encode())
    repository.commit({"README": "x"})
    repository.git("replace", old, evil)


def _grafted(repository: Repository, _: Path) -> None:
    commit = repository.commit({"README": "x"})
    (repository.root / ".git" / "info").mkdir(exist_ok=True)
    (repository.root / ".git" / "info" / "grafts").write_text(f"{commit}\n")


def _alternates(repository: Repository, outside: Path) -> None:
    repository.commit({"README": "x"})
    (repository.root / ".git" / "objects" / "info").mkdir(exist_ok=True)
    (repository.root / ".git" / "objects" / "info" / "alternates").write_text(f"{outside}/objects\n")


def _promised(repository: Repository, outside: Path) -> None:
    """A partial clone that would fetch what is missing by running a program."""
    repository.commit({"clients/alpha.yaml": ALPHA + "# x\n"})
    blob = repository.git("rev-parse", "HEAD:clients/alpha.yaml")
    (repository.root / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    for setting in (f"remote.origin.url=ext::sh -c touch% {outside}/marker", "remote.origin.promisor=true"):
        repository.git("config", *setting.split("=", 1))
    repository.git("config", "extensions.partialClone", "origin")
    repository.git("config", "protocol.ext.allow", "always")


def _nested(repository: Repository, outside: Path) -> None:
    """A bare repository among the files, with a configuration of its own."""
    files = {"HEAD": "ref: refs/heads/main\n", "objects/x": "", "refs/x": ""}
    files["config"] = f'[core]\nbare = true\nfsmonitor = "touch {outside}/marker"\n'
    repository.commit({f"clients/evil.git/{name}": text for name, text in files.items()} | {"README": "x"})


PROGRAMS = [
    Attack("hooks", lambda repository, outside: (repository.commit(), _hooks(repository, outside)), (0,)),
    Attack("hooks and attributes in the tree", _committed_hooks, (0,)),
    Attack("fsmonitor", _configured("core.fsmonitor={touch}"), (0,)),
    Attack("filters", _configured("filter.evil.smudge={touch}", "filter.evil.clean={touch}"), (0,)),
    Attack("a filter process", _configured("filter.evil.process={touch}", "filter.evil.required=true"), (0,)),
    Attack("diffs", _configured("diff.evil.textconv={touch}", "diff.external={touch}"), (0,)),
    Attack("a pager", _configured("core.pager={touch}", "pager.ls-tree={touch}", "pager.cat-file={touch}"), (0,)),
    Attack("aliases", _configured("alias.ls-tree=!{touch}", "alias.cat-file=!{touch}"), (0,)),
    Attack("an editor and a helper", _configured("core.editor={touch}", "credential.helper=!{touch}"), (0,)),
    Attack("ssh and proxies", _configured("core.sshCommand={touch}", "core.gitProxy={touch}"), (0,)),
    Attack("signatures", _configured("gpg.program={touch}", "log.showSignature=true"), (0,)),
    Attack("another work tree", _configured("core.worktree={outside}"), (0,)),
    Attack("another configuration", _configured("include.path={outside}/secret.yaml"), (0, 9, 64)),
    Attack("replaced objects", _replaced, (0,)),
    Attack("grafts", _grafted, (0,)),
    Attack("alternates", _alternates, (0,)),
    Attack("a partial clone", _promised, (9,)),
    Attack("a nested bare repository", _nested, (0,)),
]
YAML = [_alpha(f"yaml {case}", case.content) for case in CASES]
ATTACKS = [*NAMES, *RULES, *LINKS, *TREES, *PROGRAMS, *YAML]

#: What somebody may give as a revision.
REVISIONS = (
    "--upload-pack=touch marker", "--output=marker", "-h", "-", "--", "--all", "--exec=id", "ext::sh -c touch% marker",
    "https://ana:hunter2@example.com/x.git", "git@example.com:x", "file:///etc/passwd", "HEAD:fleet.yaml",
    "base..HEAD", "base...HEAD", "@{u}", "main@{1}", ":/change", ":0:fleet.yaml", "HEAD^{tree}", "HEAD^{/x}",
    "$(touch marker)", "`id`", "a\nb", "a\x1b[2J", "a b", "*", "[a", "a\\b", "../../etc/passwd", "/etc/passwd",
    "refs/heads/../../x", "a.lock", "x" * 300, "nothing-of-that-name", "0" * 40, "\u202ea",
)  # fmt: skip
