"""What members declared they can do, and when they have time.

No chain brings it back, and it is no part of the state hash. Of a member who took theirs back only the time
is kept, so that an older one that somebody has kept cannot be handed in again.
"""

from __future__ import annotations

from backend.store.durable import Durable


class NotNewer(Exception):
    """The member has declared or withdrawn something at `last` already, in seconds since 1970."""

    def __init__(self, last: int) -> None:
        super().__init__(f"the last one is of {last}")
        self.last = last


class Declarations(Durable):
    """Rows are (memberId, skills, availability, zone, declared at)."""

    def put(self, member_id: int, skills: str, availability: str, zone: str, declared_at: int) -> None:
        """Raises `NotNewer`."""
        self._replace(member_id, (skills, availability, zone), declared_at)

    def withdraw(self, member_id: int, declared_at: int) -> None:
        """Raises `NotNewer`."""
        self._replace(member_id, (None, None, None), declared_at)

    def all(self) -> list[tuple[int, str, str, str, int]]:
        """In the order of their memberIds."""
        return self._query(
            "SELECT member_id, skills, availability, zone, declared_at FROM declarations"
            " WHERE skills IS NOT NULL ORDER BY member_id"
        )

    def of(self, member_id: int) -> tuple[int, str, str, str, int] | None:
        found = self._query(
            "SELECT member_id, skills, availability, zone, declared_at FROM declarations"
            " WHERE skills IS NOT NULL AND member_id = ?",
            (member_id,),
        )
        return found[0] if found else None

    def _replace(self, member_id: int, texts: tuple[str | None, str | None, str | None], at: int) -> None:
        with self._transaction():
            run = self._connection.execute
            last = run("SELECT declared_at FROM declarations WHERE member_id = ?", (member_id,)).fetchone()
            if last is not None and last[0] >= at:
                raise NotNewer(last[0])
            run(
                "INSERT INTO declarations (member_id, skills, availability, zone, declared_at)"
                " VALUES (?, ?, ?, ?, ?) ON CONFLICT (member_id) DO UPDATE SET skills = excluded.skills,"
                " availability = excluded.availability, zone = excluded.zone,"
                " declared_at = excluded.declared_at",
                (member_id, *texts, at),
            )
