"""Databases of a PostgreSQL server: copies of a template, emptied after use and used again where nothing else changed.

To make and drop a database takes the server longer than most tests.
"""

import uuid
from collections.abc import Callable

import psycopg
from sqlalchemy import make_url

#: Spare databases that are kept.
_SPARES = 4
_OTHERS_OUT = """SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
    WHERE datname = %s AND pid <> pg_backend_pid()"""
#: What emptying leaves as it is: who created what, the schema's version, the store's id.
_FACTS = """SELECT (SELECT string_agg(oid || ' ' || xmin, ' ' ORDER BY oid) FROM pg_class
    WHERE relnamespace = 'public'::regnamespace), (SELECT version_num FROM alembic_version),
    (SELECT string_agg(store_info::text, ' ') FROM store_info)"""
_WRITTEN = """SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
    AND pg_relation_size(oid) > 0 AND relname NOT IN ('alembic_version', 'store_info')"""
_NUMBERS = "SELECT setval(oid::regclass, 1, false) FROM pg_class WHERE relkind = 'S'"


class Databases:
    """Databases on the server at `url`; `prepare` writes the template, whose URL it is given."""

    def __init__(self, url: str, prepare: Callable[[str], None]) -> None:
        self._url = url
        self._spare: list[str] = []
        self._template = self._created()
        prepare(self.url(self._template))
        self._facts = self._asked(self._template, _FACTS)

    def url(self, name: str) -> str:
        """The URL of a database."""
        return make_url(self._url).set(drivername="postgresql", database=name).render_as_string(hide_password=False)

    def fresh(self) -> str:
        """The URL of a database like the template."""
        return self.url(self._spare.pop() if self._spare else self._created(self._template))

    def copied(self, url: str) -> str:
        """The URL of a copy of a database that nobody uses."""
        name = str(make_url(url).database)
        self._asked("postgres", _OTHERS_OUT, name)  # a connection that was closed takes a while to go
        return self.url(self._created(name))

    def give_back(self, url: str) -> None:
        """A database is needed no more."""
        name = str(make_url(url).database)
        if len(self._spare) < _SPARES and self._is_empty_again(name):
            self._spare.append(name)
        else:
            self._drop(name)

    def close(self) -> None:
        """Drop what is left."""
        for name in (*self._spare, self._template):
            self._drop(name)

    def _created(self, template: str = "template1") -> str:
        name = f"flexsync_{uuid.uuid4().hex[:12]}"
        self._asked("postgres", f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return name

    def _drop(self, name: str) -> None:
        self._asked("postgres", f'DROP DATABASE "{name}" WITH (FORCE)')

    def _asked(self, name: str, statement: str, *values: str) -> object:
        with psycopg.connect(self.url(name), autocommit=True) as connection:
            asked = connection.execute(statement, values)
            return asked.fetchone() if asked.description else None

    def _is_empty_again(self, name: str) -> bool:
        """Take all rows out; false where the schema is another one, or the server does not allow it."""
        try:
            with psycopg.connect(self.url(name), autocommit=True) as connection:
                connection.execute(_OTHERS_OUT, (name,))
                _empty(connection)
                return connection.execute(_FACTS).fetchone() == self._facts
        except psycopg.Error:
            return False


def _empty(connection: psycopg.Connection) -> None:
    """As after its creation: no rows, no room that rows had, numbers from one."""
    connection.execute(_NUMBERS)
    written = [f'"{name}"' for (name,) in connection.execute(_WRITTEN).fetchall()]
    if written:
        connection.execute("SET session_replication_role = replica")  # no foreign key is asked
        connection.execute("; ".join(f"DELETE FROM {name}" for name in written))
        connection.execute(f"VACUUM {', '.join(written)}")
