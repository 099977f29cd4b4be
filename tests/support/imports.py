"""What a module of Python imports and what it uses, read from its source and never by running it."""

import ast
import builtins
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

BUILTINS = frozenset(dir(builtins))


@dataclass(frozen=True)
class Use:
    """A dotted name that a module imports or mentions, spelled in full, and its line."""

    name: str
    line: int


@dataclass(frozen=True)
class Module:
    """A module by its dotted name, with its source."""

    name: str
    source: str

    @property
    def tree(self) -> ast.Module:
        """The syntax tree."""
        return ast.parse(self.source, self.name)


def modules(root: Path, package: str) -> list[Module]:
    """Every module of `package` below `root`, sorted by name."""
    found = []
    for file in sorted((root / package).rglob("*.py")):
        parts = file.relative_to(root).with_suffix("").parts
        found.append(Module(".".join(parts).removesuffix(".__init__"), file.read_text(encoding="utf-8")))
    return found


def imported(module: Module) -> Iterator[Use]:
    """Each name that an import statement, or import_module with a text, brings in; relative ones begin with a dot."""
    for node in ast.walk(module.tree):
        match node:
            case ast.Import(names=names):
                yield from (Use(alias.name, node.lineno) for alias in names)
            case ast.ImportFrom(module=origin, names=names, level=level):
                prefix = "." * level + (f"{origin}." if origin else "")
                yield from (Use(prefix + alias.name, node.lineno) for alias in names)
            case ast.Call(func=ast.Attribute(attr="import_module") | ast.Name(id="import_module" | "__import__")):
                for argument in node.args[:1]:
                    if isinstance(argument, ast.Constant):
                        yield Use(str(argument.value), node.lineno)


def used(module: Module) -> Iterator[Use]:
    """`imported`, and every attribute chain that begins at an imported name, and every builtin named."""
    yield from imported(module)
    origins = _origins(module.tree)
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Attribute | ast.Name) and (name := _dotted(node, origins)):
            yield Use(name, node.lineno)


def _origins(tree: ast.Module) -> dict[str, str]:
    """Local name to the dotted name that it stands for."""
    origins = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                local = alias.asname or alias.name.split(".")[0]
                origins[local] = alias.name if alias.asname else local
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                origins[alias.asname or alias.name] = f"{node.module}.{alias.name}"
    return origins


def _dotted(node: ast.AST, origins: dict[str, str]) -> str:
    match node:
        case ast.Name(id=name) if name in origins:
            return origins[name]
        case ast.Name(id=name, ctx=ast.Load()) if name in BUILTINS:
            return name
        case ast.Attribute(value=ast.Name(id=name)) if name not in origins:
            return ""
        case ast.Attribute(value=value, attr=attribute):
            start = _dotted(value, origins)
            return f"{start}.{attribute}" if start else ""
    return ""
