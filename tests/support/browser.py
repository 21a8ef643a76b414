"""Somebody in Chromium: `python browser.py URL STEPS WIDTH`, with the Python that Odoo's own browser tests run with.

STEPS is JSON: `[[selector, text, typed], …]`. Each step waits for the visible element of that selector that holds the
text and is not disabled, and clicks it, or types into it if `typed` is no null. The last one is what must be there in
the end.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

import websocket

# A machine may be busy with other tests, and a server with what it serves for the first time.
SECONDS = 120
DO = """
(async ([selector, text, typed]) => {
    const end = Date.now() + 60000;
    const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
    const find = () => [...document.querySelectorAll(selector)].find(
        (node) => node.offsetParent && node.innerText.includes(text) && !node.matches("[disabled], .disabled"));
    let changed = Date.now();
    const observer = new MutationObserver(() => (changed = Date.now()));
    observer.observe(document, { subtree: true, childList: true, attributes: true });
    // Nobody clicks while the page is still changing: what they click on may be replaced under them.
    let found;
    while (!(found = find()) || Date.now() - changed < 300) {
        if (Date.now() > end) {
            return `${selector} with “${text}” did not come: ${(document.body?.innerText ?? "").slice(0, 2000)}`;
        }
        await pause(50);
    }
    observer.disconnect();
    if (typed === null) {
        setTimeout(() => found.click());  // once this has answered: it may lead to another page
    } else {
        found.value = typed;
        found.dispatchEvent(new Event("input", { bubbles: true }));
        found.dispatchEvent(new Event("change", { bubbles: true }));
    }
    return "";
})(%s)
"""


def browse(url: str, steps: list[list[str | None]], width: str) -> str:
    """Go there and do that; what went wrong, or nothing."""
    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if not program:
        return "there is no Chromium: dev/setup --browser installs it"
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        chromium = subprocess.Popen(
            [program, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
             "--remote-debugging-port=0", f"--user-data-dir={folder}", f"--window-size={width},900", "--lang=en-US",
             "about:blank"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
        try:
            return drive(Path(folder) / "DevToolsActivePort", url, steps)
        finally:
            chromium.send_signal(signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                chromium.wait(10)
            chromium.kill()


def drive(port: Path, url: str, steps: list[list[str | None]]) -> str:
    end = time.monotonic() + SECONDS
    while not port.exists() or not port.read_text().strip():
        if time.monotonic() > end:
            return "Chromium did not start"
        time.sleep(0.05)
    # It listens before its first page is there.
    while not (page := first_page(port.read_text().splitlines()[0])):
        if time.monotonic() > end:
            return "Chromium opened no page"
        time.sleep(0.05)
    socket = websocket.create_connection(page["webSocketDebuggerUrl"], suppress_origin=True, timeout=SECONDS)
    numbers = itertools.count(1)

    def call(method: str, **params: object) -> dict:
        """Send it, and read on until its answer or, without a method to answer, the event comes."""
        this = next(numbers)
        socket.send(json.dumps({"id": this, "method": method, "params": params}))
        while (message := json.loads(socket.recv())).get("id") != this:
            pass
        return message

    call("Page.enable")
    call("Page.navigate", url=url)
    while json.loads(socket.recv()).get("method") != "Page.loadEventFired":
        pass
    try:
        for step in steps:
            if problem := take(call, step):
                return problem
    finally:
        socket.close()
    return ""


def first_page(number: str) -> dict | None:
    with urllib.request.urlopen(f"http://127.0.0.1:{number}/json/list", timeout=10) as pages:
        return next((one for one in json.load(pages) if one["type"] == "page"), None)


def take(call: Callable[..., dict], step: list[str | None]) -> str:
    """What went wrong, or nothing. A page that goes while it is asked answers with an error: the next one is asked."""
    end = time.monotonic() + SECONDS
    while True:
        answer = call("Runtime.evaluate", expression=DO % json.dumps(step), awaitPromise=True, returnByValue=True)
        value = answer.get("result", {}).get("result", {}).get("value")
        if value is not None or time.monotonic() > end:
            return str(answer) if value is None else value
        time.sleep(0.05)


if __name__ == "__main__":
    sys.exit(browse(sys.argv[1], json.loads(sys.argv[2]), sys.argv[3]) or 0)
