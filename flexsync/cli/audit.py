"""flexsync audit."""

from datetime import date
from pathlib import Path

import click

from flexsync.cli import options
from flexsync.errors import Exit
from flexsync.text import count

EPILOG = """Examples:  flexsync audit list --user p.martin --since 2026-01-01   |   flexsync audit verify   |
flexsync audit ends > ends.json, kept elsewhere, then flexsync audit verify --against ends.json"""

_subscription = click.option("--subscription", default="", metavar="NAME", help="Only this subscription.")
_since = click.option("--since", type=options.DayType(), metavar="DATE", help="From this day on.")
_form = click.option("--format", "form", type=click.Choice(("text", "json")), default="text", help="How to print.")


@click.group("audit", epilog=EPILOG)
def command() -> None:
    """Say who changed what, when, by which plan and commit, and who was shown what; verify that nobody rewrote it."""


@command.command("list")
@_subscription
@click.option("--user", default="", metavar="KEY", help="Only what was done to this user.")
@_since
@click.option("--by", default="", metavar="NAME", help="Only runs whose actor contains this.")
@click.option("--run", "run_id", default="", metavar="RUN", help="Only this run.")
@_form
@options.place
def listed(
    subscription: str, user: str, since: date | None, by: str, run_id: str, form: str, place: options.Place
) -> None:
    """List what was done, oldest first."""
    from flexsync.cli.output import as_json, say
    from flexsync.cli.parts import open_store
    from flexsync.store.audit import Asked
    from flexsync.workflow.auditing import beginning, found, plain, told

    with open_store(place) as opened:
        acts = found(opened, Asked(subscription, user, beginning(since), by, run_id))
    say(as_json(plain(acts)) if form == "json" else told(acts))
    if not acts:
        click.echo("Nothing in the journal is about that.", err=True)


@command.command("disclosures")
@_subscription
@_since
@_form
@options.place
def disclosed(subscription: str, since: date | None, form: str, place: options.Place) -> None:
    """List who was shown a shared password, oldest first."""
    from flexsync.cli.output import as_json, say
    from flexsync.cli.parts import open_store
    from flexsync.workflow.auditing import beginning, disclosures_plain, disclosures_told, shown

    with open_store(place) as opened:
        found = shown(opened, subscription, beginning(since))
    say(as_json(disclosures_plain(found)) if form == "json" else disclosures_told(found))


@command.command("verify")
@click.option(
    "--against",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Also against what audit ends printed earlier.",
)
@options.place
def verified(against: Path | None, place: options.Place) -> int:
    """Prove that no row of the journal was altered, removed or added. Exit 9 when one was."""
    from flexsync.cli.output import say
    from flexsync.cli.parts import open_store
    from flexsync.store.chain import erased_count
    from flexsync.workflow.auditing import ends_from

    kept = ends_from(against.read_bytes()) if against else {}
    with open_store(place) as opened:
        found, ends, erased = opened.broken(kept), opened.ends(), opened.read(erased_count)
    say(found)
    rows = sum(end.revision for end in ends)
    click.echo(f"Journal: {count(len(ends), 'subscription')}, {rows} entries, {len(found)} broken")
    if erased:
        click.echo(f"Of these, {erased} lost a person's data to an erasure; audit list says when, and by whom")
    return Exit.UNAVAILABLE if found else Exit.DONE


@command.command("ends")
@options.place
def ended(place: options.Place) -> None:
    """Print the end of each journal; keep it where nobody who may write the store may write."""
    from flexsync.cli.parts import open_store
    from flexsync.workflow.auditing import ends_text

    with open_store(place) as opened:
        click.echo(ends_text(opened.ends()), nl=False)
