"""The app beside others: what they commit is shown a moment later, and what is the matter with the store stands."""

from __future__ import annotations

from collections.abc import Hashable
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Final

from textual import on

from engine.errors import ClockBehind, EngineError, StoreDamaged, StoreError, StoreLocked, StoreTooNew
from engine.run import utc_now
from engine.views.status import PerformanceView
from tuiapp import questions, store_news
from tuiapp.choosing import ELSEWHERE, Choosing
from tuiapp.desk import FETCH
from tuiapp.fetching import IMPORT, STALE
from tuiapp.logfile import run_of_app
from tuiapp.messages import Answered, HintsChanged, Question, Refused
from tuiapp.screens import troubles

if TYPE_CHECKING:
    from engine.facade import Engine
    from engine.views.audit import AuditRow
    from tuiapp.questions import Elsewhere, NothingBuilt
    from tuiapp.widgets.strip import Standing

EVERY_S: Final = 1.0
"""How often it is looked whether the store is another one."""

READS: Final = ("history", "reload", ELSEWHERE)
"""Topics of questions whose answers are the whole market."""

CHANGES: Final = (FETCH, IMPORT, "build", "decide")
"""Topics of work of our own that changes the store, and asks for the market when it is done."""

WAITED_FOR: Final = frozenset((*READS, *CHANGES, "plan", STALE))

LASTING: Final = (ClockBehind, StoreDamaged, StoreTooNew)
"""What a change is refused for that will be so for the next one, too."""

NEVER: Final = object()
"""In the place of a stamp: nothing was read yet."""


class Watching(Choosing):
    """What other processes do to the store, as it shows here."""

    _seen: Hashable = NEVER
    _held = False
    _began: datetime
    _change: AuditRow | None = None
    _standing: Standing | None = None
    _of_changes = False
    _was_read = False
    """Whether the market that is drawn was in this store in this run."""

    def on_mount(self) -> None:
        """Begin to look. As long as nothing has changed nobody is asked, and nothing is drawn."""
        self._began = utc_now()
        self.set_interval(EVERY_S, self.look_around)

    # -- asking

    def ask(self, topic: str, question: Question) -> None:
        """Ask, and remember how the store was just before the market was read: what comes later is news."""
        super().ask(topic, partial(self._read, question) if topic in READS else question)

    def _read(self, question: Question, engine: Engine) -> object:
        """Called in a worker."""
        self._seen = engine.stamp()
        return question(engine)

    def look_around(self) -> None:
        """Ask what there is if others have changed the store, unless it is asked for or changed here anyway."""
        engine = self._desk.opened
        if engine is None or self._seen is NEVER or self._desk.topics & WAITED_FOR:
            return
        has_ended = self._elsewhere and self._elsewhere != _fetching_elsewhere(engine)
        if self._held or has_ended or engine.stamp() != self._seen:
            self._held = False
            self.ask(ELSEWHERE, questions.elsewhere)

    def action_demo(self) -> None:
        """Go to the demo market: what is known of the other store counts no more."""
        self._tickets[ELSEWHERE] = self._tickets.get(ELSEWHERE, 0) + 1
        self._seen, self._held, self._change, self._elsewhere = NEVER, False, None, ""
        self._was_read = False
        self._stand(None)
        super().action_demo()

    # -- what others have done

    def _heard(self, found: Elsewhere) -> None:
        """Show the market as others have left it; nothing else that a person has before them is touched."""
        ended, self._elsewhere = "" if found.fetching else self._elsewhere, found.fetching
        change, is_new = self._theirs(found.change, told=not found.fetching)
        if isinstance(found.history, PerformanceView):
            otherwise = store_news.of_end(ended) if ended else ""
            self._take_theirs(found.history, change, is_new=is_new, otherwise=otherwise)
        elif self.market.known:
            self._keep_drawn(found.history)
        else:
            self._without_index(found.history)
        self._draw_standing()

    def _theirs(self, change: AuditRow | None, *, told: bool) -> tuple[AuditRow | None, bool]:
        """The newest change if it is of others, and whether it was never told of. ``told``: it will be now."""
        if change is None or change.run_id == run_of_app().id:
            return None, False
        before = self._change
        if told:
            self._change = change
        return change, change != before if before else change.changed_at.replace(tzinfo=UTC) >= self._began

    def _take_theirs(self, history: PerformanceView, change: AuditRow | None, *, is_new: bool, otherwise: str) -> None:
        was_wrong = self._read_well()
        before, wanted = (self.market.history if self.market.known else None), self.market.wanted
        for screen in self._shown.values():
            (screen.forget if screen.has_notice else screen.look_again)()
        if self.market.take(history) or self.trouble is not None or self.active.has_notice:
            self._set_trouble(None)
        said = store_news.of_change(before, history, change, is_new=is_new)
        said = said or (store_news.WELL_AGAIN if was_wrong else otherwise)
        where = self.where_else(wanted)
        if where or (said and not self._elsewhere):
            tone = "warn" if history.status.outdated or where else "good"
            self._say_beside("; ".join(filter(None, (said, where))), tone)

    def _say_beside(self, said: str, tone: str) -> None:
        """Say it where nobody reads anything else: never in the place of what a page, or an export, says there."""
        if self.is_exporting:
            self.events.add(said, tone)
        else:
            self.say_below(said, tone)

    def _is_gone(self, found: NothingBuilt) -> bool:
        """Whether a store that was read in this run is not there any more."""
        return self._was_read and self.market.known and not found.stored

    def _keep_drawn(self, found: NothingBuilt, *, asked: bool = False) -> None:
        """What was drawn is not in the store any more: it stays, and is called what it is; told again if ``asked``."""
        title = troubles.UNBUILT if found.stored else troubles.GONE
        if self._stand(troubles.without(title)) or asked:
            self._say_beside(troubles.sentence_without(title, self._settings, found.gone), "bad")
            self._says_of_key = asked

    def _without_index(self, found: NothingBuilt) -> None:
        if self._elsewhere:
            self._failure = None
            self._set_trouble(troubles.fetching(self._settings, self._elsewhere))
            for screen in self._shown.values():
                screen.look_again()
        else:
            self._nothing_built(found)

    # -- what is the matter with the store

    def _answered(self, reply: Answered) -> None:
        """An answer came: what was the matter is over, unless that is what it says."""
        if reply.topic in CHANGES:
            self._stand(None)
        elif reply.topic != ELSEWHERE and isinstance(reply.answer, PerformanceView):
            self._read_well()

    def _read_well(self) -> bool:
        """The store can be read; whether it could not before. What keeps changes out may last all the same."""
        self._was_read = True
        return not self._of_changes and self._stand(None)

    def _refused(self, reply: Refused) -> bool:
        """What a refusal says of the store, which may last; whether that is all there is to say of it."""
        error, is_read = reply.error, reply.topic in READS
        if isinstance(error, StoreLocked) and (is_read or reply.topic == FETCH):
            self._held = True
        known = self._standing
        if isinstance(error, StoreError) and self.market.known and (is_read or isinstance(error, LASTING)):
            self._stand(troubles.standing(error), of_changes=isinstance(error, ClockBehind))
        if reply.topic != ELSEWHERE or not isinstance(error, StoreError):
            return False
        is_news = self._standing != known if self.market.known else self.trouble != troubles.failed(error)
        return not is_news

    def _stand(self, standing: Standing | None, *, of_changes: bool = False) -> bool:
        """Say what is the matter for as long as it is, or that nothing is any more; whether that is new."""
        is_new = standing != self._standing
        self._standing, self._of_changes = standing, of_changes
        self._draw_standing()
        return is_new

    def follow(self) -> None:
        """Draw everything as the market stands now; what a screen says in full is not said in the strip, too."""
        super().follow()
        self._draw_standing()

    @on(HintsChanged)
    def _draw_standing(self) -> None:
        if self.active.trouble is not None and self.active.trouble.kind == "failed":
            self._strip.stand(None)
            return
        fetching = troubles.elsewhere(self._elsewhere) if self._elsewhere else None
        self._strip.stand(self._standing or fetching)


def _fetching_elsewhere(engine: Engine) -> str:
    try:
        return engine.fetching_elsewhere()
    except EngineError:
        return ""
