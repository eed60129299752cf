"""One fetch, from its plan to its report."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from engine import calendar
from engine.errors import Cancelled, DataError, ProviderError
from engine.events import CancelToken
from engine.fetching.asks import FAILED, PRICES, SCREEN, Fetched, Job
from engine.fetching.plan import Planned, make_plan, screens
from engine.fetchwork.ending import Found, conclude, gathered, news, through_of
from engine.fetchwork.intake import Intake
from engine.fetchwork.known import ENDED_WELL, Known, known_to
from engine.fetchwork.moment import Moment
from engine.fetchwork.source import Means, Source
from engine.fetchwork.tally import Tally
from engine.fetchwork.universe import universe_notes
from engine.fetchwork.watch import FETCH, REACH, UNIVERSE, Watch
from engine.providers.asking import TRIES
from engine.providers.vendor import LIMITED, UNREACHABLE
from engine.reports import FetchPlan, FetchReport, FetchRequest
from engine.store.fetching import begin_run, end_run, keep_notes, read_fetch_state

if TYPE_CHECKING:
    from engine.fetching.state import FetchState
    from engine.store.database import Session

MARGIN: Final = 20
"""Names beyond the places of an index that make a first one of use."""

RECENT: Final = 10
"""Sessions for which a snapshot of the universe stands in for one that cannot be had."""

GO_ON: Final = "what has arrived is stored; run it again to go on"
GO_ON_LATER: Final = "what has arrived is stored; wait an hour and run it again: it goes on where it stopped"
LOOK: Final = "look at flatcap doctor --online, and try again later; what was stored before is there"

log = logging.getLogger("flatcap.fetch")


class Run:
    """One fetch.

    Args:
        means: Store, settings and vendor.
        moment: When it is.
        request: What is asked for.
        cancel: How a person stops it.
        ready: Called once, when the largest names are stored.
        on_plan: Called with what will be asked, before anybody is.
    """

    def __init__(
        self,
        means: Means,
        moment: Moment,
        request: FetchRequest,
        cancel: CancelToken,
        ready: Callable[[], None] | None = None,
        on_plan: Callable[[FetchPlan], None] | None = None,
    ) -> None:
        self._means = means
        self._moment = moment
        self._request = request
        self._ready = ready
        self._on_plan = on_plan
        self._source = Source(means, moment, cancel)
        self._tally = Tally(named=bool(request.symbols))
        self._pending: set[str] = set()
        self._waiting: list[Fetched] = []
        self._silent: list[Fetched] = []
        self._began = time.monotonic()
        self._run_id = 0

    def carry_out(self) -> FetchReport:
        """Ask for what is missing, store it as it comes, and conclude.

        Raises:
            DataError: If the store holds the demo market.
            ProviderError: If nothing at all could be had.
            Cancelled: If it was asked to stop; what had arrived is stored.
        """
        known = known_to(self._means, self._moment)
        if known.synthetic:
            raise DataError(
                f"{self._means.database.folder} holds the synthetic demo market; nothing was fetched.",
                hint="choose another folder with --data-dir",
            )
        asks = screens(known.state, self._means.settings, self._moment.now, self._request)
        planned = self._planned(known)
        if self._on_plan:
            self._on_plan(planned.plan)
        if not asks and not planned.jobs and known.concluded:
            return self._report(planned, known.state, "done")
        self._run_id = self._means.database.write(lambda session: begin_run(session, self._moment.utc))
        try:
            return self._conclude(self._ask_all(known, asks))
        except Cancelled as error:
            self._end("stopped", "a person stopped it")
            raise Cancelled(error.message, hint=GO_ON) from error

    def _planned(self, known: Known) -> Planned:
        return make_plan(known.state, self._means.settings, self._moment.now, self._request)

    # -- ask

    def _ask_all(self, known: Known, asks: Sequence[Job]) -> Planned:
        if asks:
            known = self._ask_for_universe(known, asks)
        planned = self._planned(known)
        self._pending = {job.symbol for job in planned.jobs if any(ask.kind == PRICES for ask in job.asks)}
        intake = Intake(known, self._moment.utc)
        self._keep_all(intake, planned, Watch(self._means.events, FETCH, planned.jobs))
        return planned

    def _ask_for_universe(self, known: Known, asks: Sequence[Job]) -> Known:
        """Ask for the snapshot of today; one of the last sessions does when there is no answer."""
        watch = Watch(self._means.events, UNIVERSE, ())
        intake = Intake(known, self._moment.utc)
        self._keep(intake, asks, watch)
        after = known_to(self._means, self._moment)
        if (SCREEN, "") in self._tally.failed or self._source.fault or self._source.stopped:
            self._require_snapshot(after.state)
        else:
            self._tally.held += universe_notes(known.state, after.state, self._means.settings.universe_size)
        return after

    def _require_snapshot(self, state: FetchState) -> None:
        if state.snapshot is None or len(calendar.sessions_between(state.snapshot, self._moment.final)) > RECENT + 1:
            raise self._nothing("no list of the universe")

    def _keep_all(self, intake: Intake, planned: Planned, watch: Watch) -> None:
        """Ask and store; then what others had to decide about, and what has to be asked for anew."""
        jobs = self._probed(intake, planned.jobs, watch)
        self._keep(intake, jobs, watch, complete=planned.plan.complete)
        if not self._source.stopped:
            self._store(intake, self._waiting, decided=True)
        again = [Job(ask.symbol, (ask,)) for ask in self._tally.again]
        self._keep(intake, again, watch)

    def _probed(self, intake: Intake, jobs: Sequence[Job], watch: Watch) -> Sequence[Job]:
        """While nothing has been answered, ask one question alone: without a network no other is worth asking.

        Gives the jobs that are left.
        """
        if self._tally.answered or not jobs:
            return jobs
        probe, fault = min(jobs, key=lambda job: len(job.asks)), self._source.fault
        unreachable = fault is not None and fault.kind == UNREACHABLE
        if unreachable:
            watch.stage = REACH.format(symbol=probe.symbol)
        watch.pause(0.0)
        self._keep(intake, (probe,), watch, tries=1 if unreachable else TRIES)
        watch.stage, fault = FETCH, self._source.fault
        if fault is not None and fault.kind == UNREACHABLE:
            raise self._nothing("no answer that can be used")
        return jobs if fault else [job for job in jobs if job is not probe]

    def _keep(self, intake: Intake, jobs: Sequence[Job], watch: Watch, complete: int = 0, tries: int = TRIES) -> None:
        with closing(self._source.groups(jobs, watch.pause, watch.retry, tries)) as groups:
            for group in groups:
                watch.advance([answer for fetched in group for answer in fetched.answers])
                self._store(intake, self._telling(group))
                self._tell_ready(complete)

    def _telling(self, group: Sequence[Fetched]) -> Sequence[Fetched]:
        """Arrivals to store. Until the first answer, failures wait: they are the network's, and tell of no name."""
        self._silent += group
        failed = all(answer.outcome == FAILED for fetched in group for answer in fetched.answers)
        if failed and not self._tally.answered:
            return ()
        found, self._silent = self._silent, []
        return found

    def _store(self, intake: Intake, group: Sequence[Fetched], *, decided: bool = False) -> None:
        if not group:
            return
        pending = set() if decided else self._pending
        taken = self._means.database.write(lambda session: intake.take(session, self._run_id, group, pending))
        intake.stored(taken)
        self._waiting += taken.waiting
        self._tally.add(taken)
        self._pending -= self._tally.asked

    def _tell_ready(self, complete: int) -> None:
        """The largest names come first: an index of them can be looked at while the others arrive."""
        if self._ready and self._pending and complete + self._tally.priced >= self._means.settings.index_size + MARGIN:
            ready, self._ready = self._ready, None
            ready()

    # -- conclude

    def _conclude(self, planned: Planned) -> FetchReport:
        stopped = self._source.stopped
        if not self._tally.answered and (self._silent or self._tally.failed or stopped):
            raise self._nothing("no answer that can be used")
        outcome = "stopped" if stopped else "partial" if self._tally.failed else "done"
        state = self._end(outcome, stopped.reason if stopped else "")
        return self._report(planned, state, outcome)

    def _nothing(self, what: str) -> ProviderError:
        """Nothing could be had: the run ends so, and this says why."""
        fault = self._source.stopped or self._source.fault
        failed = next(iter(self._tally.failed.values()), None)
        reason = fault.reason if fault else failed.reason if failed else "it is not known why"
        self._end("failed", reason)
        kind = fault.kind if fault else ""
        sentence = f"Yahoo cannot be reached: {reason}." if kind == UNREACHABLE else f"Yahoo gives {what}: {reason}."
        return ProviderError(sentence, hint=GO_ON_LATER if kind == LIMITED else LOOK)

    def _end(self, outcome: str, reason: str = "") -> FetchState:
        """Draw the conclusions, if all have answered, and record what came of it."""
        state, found = self._means.database.write(lambda session: self._ended(session, outcome, reason))
        self._tally.merged += found.merged
        self._tally.tell(found.notes)
        log.info("%s: %s names, %s failed; %s", outcome, len(self._tally.asked), self._tally.names_failed, reason)
        return state

    def _ended(self, session: Session, outcome: str, reason: str) -> tuple[FetchState, Found]:
        settings, tally = self._means.settings, self._tally
        state = read_fetch_state(session, settings.index, self._moment.today)
        found = conclude(session, state, self._moment) if outcome in ENDED_WELL else Found()
        held = gathered(tally.held, len(tally.asked))
        fresh = news(session, held)
        keep_notes(session, self._run_id, [*found.notes, *held])
        found.notes += fresh
        end_run(
            session,
            self._run_id,
            at=self._moment.utc + timedelta(seconds=self._seconds),
            outcome=outcome,
            asked=len(tally.asked),
            failed=tally.names_failed,
            remaining=len(self._pending),
            requests=self._source.requests,
            through=through_of(state, settings.universe_size),
            reason=reason,
        )
        return state, found

    @property
    def _seconds(self) -> float:
        return time.monotonic() - self._began

    def _report(self, planned: Planned, state: FetchState, outcome: str) -> FetchReport:
        tally, stopped = self._tally, self._source.stopped
        through = through_of(state, self._means.settings.universe_size)
        return FetchReport(
            plan=planned.plan,
            outcome=outcome,
            asked=len(tally.asked),
            failures=tuple(tally.failed[key] for key in sorted(tally.failed)),
            requests=self._source.requests,
            seconds=self._seconds,
            rows_new=tally.rows_new,
            rows_changed=tally.rows_changed,
            earliest=tally.earliest,
            through=through,
            behind=None if through is None else calendar.sessions_behind(through, self._moment.now),
            remaining=len(self._pending),
            notes=tuple(tally.notes),
            reason=stopped.reason if stopped else "",
            hint="" if stopped is None else GO_ON_LATER if stopped.kind == LIMITED else GO_ON,
            series=len(tally.series),
        )
