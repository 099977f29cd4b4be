"""flexsync store."""

from pathlib import Path

import click

from flexsync.cli import options
from flexsync.errors import Exit


@click.group("store")
def command() -> None:
    """Look after the store: the database with what was applied, for whom, and by which run."""


@command.command("init", epilog="Example:  flexsync store init --store postgresql://flexsync@db.example/flexsync")
@options.place
def init(place: options.Place) -> None:
    """Create the store. The first apply does it as well."""
    from flexsync.cli.parts import CLOCK, store_of
    from flexsync.workflow.stores import writing

    with writing(store_of(place), CLOCK) as opened:
        click.echo(f"Store {opened.id} is ready at {opened.url_shown}")


@command.command("info")
@options.place
def info(place: options.Place) -> None:
    """Say where the store is, which schema it has, and how much it holds."""
    from flexsync.cli.output import say
    from flexsync.cli.parts import open_store
    from flexsync.text import aligned

    with open_store(place) as opened:
        found = opened.info()
    created = f"{found.created_at:%Y-%m-%d %H:%M} UTC"
    say(aligned([("store", found.id), ("url", found.url), ("schema", found.schema), ("created", created)]))
    click.echo()
    say(aligned([("TABLE", "ROWS"), *((table, str(rows)) for table, rows in found.counts.items())]))


@command.command("migrate")
@options.place
def migrate(place: options.Place) -> None:
    """Bring the store to the schema of this release. Make a backup first."""
    from flexsync.cli.parts import store_of
    from flexsync.store.opening import migrate as bring_up

    before, after = bring_up(store_of(place))
    click.echo(f"Schema {before} -> {after}" if before != after else f"Schema {after} is up to date")


@command.command("backup", epilog="Example:  flexsync store backup flexsync-backup.db")
@click.argument("to", type=options.NewFile())
@options.place
def backup(to: Path, place: options.Place) -> None:
    """Copy the store to a new file while others go on working. SQLite only; PostgreSQL has pg_dump."""
    from flexsync.cli.parts import open_store
    from flexsync.text import visible

    with open_store(place) as opened:
        opened.backup(to)
    click.echo(f"Copied to {visible(str(to))}")


@command.command("rekey", epilog="Example:  flexsync store rekey --from env:FLEX_KEY_OLD")
@click.option(
    "--from", "old", required=True, metavar="REFERENCE", help="The key before: env:NAME, or file:PATH beside the files."
)
@click.option("--actor", envvar="FLEXSYNC_ACTOR", default="", metavar="NAME", help="Who is answerable for it.")
@options.place
def rekey(old: str, actor: str, place: options.Place) -> None:
    """Move the store to a new key of the portal: the one that portal.key_from names, or store.key beside SQLite.

    Shared passwords are encrypted anew. Links that were mailed die;
    apply sends those invitations again, policy.invitation_pause_hours after the mail.
    """
    from flexsync.acts.rekeying import rekey as moved
    from flexsync.cli.output import say
    from flexsync.cli.parts import CLOCK, actor_of, desk_of, secrets_of
    from flexsync.workflow.keeping import key_before, keys_made
    from flexsync.workflow.stores import existing

    who, desk = actor_of(actor), desk_of(options.Files(place.fleet), place.store)
    before = key_before(old, secrets_of(desk))
    with existing(desk.store_url, CLOCK) as opened:
        after = keys_made(desk.portal.key_reference, secrets_of(desk), desk.store_url)
        done = moved(opened, before, after, who)
    say(
        [
            f"{done.passwords} shared password(s) are under the new key",
            f"{done.links} link(s) died, of which {done.invitations} invitation(s)",
            "flexsync apply sends these invitations again, after the pause that the policy sets",
        ]
    )


@command.command("check")
@options.place
def check(place: options.Place) -> int:
    """Prove that the parts of the store agree with each other. Exit 9 when they do not."""
    from flexsync.cli.output import say
    from flexsync.cli.parts import open_store

    with open_store(place) as opened:
        found = opened.check()
    say(found)
    click.echo(f"Found {len(found)} faults" if found else "The store is sound")
    return Exit.UNAVAILABLE if found else Exit.DONE
