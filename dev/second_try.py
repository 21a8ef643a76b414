"""A plugin for pytest: Odoo's second try of a test that failed, which its own runner has and pytest-odoo takes away.

A step of a tour times out after 10 s, so on a loaded machine one can fail for that reason alone. Who needed a second
try is said at the end: a test that needs it often is a defect.
"""

import contextlib

from _pytest.unittest import TestCaseFunction
from odoo.tests.common import BaseCase

TRIES = 2
run = BaseCase.run
needed = []


def softly(report):
    """Odoo asks for failures of a first try to be noted and not reported."""
    def add(self, testcase, error, *rest, **options):
        self.had_failure = True
        if self.is_soft:
            needed.append(self.nodeid)
        else:
            report(self, testcase, error, *rest, **options)
    return add


@contextlib.contextmanager
def soft_fail(self):
    self.is_soft, self.had_failure = True, False
    try:
        yield
    finally:
        self.is_soft = False


TestCaseFunction.is_soft = TestCaseFunction.had_failure = False
TestCaseFunction.addError = softly(TestCaseFunction.addError)
TestCaseFunction.addFailure = softly(TestCaseFunction.addFailure)
# Odoo skips a test for which Chromium did not start in time.
TestCaseFunction.addSkip = softly(TestCaseFunction.addSkip)
TestCaseFunction.soft_fail = soft_fail
TestCaseFunction.wasSuccessful = lambda self: not self.had_failure


def pytest_collection_finish():
    BaseCase.run, BaseCase._tests_run_count = run, TRIES


def pytest_terminal_summary(terminalreporter):
    for name in dict.fromkeys(needed):
        terminalreporter.write_line(f"needed a second try: {name}")
