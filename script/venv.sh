# Sourced by the other scripts: makes a virtual environment that holds flexsync, and puts it first on PATH.
#
#   use_venv FOLDER EXTRAS      for example: use_venv .venv dev
#
# A second call costs nothing: the stamp in FOLDER says what it was made from, and only a change of
# pyproject.toml, of this file or of the place of the checkout makes it anew.
# PYTHON=/path/to/python chooses the interpreter; otherwise the first that suits is taken.

fits() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

can_make_venv() {
    "$1" -c 'import ensurepip, venv' >/dev/null 2>&1
}

find_python() {
    if [ -n "${PYTHON:-}" ]; then
        fits "$PYTHON" && can_make_venv "$PYTHON" && echo "$PYTHON" && return
        echo "PYTHON=$PYTHON is not a Python 3.11 or newer that can make virtual environments." >&2
        return 1
    fi
    found=
    for candidate in python3.11 python3.12 python3.13 python3.14 python3 python; do
        fits "$candidate" || continue
        found=$candidate
        can_make_venv "$candidate" && echo "$candidate" && return
    done
    if [ -n "$found" ]; then
        echo "$found has no venv module. On Debian or Ubuntu: apt install python3-venv" >&2
    else
        echo "flexsync needs Python 3.11 or newer, and none was found. Install one, or set PYTHON=/path/to/python." >&2
    fi
    return 1
}

wanted_stamp() {
    { pwd; echo "$1"; cat pyproject.toml script/venv.sh; } | cksum
}

use_venv() {
    venv=$PWD/$1
    stamp=$(wanted_stamp "$2")
    if [ "$(cat "$venv/stamp" 2>/dev/null)" != "$stamp" ] || ! fits "$venv/bin/python"; then
        make_venv "$2"
    fi
    PATH=$venv/bin:$PATH
    export PATH
    unset PYTHONHOME PYTHONPATH
}

make_venv() {
    python=$(find_python) || exit 1
    echo "Making $venv with $("$python" --version); the first time takes a minute." >&2
    "$python" -m venv --clear "$venv"
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-input --editable ".${1:+[$1]}"
    echo "$stamp" >"$venv/stamp"
}
