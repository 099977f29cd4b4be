"""flexsync show."""

import click

from flexsync.cli import options


@click.command(
    "show", epilog="Examples:  flexsync show boulangerie-petit   |   flexsync show boulangerie-petit --explain"
)
@click.argument("name")
@click.option("--explain", is_flag=True, help="Say of every value which file, line and layer gave it.")
@options.files_of_one
@options.form_look
def command(name: str, explain: bool, files: options.Files, look: options.Look) -> int:
    """Print one subscription as its layers make it: defaults, profiles, table row, client file."""
    from flexsync.cli.output import as_json, problem_lines, say
    from flexsync.cli.parts import desk_of
    from flexsync.errors import Exit
    from flexsync.workflow.looking import described, effective, explained, find

    declared = find(desk_of(files, ""), name)
    say(problem_lines(declared.problems), err=True)
    if explain:
        say(explained(declared))
    else:
        say(as_json(effective(declared)) if look.form == "json" else described(declared))
    return Exit.DONE if declared.usable else Exit.INVALID
