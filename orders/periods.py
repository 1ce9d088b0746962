"""Spans of days in India, cut into days, weeks or months."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import NamedTuple

from django.utils import timezone
from django.utils.formats import date_format

DAY = timedelta(days=1)


class Step(StrEnum):
    DAY = "day"
    WEEK = "week"  # from Monday
    MONTH = "month"


class Span(NamedTuple):
    """From the first day to the last, both included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def start(self) -> datetime:
        return midnight(self.first)

    @property
    def end(self) -> datetime:
        """The moment after its last."""
        return midnight(self.last + DAY)

    def moved(self, days: int) -> "Span":
        by = timedelta(days=days)
        return Span(self.first + by, self.last + by)

    def __str__(self) -> str:
        first, last = self
        if first == last:
            return date_format(first, "j M Y")
        if (first.year, first.month) == (last.year, last.month):
            return f"{first.day}\N{EN DASH}{date_format(last, 'j M Y')}"
        ends = date_format(first, "j M" if first.year == last.year else "j M Y"), date_format(last, "j M Y")
        return f"{ends[0]} \N{EN DASH} {ends[1]}"


@dataclass(frozen=True)
class Period:
    span: Span
    step: Step

    @property
    def before(self) -> Span:
        """As many days, just before."""
        return self.span.moved(-self.span.days)

    @property
    def parts(self) -> list[Span]:
        """Its days, weeks or months; the first and the last as far as they belong to it."""
        return list(self._parts())

    def _parts(self) -> Iterator[Span]:
        first, end = self.span
        while first <= end:
            last = min(_last_of(self.step, first), end)
            yield Span(first, last)
            first = last + DAY

    def label(self, part: Span) -> str:
        if self.step == Step.DAY:
            return date_format(part.first, "D j M" if self.span.first.year == self.span.last.year else "D j M Y")
        if self.step == Step.MONTH and part == month_of(part.first):
            return date_format(part.first, "F Y")
        return str(part)


def midnight(day: date) -> datetime:
    """When it begins in India."""
    return timezone.make_aware(datetime.combine(day, time.min))


def month_of(day: date) -> Span:
    first = day.replace(day=1)
    return Span(first, _last_of(Step.MONTH, first))


def last_days(count: int, today: date) -> Span:
    return Span(today - (count - 1) * DAY, today)


def usual_step(span: Span) -> Step:
    """What makes a table and a chart of a sensible length."""
    if span.days <= 31:
        return Step.DAY
    return Step.WEEK if span.days <= 184 else Step.MONTH


def _last_of(step: Step, day: date) -> date:
    """The last day of the day, week or month that this day is in."""
    match step:
        case Step.DAY:
            return day
        case Step.WEEK:
            return day + (6 - day.weekday()) * DAY
    return (day.replace(day=28) + 4 * DAY).replace(day=1) - DAY
