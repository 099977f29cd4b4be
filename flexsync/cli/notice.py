"""flexsync notice."""

import click

LANGUAGES = ("fr", "en")


@click.group("notice")
def command() -> None:
    """Look at the mails that people get, before anybody gets one."""


@command.command("list", epilog="Example:  flexsync notice list --lang en")
@click.option("--lang", type=click.Choice(LANGUAGES), default="en", show_default=True, help="Language of the subjects.")
def listed(lang: str) -> None:
    """List the notices by code, each with the subject of its mail."""
    from flexsync.cli.output import say
    from flexsync.desired.catalogue_file import builtin
    from flexsync.outbox.speech import Speech
    from flexsync.outbox.subjects import subjects
    from flexsync.text import aligned

    say(aligned([("NOTICE", "SUBJECT"), *subjects(Speech(lang, builtin())).items()]))


@command.command(
    "preview",
    epilog="Examples:  flexsync notice preview N2   |   flexsync notice preview N8 --lang en --format html > n8.html",
)
@click.argument("code")
@click.option("--lang", type=click.Choice(LANGUAGES), default="fr", show_default=True, help="Language of the mail.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "html", "eml"]),
    default="text",
    show_default=True,
    help="What to print: the text, the page, or the mail as it is sent.",
)
def preview(code: str, lang: str, form: str) -> None:
    """Print the mail of a notice, such as N2, with an invented client; needs no store and sends nothing."""
    from flexsync.desired.catalogue_file import builtin
    from flexsync.outbox.samples import preview

    click.echo(preview(code.upper(), lang, form, builtin()), nl=False)
