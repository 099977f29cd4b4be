"""flexsync schema."""

import click


@click.command("schema", epilog="Example:  flexsync schema subscription > subscription.schema.json")
@click.argument("kind", type=click.Choice(["subscription", "fleet", "catalogue", "plan"], case_sensitive=False))
def command(kind: str) -> None:
    """Print the JSON Schema (draft 2020-12) of a kind of file."""
    from flexsync.desired.schema import schema_text

    click.echo(schema_text(kind.capitalize()), nl=False)
