"""Everything that a run needs, page by page: one is parsed while the next is on its way."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pandas as pd

from sync_worker.errors import BadAnswer
from sync_worker.frames import Pull, read_section
from sync_worker.frames.schemas import SECTIONS
from sync_worker.jobs.answers import Page, Prepare
from sync_worker.jobs.lease import Held
from sync_worker.jobs.progress import Progress
from sync_worker.rpc.wire import unpack


def pull_all(lease: Held, manifest: Prepare, limit: int, progress: Progress) -> Pull:
    """Pull all pages of all sections, at most `limit` rows each, and put them together.

    :raises BadAnswer: when a page is damaged, or rows are missing or too many.
    :raises sync_worker.frames.FrameError: when rows are against the contract.
    """
    pages: dict[str, list[pd.DataFrame]] = defaultdict(list)
    for section, frame in _frames(lease, manifest, limit):
        pages[section].append(frame)
        progress.advance(len(frame))
    _check_rows(manifest, pages)
    return Pull.from_pages({name: _given_up(pages, name) for name in list(pages)})


def _given_up(pages: dict[str, list[pd.DataFrame]], section: str) -> Iterator[pd.DataFrame]:
    """The pages of a section, which go once they are put together: those of half a million people take much room."""
    yield from pages.pop(section)


def _frames(lease: Held, manifest: Prepare, limit: int) -> Iterator[tuple[str, pd.DataFrame]]:
    """The pages in their order. Calls are made in this thread, so that Ctrl-C stops them; parsing in another."""
    # announced by an addon that knows more than this worker: nothing here reads them
    newer = {section.name for section in manifest.sections} - set(SECTIONS)
    with ThreadPoolExecutor(1, "parse") as parser:
        former: tuple[str, Future[pd.DataFrame]] | None = None
        for page in _pages(lease, manifest, limit):
            if page.section in newer:
                continue
            if former:
                yield former[0], former[1].result()
            former = page.section, parser.submit(_frame, page)
        if former:
            yield former[0], former[1].result()


def _pages(lease: Held, manifest: Prepare, limit: int) -> Iterator[Page]:
    after, done = 0, manifest.rows == 0
    while not done:
        pulled = lease.sync.pull(*lease.key, after, limit)
        for page in (pulled, *pulled.following):
            if page.rows:
                yield page
            if not page.done and page.after <= after:
                raise BadAnswer("The pages that were pulled do not advance. Install addon and worker of the same "
                                "release.")
            after, done = page.after, page.done


def _frame(page: Page) -> pd.DataFrame:
    try:
        frame = read_section(page.section, unpack(page.data, page.sha256))
    except KeyError:
        raise BadAnswer(f"The addon sends a section that this worker does not know, {page.section}. Install addon and "
                        "worker of the same release.") from None
    if len(frame) != page.rows:
        raise BadAnswer(f"A page of {page.section} holds {len(frame)} rows where {page.rows} were announced.")
    return frame


def _check_rows(manifest: Prepare, pages: dict[str, list[pd.DataFrame]]) -> None:
    for section in manifest.sections:
        if section.name not in SECTIONS:
            continue
        found = sum(map(len, pages.get(section.name, ())))
        if found != section.rows:
            raise BadAnswer(f"{found} rows of {section.name} were pulled where {section.rows} had been prepared.")
