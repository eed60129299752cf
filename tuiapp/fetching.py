"""Data in, from the app: a fetch beside all other work, the keys of a first run, and how far long work is."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from textual import on

from engine.domain.texts import bounded
from engine.errors import Cancelled, ProviderError, StoreGone
from engine.events import Progress
from engine.setting import folder
from engine.settings import Settings, demo_settings
from engine.views.snapshot import load_snapshot
from tuiapp import command_lines, fetch_news, keys, questions
from tuiapp import format as text
from tuiapp.desk import FETCH, Desk, EngineFactory
from tuiapp.fetch_news import NO_NEWS, News
from tuiapp.messages import Progressed
from tuiapp.screens import troubles
from tuiapp.screens.base import Asker
from tuiapp.shell import Shell

if TYPE_CHECKING:
    from engine.reports import BuildReport, FetchPlan, ImportReport, UpdateReport
    from engine.views.types import PerformanceView
    from tuiapp.widgets.prompt import Wanted

IMPORT: Final = "import"
MOST_SAID: Final = 40
"""Characters of a path that cannot be one."""
STALE: Final = "stale"
"""The topic of the plan that says whether there is anything to fetch."""
PLANNING: Final = Progress("plan the fetch")
AGAIN: Final = "read again from the store"


def kept_view(settings: Settings) -> PerformanceView | None:
    """The last view of this index, if one was kept."""
    view = load_snapshot(settings.data_dir, settings.index)
    return view if view is not None and view.sessions and view.status.index == settings.index else None


class Fetching(Asker, Shell):
    """The frame, and how data come in."""

    _settings: Settings
    _factory: EngineFactory | None
    _desk: Desk
    _news: News
    _fetches_are_news = False
    _plan: FetchPlan | None = None
    _failure: BaseException | None = None
    _unsaid: BaseException | None = None
    _fetch_under_way = False
    _elsewhere = ""
    _path = ""
    _tried = False
    _gone: StoreGone | None = None
    _stage_of_fetch = ""
    _forced = False

    @property
    def is_fetching(self) -> bool:
        """Whether a fetch is under way."""
        return self._fetch_under_way

    @property
    def is_fetched(self) -> bool:
        """Whether what is shown was fetched: a store of imported files alone is not mixed with a vendor's data."""
        known = self.market.known and self.market.history.status.names_wanted > 0
        return known and troubles.fetches(self._settings)

    # -- whether there is anything to fetch

    def _look_for_more(self) -> None:
        """Fetch if there is anything to fetch, else say that there is not, and ask again what is stored."""
        if not troubles.fetches(self._settings):
            self._ask_again(News(f"Nothing is fetched with provider {self._settings.provider}; {AGAIN}", ""))
        elif self._fetch_under_way or (self.trouble is not None and self.trouble.kind == "empty"):
            self.action_fetch()
        elif self.is_fetched:
            self.say("Looking what there is to fetch …")
            self.ask(STALE, questions.plan)
        elif self.market.known:
            self._ask_again(News(f"These data were imported; {AGAIN}. R fetches from {self._vendor}", ""))
        else:
            self._ask_again(NO_NEWS)

    def _looked(self, plan: FetchPlan) -> None:
        """Fetch what is missing, or say that nothing is."""
        if self._fetch_under_way:
            return
        if plan.requests:
            self.action_fetch()
        else:
            self._ask_again(News(f"Nothing to fetch: complete through {plan.through}; {AGAIN}", "good"))

    def _ask_again(self, news: News) -> None:
        self._forget()
        if not self.market.known and not self.is_fetching:
            self._set_trouble(troubles.LOADING)
        self.say("Asking again …")
        self._news = news
        self.ask("history", questions.history)

    # -- fetching

    def action_fetch(self) -> None:
        """Fetch what is missing, then build."""
        self._fetch(full=False)

    def action_force(self) -> None:
        """Fetch everything again, then build."""
        self._fetch(full=True)

    def _fetch(self, *, full: bool) -> None:
        if not troubles.fetches(self._settings):
            self.say(f"Nothing is fetched with provider {self._settings.provider}", "warn")
        elif self._fetch_under_way:
            self.say(f"A fetch is under way; {keys.shown('app.stop')} stops it", "warn")
        elif self._elsewhere:
            self._say_who_fetches()
        else:
            self._fetch_under_way, self._failure, self._fetches_are_news = True, None, False
            self._stage_of_fetch, self._forced = "", full
            self.say("")
            self.events.add(f"A fetch from {self._vendor} begins")
            if not self.market.known:
                self._set_trouble(troubles.fetching(self._settings))
            cancel = self._desk.token(FETCH)
            self._show_progress(FETCH, PLANNING)
            self.ask(FETCH, partial(questions.update, full=full, cancel=cancel))

    def _say_who_fetches(self) -> None:
        """Two fetches at once would ask everything twice: what the other one brings is shown here as it comes."""
        self.say_of_key(f"Fetching is under way already: {self._elsewhere}; what it brings is shown here", "warn")

    def action_stop(self) -> None:
        """Stop a fetch, or else any other long work."""
        under_way = [topic for topic in self._desk.topics if self._desk.can_stop(topic)]
        if under_way:
            self._desk.stop(*([FETCH] if FETCH in under_way else under_way))
            self.say("Stopping …")
        else:
            self.say("There is nothing to stop")

    def _fetched(self, report: UpdateReport) -> None:
        self._fetches_are_news = bool(report.fetch.failures) or report.fetch.outcome == "stopped"
        self._fetch_ended(fetch_news.of_report(report, self._vendor))

    def _not_fetched(self, error: BaseException) -> None:
        """Nothing new; what is there stays. Without an index the reason stands where it would be drawn."""
        self._fetches_are_news = isinstance(error, ProviderError)
        if isinstance(error, Cancelled):
            self._fetch_ended(fetch_news.STOPPED)
        else:
            self._failure = self._unsaid = error
            if not self.market.known:
                self.events.add(f"The fetch failed: {troubles.in_one_line(error)}", "bad")
            self._fetch_ended(NO_NEWS)

    def _fetch_ended(self, news: News) -> None:
        self._fetch_under_way = False
        self._news = news
        self._forget()
        self.ask("history", questions.history)

    def _say_news(self) -> bool:
        """Say what just happened, and what the key that fetches does about it; whether that is to be read first."""
        news, self._news = self._news, NO_NEWS
        unsaid, self._unsaid = self._unsaid, None
        if unsaid is not None and self.market.known:
            news = fetch_news.of_error(unsaid, self.market.history.status)
        status = self.market.history.status if self.market.known else None
        said = f"{news.text}{fetch_news.next_step(news, status, forced=self._forced)}"
        if said or self._may_clear():
            self.say(said, news.tone)
        return news.tone in ("warn", "bad")

    def _may_clear(self) -> bool:
        """Whether nothing is said that a person still has to read: new data without news end it otherwise."""
        return not self._says_of_key

    async def action_show(self, name: str) -> None:
        """Put another screen into the frame; on the one of the data, fetches come first when they are news."""
        is_other = name != self.spec.id
        await super().action_show(name)
        if is_other and self.active.has_notice and self.trouble is not None and self.trouble.first_run:
            self.say(f"{self.spec.title}: nothing to show yet")
        if name == "data" and (self._fetches_are_news or (self.trouble is not None and self.trouble.tried)):
            from tuiapp.screens.data import FETCHES, Data

            self._fetches_are_news = False
            assert isinstance(self.active, Data), "the screen of the data"
            self.active.show_pane(FETCHES)

    @property
    def _vendor(self) -> str:
        return troubles.vendor(self._settings)

    # -- progress

    @on(Progressed)
    def take_progress(self, event: Progressed) -> None:
        """Show how far long work is; beside a fetch no other work is told of."""
        if event.topic not in self._desk.topics or (self._fetch_under_way and event.topic != FETCH):
            return
        self._show_progress(event.topic, event.progress)
        for screen in self._shown.values():
            screen.wait_for(event.progress.waiting_for)
        if event.topic == FETCH and event.progress.stage != self._stage_of_fetch:
            self._stage_of_fetch = event.progress.stage
            for screen in self._shown.values():
                screen.look_again()
        if event.progress.built:
            self._forget()
            self.ask("history", questions.history)

    def _show_progress(self, topic: str, progress: Progress) -> None:
        self._strip.show(topic, progress, stoppable=self._desk.can_stop(topic), vendor=self._vendor)

    # -- a first run

    def _nothing_built(self, found: questions.NothingBuilt) -> None:
        """There is no index: say what can be done about it."""
        if found.stored:
            self._set_trouble(troubles.unbuilt(self._settings))
            if self._failure is not None:
                self.say(troubles.in_one_line(self._failure), "bad")
            return
        self._tried, self._gone = found.tried, found.gone
        self._set_empty()
        if self._failure is not None and not self.active.has_notice:
            self.say(troubles.in_one_line(self._failure), "bad")
        if self._plan is None and troubles.fetches(self._settings):
            self.ask("plan", questions.plan)

    def _planned(self, plan: FetchPlan) -> None:
        self._plan = plan
        if self.trouble is not None and self.trouble.kind == "empty":
            self._set_empty()

    def _set_empty(self) -> None:
        empty = troubles.empty(self._settings, self._plan, self._failure, tried=self._tried, gone=self._gone)
        self._set_trouble(empty)

    def action_demo(self) -> None:
        """Go to the demo market, in its own store."""
        self._settings = demo_settings(self._settings)
        command_lines.turn_to(provider=self._settings.provider)
        self.look_at_store(self._settings.data_dir)
        self._desk = Desk(self, self._settings, self._factory, demo=True)
        self._desk.begin()
        self.market.drop()
        if (view := kept_view(self._settings)) is not None:
            self.market.take(view)
        self._set_trouble(None if self.market.known else troubles.MAKING_DEMO)
        self.ask("history", questions.history)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """The keys of a first run mean something only then."""
        kind = self.trouble.kind if self.trouble is not None else ""
        if action == "demo":
            return kind == "empty"
        return kind in ("empty", "unbuilt") if action == "fetch" else super().check_action(action, parameters)

    def wanted(self, purpose: str) -> Wanted | None:
        """The path to import, or what else is asked for."""
        if purpose != IMPORT:
            return super().wanted(purpose)
        if self.trouble is None or not self.trouble.first_run:
            return None
        from tuiapp.completion import complete_path
        from tuiapp.widgets.prompt import Wanted

        return Wanted(IMPORT, "import the file or folder:", self._path, keep=True, complete=complete_path)

    def typed(self, purpose: str, typed: str) -> None:
        """Import what was typed, or hand it on."""
        if purpose != IMPORT:
            super().typed(purpose, typed)
        elif typed.strip():
            self._path = typed.strip()
            self._import_from(self._path)

    def _import_from(self, typed: str) -> None:
        try:
            folder(typed)
        except ValueError:
            self.say(f"This cannot be the path of a file: {bounded(typed, MOST_SAID)}", "bad")
            return
        self.say("Importing …")
        path, cancel = Path(typed).expanduser(), self._desk.token(IMPORT)
        self.ask(IMPORT, partial(questions.import_files, path=path, cancel=cancel))

    def _imported(self, reports: tuple[ImportReport, tuple[BuildReport, ...]]) -> None:
        taken, built = reports
        rows = sum(file.rows_new + file.rows_changed for file in taken.files)
        refused = sum(file.rows_refused for file in taken.files)
        more = f"; {text.counted(refused, 'row')} refused, {keys.shown('screen.data')} says why" if refused else ""
        said = f"Took in {text.counted(rows, 'row')}, {fetch_news.built(built)}{more}"
        self._news = News(said, "warn" if refused else "good")
        self._forget()
        self.ask("history", questions.history)

    def _not_imported(self, error: BaseException) -> None:
        """Some files may have been taken in before."""
        self._news = News(troubles.in_one_line(error), "bad")
        self.ask("history", questions.history)

    # -- what all of them do

    def _set_trouble(self, trouble: troubles.Trouble | None) -> None:
        self.trouble = trouble
        self.follow()

    def _forget(self) -> None:
        """What the screens show is to be asked again."""
        for screen in self._shown.values():
            screen.forget()
