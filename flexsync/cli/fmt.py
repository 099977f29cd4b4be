"""flexsync fmt."""

from pathlib import Path

import click

from flexsync.cli import options


@click.command("fmt", epilog="Examples:  flexsync fmt   |   flexsync fmt --check   |   flexsync fmt clients/petit.yaml")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@options.option("--check", is_flag=True, help="Write nothing; exit 2 when a file would change.")
@options.fleet
def command(paths: tuple[Path, ...], check: bool, fleet: str) -> int:
    """Put files into the canonical order and style; without PATHS, all files of the fleet.

    Comments stay with what they stand above. What a file says never changes.
    """
    from flexsync.cli.output import problem_lines, say
    from flexsync.errors import Exit, worst
    from flexsync.text import visible
    from flexsync.workflow.formatting import below, formatted, root_of, yaml_files
    from flexsync.workflow.writing_back import write_all

    root = root_of(fleet)
    done = formatted(root, below(root, paths) if paths else yaml_files(fleet))
    if not check:
        write_all(root, done.files)
    say(problem_lines(done.problems), err=True)
    say(f"{'would change' if check else 'changed'} {visible(name)}" for name in done.files)
    click.echo(f"Checked: {done.checked} files, {len(done.files)} {'to change' if check else 'changed'}")
    codes = {Exit.INVALID} if done.problems else set()
    return worst(codes, otherwise=Exit.CHANGES if check and done.files else Exit.DONE)
