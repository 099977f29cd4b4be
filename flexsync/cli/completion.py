"""flexsync completion."""

import click
from click.shell_completion import get_completion_class


@click.command("completion", epilog="Example:  echo 'eval \"$(flexsync completion bash)\"' >> ~/.bashrc")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def command(ctx: click.Context, shell: str) -> None:
    """Print the script that completes flexsync commands in your shell."""
    kind = get_completion_class(shell)
    assert kind is not None  # noqa: S101 - the choices are click's own
    root = ctx.find_root().command
    click.echo(kind(root, {}, "flexsync", "_FLEXSYNC_COMPLETE").source())
