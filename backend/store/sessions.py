"""Anonymous sign-ins: what uses them up, and the sessions they gave.

Nothing here says who, from where, or when (a session says when it ends). A sign-in and its session are
written in one transaction and have no column in common.
"""

from __future__ import annotations

import secrets

from backend.store.durable import Durable


class ChallengeUsed(Exception):
    pass


class TooManySignIns(Exception):
    """`limit` sign-ins of this nullifier in this scope have happened."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"{limit} sign-ins")
        self.limit = limit


class Sessions(Durable):
    def key(self) -> bytes:
        """What this node's challenges are made with; made once, and the same for all its processes."""
        with self._transaction():
            self._connection.execute(
                "INSERT INTO challenge_keys (id, challenge_key) VALUES (1, ?) ON CONFLICT (id) DO NOTHING",
                (secrets.token_bytes(32),),
            )
            row = self._connection.execute("SELECT challenge_key FROM challenge_keys WHERE id = 1").fetchone()
        found: bytes = row[0]
        return found

    def sign_in(
        self,
        *,
        challenge: bytes,
        challenge_ends: int,
        scope: bytes,
        nullifier: bytes,
        day: int,
        limit: int,
        token_hash: bytes,
        ends: int,
        now: int,
    ) -> None:
        """Uses up the challenge and one of the nullifier's sign-ins, and begins a session: all or nothing.

        Raises `ChallengeUsed` or `TooManySignIns`. What is over is forgotten on the way.
        """
        with self._transaction():
            run = self._connection.execute
            run("DELETE FROM used_challenges WHERE ends < ?", (now,))
            run("DELETE FROM sessions WHERE ends < ?", (now,))
            run("DELETE FROM sign_ins WHERE day < ?", (day - 1,))
            used = run(
                "INSERT INTO used_challenges (challenge, ends) VALUES (?, ?)"
                " ON CONFLICT (challenge) DO NOTHING",
                (challenge, challenge_ends),
            )
            if not used.rowcount:
                raise ChallengeUsed
            taken = run(
                "SELECT count(*) FROM sign_ins WHERE scope = ? AND nullifier = ?", (scope, nullifier)
            ).fetchone()[0]
            if taken >= limit:
                raise TooManySignIns(limit)
            run(
                "INSERT INTO sign_ins (scope, nullifier, ordinal, day) VALUES (?, ?, ?, ?)",
                (scope, nullifier, taken, day),
            )
            run("INSERT INTO sessions (token_hash, ends) VALUES (?, ?)", (token_hash, ends))

    def ends(self, token_hash: bytes, now: int) -> int | None:
        """When a session ends; None if there is none, or it has ended."""
        found = self._query("SELECT ends FROM sessions WHERE token_hash = ? AND ends >= ?", (token_hash, now))
        return int(found[0][0]) if found else None

    def end(self, token_hash: bytes) -> None:
        with self._transaction():
            self._connection.execute("DELETE FROM sessions WHERE token_hash = ?", (token_hash,))
