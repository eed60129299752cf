"""The part of the app that goes from one index to another."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import Final

from tuiapp import command_lines, index_rules, questions
from tuiapp import format as text
from tuiapp.exporting import Exporting
from tuiapp.fetching import kept_view
from tuiapp.screens import troubles

ELSEWHERE: Final = "elsewhere"
"""The topic of the question what others have made of the store."""

ABOUT_ONE: Final = ("history", "reload", ELSEWHERE)
"""Topics of the app's own whose answers are about the index that they were asked about."""


class Choosing(Exporting):
    """The choice among the indices that are defined."""

    @property
    def indices(self) -> Mapping[str, str]:
        """The indices that are defined: what each is called, and its rules in words."""
        from engine.indices import names, of_index

        known = {name: of_index(self._settings, name) for name in names(self._settings)}
        return {name: text.plain(settings.title or index_rules.in_force(settings)) for name, settings in known.items()}

    def action_index(self) -> None:
        """Choose another index."""
        from tuiapp.screens.indices import Indices

        self.push_screen(Indices(self.index, self._settings))

    def build_all(self) -> None:
        """Build all indices, whichever is looked at."""
        if self.trouble is not None and self.trouble.kind != "unbuilt":
            self.say(self.trouble.title, "warn")
        elif "build" in self._desk.topics:
            self.say("Building is under way …", "warn")
        else:
            if self.trouble is not None:
                self._set_trouble(troubles.BUILDING)
            self.say("Building all indices …")
            self._build()

    def _build(self) -> None:
        self.ask("build", partial(questions.build, cancel=self._desk.token("build"), fetches=self.is_fetched))

    async def go_over(self, index: str, chosen: date | None) -> None:
        """Look at another index of the store, at this date: from its kept view first, then as the engine has it."""
        if index == self.index:
            self.say_of_key(f"{index} is the index that is shown")
        elif self.trouble is troubles.MAKING_DEMO:
            self.say(troubles.MAKING_DEMO.title, "warn")
        else:
            await self.close_prompt()
            while len(self.screen_stack) > 1:
                await self.pop_screen()
            self.remember()
            self._turn_to(index, chosen)
            await self._make_screens_anew()
            self.follow()
            self.say_of_key(f"{index}: {index_rules.in_force(self._settings)}")
            self.say_if_elsewhere(chosen)
            self.ask("history", questions.history)

    def _turn_to(self, index: str, chosen: date | None) -> None:
        """From here on everything is about this index: answers about the other one count no more."""
        from engine.indices import of_index

        self._settings, self.index = of_index(self._settings, index), index
        self._desk.turn_to(self._settings)
        command_lines.turn_to(index=index)
        self._tickets.update({topic: self._tickets.get(topic, 0) + 1 for topic in ABOUT_ONE})
        self._header.put_name(index)
        self.market.turn_to(kept_view(self._settings), chosen)
        waiting = troubles.fetching(self._settings) if self.is_fetching else troubles.LOADING
        self.trouble = None if self.market.known else waiting

    async def _make_screens_anew(self) -> None:
        """New screens, as the old ones were looked at: nothing of the other index is left to be drawn on them."""
        self._shown = {}
        screen = self._made(self._active)
        with self.batch_update():
            await self._stage.remove_children()
            await self._stage.mount(screen)

    def say_if_elsewhere(self, wanted: date | None) -> None:
        """Say that the index has no level at the date that was to be looked at."""
        if said := self.where_else(wanted):
            self.say_of_key(said, "warn")

    def where_else(self, wanted: date | None) -> str:
        """Where one looks because the index has no level at the date that was wanted; empty where it has one."""
        if wanted is None or not self.market.known or wanted == self.market.session:
            return ""
        return f"{self.index} has no level on {wanted}; as of {text.weekday(self.market.session)}"
