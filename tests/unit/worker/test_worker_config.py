"""Settings: file, then environment, then options; and what is said of a wrong one."""

from __future__ import annotations

from pathlib import Path

import pytest

from sync_worker import config
from sync_worker.errors import ConfigError

SECRET = "s3cret-word"


@pytest.fixture
def enough(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """The least that has to be set."""
    least = {"URL": "http://localhost:8069", "DATABASE": "db", "LOGIN": "worker", "PASSWORD": SECRET}
    for name, value in least.items():
        monkeypatch.setenv(f"KAM_{name}", value)
    return monkeypatch


def test_the_least_gives_defaults_for_the_rest(enough: pytest.MonkeyPatch) -> None:
    found = config.load()
    assert (found.url, found.database, found.login, found.secret()) == ("http://localhost:8069", "db", "worker", SECRET)
    assert (found.transport, found.timeout, found.page_rows, found.batch_rows) == ("xmlrpc", 300.0, 100_000, 50_000)
    assert (found.company, found.metrics_file, found.log_level) == (None, None, "info")


def test_options_win_over_the_environment_and_that_over_the_file(enough: pytest.MonkeyPatch, bare: Path) -> None:
    (bare / "kam-sync.toml").write_text('database = "file"\ntransport = "json2"\npage_rows = 10\nbatch_rows = 10\n')
    enough.setenv("KAM_BATCH_ROWS", "20")
    enough.setenv("KAM_PAGE_ROWS", "20")
    found = config.load(page_rows=30)
    assert (found.transport, found.batch_rows, found.page_rows, found.database) == ("json2", 20, 30, "db")


@pytest.mark.parametrize("how", ["option", "variable", "folder"])
def test_the_file_is_found(how: str, monkeypatch: pytest.MonkeyPatch, bare: Path) -> None:
    file = bare / ("kam-sync.toml" if how == "folder" else "other.toml")
    file.write_text(f'url = "https://localhost"\ndatabase = "db"\nlogin = "w"\npassword = "{SECRET}"\ncompany = 3\n')
    if how == "variable":
        monkeypatch.setenv("KAM_CONFIG", str(file))
    found = config.load(file if how == "option" else None)
    assert (found.url, found.secret(), found.company) == ("https://localhost:443", SECRET, "3")


def test_a_password_comes_from_a_file(enough: pytest.MonkeyPatch, bare: Path) -> None:
    (bare / "key").write_text(f"{SECRET}-2\n")
    enough.delenv("KAM_PASSWORD")
    enough.setenv("KAM_PASSWORD_FILE", str(bare / "key"))
    assert config.load().secret() == f"{SECRET}-2"


@pytest.mark.parametrize("content", [None, b"", b"\n", b"\xff\xfe\xff"])
def test_a_password_file_that_holds_none_is_named(
        enough: pytest.MonkeyPatch, bare: Path, content: bytes | None) -> None:
    if content is not None:
        (bare / "key").write_bytes(content)
    enough.delenv("KAM_PASSWORD")
    enough.setenv("KAM_PASSWORD_FILE", str(bare / "key"))
    with pytest.raises(ConfigError, match=f"password_file: {bare / 'key'}"):
        config.load().secret()


def test_no_setting_shows_the_password(enough: pytest.MonkeyPatch) -> None:
    found = config.load()
    assert SECRET not in repr(found) + str(found) + found.model_dump_json()


@pytest.mark.parametrize(("name", "value", "message"), [
    ("KAM_TIMEOUT", "soon", r"timeout \(environment variable KAM_TIMEOUT\)"),
    ("KAM_TIMEOUT", "-1", "timeout"), ("KAM_TIMEOUT", "inf", "timeout"),
    ("KAM_PAGE_ROWS", "0", "page_rows"), ("KAM_TRANSPORT", "soap", "'xmlrpc' or 'json2'"),
    ("KAM_URL", "localhost", r"url \(environment variable KAM_URL\): give an address"),
    ("KAM_LOG_LEVEL", "loud", "log_level"),
])
def test_a_wrong_value_names_key_and_source(
        enough: pytest.MonkeyPatch, name: str, value: str, message: str) -> None:
    enough.setenv(name, value)
    with pytest.raises(ConfigError, match=message):
        config.load()


def test_a_wrong_option_and_a_wrong_line_of_the_file_name_theirs(enough: pytest.MonkeyPatch, bare: Path) -> None:
    (bare / "kam-sync.toml").write_text("batch_rows = 0\npasword = 'x'\n")
    with pytest.raises(ConfigError) as caught:
        config.load(page_rows=0)
    assert "page_rows (option --page-rows)" in str(caught.value)
    assert "batch_rows (kam-sync.toml)" in str(caught.value)
    assert "pasword (kam-sync.toml): there is no such setting" in str(caught.value)


def test_what_is_missing_says_where_to_set_it() -> None:
    with pytest.raises(ConfigError, match="KAM_URL, or url in kam-sync.toml"):
        config.load()


@pytest.mark.parametrize(("gone", "message"), [("KAM_PASSWORD", "KAM_PASSWORD_FILE"), ("KAM_LOGIN", "KAM_LOGIN")])
def test_missing_credentials_are_named(enough: pytest.MonkeyPatch, gone: str, message: str) -> None:
    enough.delenv(gone)
    with pytest.raises(ConfigError, match=message):
        config.load()


def test_json2_needs_no_login(enough: pytest.MonkeyPatch) -> None:
    enough.delenv("KAM_LOGIN")
    assert config.load(transport="json2").login == ""


def test_an_address_with_a_password_is_refused_without_it(enough: pytest.MonkeyPatch) -> None:
    enough.setenv("KAM_URL", f"http://me:{SECRET}@localhost")
    with pytest.raises(ConfigError, match="KAM_PASSWORD") as caught:
        config.load()
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize(("content", "message"), [(b"url = ", "no valid TOML"), (b"\xff\xfe", "it is no text")])
def test_a_file_that_cannot_be_read_is_named(bare: Path, content: bytes, message: str) -> None:
    (bare / "kam-sync.toml").write_bytes(content)
    with pytest.raises(ConfigError, match=f"kam-sync.toml.*{message}"):
        config.load()


def test_a_file_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ConfigError, match="--config: there is no file nowhere.toml"):
        config.load(Path("nowhere.toml"))
    monkeypatch.setenv("KAM_CONFIG", "elsewhere.toml")
    with pytest.raises(ConfigError, match="KAM_CONFIG: there is no file elsewhere.toml"):
        config.load()
