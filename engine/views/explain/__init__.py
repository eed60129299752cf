"""What a number is made of: formula, inputs with their sessions and sources, and what was missing.

Nothing heavy is imported here, so that a screen may ask ``catalog`` what can be explained.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from engine.errors import DataError
from engine.views.explain.catalog import explainable, field_of
from engine.views.explanation import Explanation, Subject

if TYPE_CHECKING:
    from engine.facade import Engine
    from engine.views.explain.parts import Answer, Asked, Read

SERIES: Final = ("PR", "TR")

__all__ = ["explain", "explainable"]


def explain(engine: Engine, read: Read, subject: Subject) -> Explanation:
    """Explain one number. Raises ``DataError`` for one that there is not, with a hint that names what there is.

    Args:
        engine: Its public views are asked for what is not one session's; the header is left as the store gives it.
        read: Runs a function on an open session of the store, for the rows behind them.
        subject: The number.
    """
    from engine.views.explain.parts import MOST_INPUTS, Asked

    field = field_of(subject.view, subject.key)
    if subject.series.upper() not in SERIES:
        raise DataError(f"There is no series {subject.series!r}.", hint=f"there is: {', '.join(SERIES)}")
    status, told = _answer(Asked(engine, read, subject, field))
    return Explanation(
        status=status,
        subject=subject,
        title=f"{told.name} {told.joint} {status.session}",
        field=field,
        value=told.value,
        formula=told.formula,
        worked=told.worked,
        inputs=told.inputs[:MOST_INPUTS],
        gaps=tuple(dict.fromkeys(told.gaps)),
        meaning=field.text,
    )


def _answer(asked: Asked) -> Answer:
    from engine.views.explain import changes, composition, contributions, metrics, performance, sectors

    tellers = {
        "performance": performance.tell,
        "metrics": metrics.tell,
        "composition": composition.tell,
        "changes": changes.tell,
        "contributions": contributions.tell,
        "sectors": sectors.tell,
    }
    return tellers[asked.subject.view](asked)
