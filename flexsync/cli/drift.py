"""flexsync drift."""

import click

from flexsync.cli import options


@click.command("drift", epilog="Example:  flexsync drift --exit-code || mail -s 'flexsync drift' it@my-company.example")
@options.files
@options.store
@options.exit_code
@options.whole_look
def command(files: options.Files, store: str, exit_code: bool, look: options.Look) -> int:
    """Show what was changed beside the files since the last apply. Cannot write.

    Each line says what bringing the files' values back would change. With --exit-code, exit 2 when
    there is drift.
    """
    from flexsync.cli.parts import desk_of, planned
    from flexsync.cli.plans import exit_of, show
    from flexsync.plan.drift import only_drift

    desk = desk_of(files, store, redact=look.redact)
    drifted = only_drift(planned(desk, look))
    show("DRIFT", desk, drifted, look)
    return exit_of(drifted, exit_code)
