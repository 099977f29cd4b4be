"""Where products are launched: one row a subscription, account, product and workstation."""

from datetime import datetime

from sqlalchemy import Connection, delete, select, update

from flexsync.store.tables_portal import workstation

#: Rows kept of one account and product: the software may be on several workstations (guide, step 3), names of
#: them are somebody's word.
MOST = 100


def note(
    connection: Connection, name: str, account: int, product: str, station: str, version: str, now: datetime
) -> None:
    """Note a launch: the first and the last of each workstation, and the version that was started."""
    mine = (
        workstation.c.subscription == name,
        workstation.c.account == account,
        workstation.c.product == product,
    )
    here = (*mine, workstation.c.workstation == station)
    if connection.execute(update(workstation).where(*here).values(version=version, last_at=now)).rowcount:
        return
    row = {"subscription": name, "account": account, "product": product, "workstation": station}
    connection.execute(workstation.insert(), {**row, "version": version, "first_at": now, "last_at": now})
    others = select(workstation.c.workstation).where(*mine)
    oldest = connection.scalars(others.order_by(workstation.c.last_at.desc(), workstation.c.workstation)).all()[MOST:]
    if oldest:
        connection.execute(delete(workstation).where(*mine, workstation.c.workstation.in_(oldest)))
