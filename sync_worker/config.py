"""Where the settings come from: a TOML file, over it the environment (`KAM_…`), over that the command's options.

The file is the one named by `--config` or KAM_CONFIG, else `kam-sync.toml` in the working folder, if there is one. Its
keys are the names below without a section: `url = "https://localhost:8069"`. A password or key comes from KAM_PASSWORD,
from the file that KAM_PASSWORD_FILE names, or from the TOML file; never from an option, which every user of the
machine could read in the list of processes.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
    TomlConfigSettingsSource,
)

from sync_worker.errors import ConfigError
from sync_worker.rpc.channel import Origin
from sync_worker.rpc.transport import TIMEOUT

PREFIX = "KAM_"
DEFAULT_FILE = "kam-sync.toml"
POLL = 5.0  # seconds between two looks into the queue


class Settings(BaseSettings):
    """Every setting of the worker. Rows are rows of a table; times are seconds, but `every` is minutes."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid", env_ignore_empty=True,
                                      hide_input_in_errors=True, coerce_numbers_to_str=True)

    url: str
    database: str
    login: str = ""
    password: SecretStr | None = None
    password_file: Path | None = None
    transport: Literal["xmlrpc", "json2"] = "xmlrpc"
    timeout: float = Field(default=TIMEOUT, gt=0, le=86400, allow_inf_nan=False)
    page_rows: int = Field(default=100_000, ge=1, lt=2**31)
    batch_rows: int = Field(default=50_000, ge=1, lt=2**31)
    company: str | None = None
    lang: str | None = None
    metrics_file: Path | None = None
    poll: float = Field(default=POLL, ge=0.1, le=60, allow_inf_nan=False)
    schedule: str | None = None
    every: float | None = Field(default=None, ge=1, le=525_600, allow_inf_nan=False)
    timezone: str | None = None
    log_level: Literal["debug", "info", "warning", "error"] = "info"

    @field_validator("url")
    @classmethod
    def _check_url(cls, value: str) -> str:
        return str(Origin.parse(value))

    @field_validator("schedule")
    @classmethod
    def _check_schedule(cls, value: str | None) -> str | None:
        if value is not None:
            # APScheduler takes a moment to load, and few commands have a schedule
            from sync_worker.jobs.schedule import cron

            cron(value, None)
        return value

    @field_validator("timezone")
    @classmethod
    def _check_timezone(cls, value: str | None) -> str | None:
        if value is not None:
            try:
                ZoneInfo(value)
            except (ZoneInfoNotFoundError, ValueError, OSError):
                raise ValueError("there is no such time zone; one is written as Europe/Madrid") from None
        return value

    @field_validator("log_level", mode="before")
    @classmethod
    def _lower(cls, value: Any) -> Any:
        return value.lower() if isinstance(value, str) else value

    @model_validator(mode="after")
    def _check_credentials(self) -> Settings:
        if not self.password and not self.password_file:
            raise ValueError("no password: set KAM_PASSWORD (a password or an API key) or KAM_PASSWORD_FILE")
        if self.transport == "xmlrpc" and not self.login:
            raise ValueError("no login: XML-RPC needs KAM_LOGIN, or login in the file")
        return self

    def secret(self) -> str:
        """The password or key itself.

        :raises ConfigError: when its file cannot be read or is empty.
        """
        if self.password:
            return self.password.get_secret_value()
        try:
            secret = Path(self.password_file or "").read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or "it is no text"
            raise ConfigError(f"password_file: {self.password_file} cannot be read: {reason}.") from None
        if not secret:
            raise ConfigError(f"password_file: {self.password_file} is empty.")
        return secret

    @classmethod
    def settings_customise_sources(
        cls, settings_cls: type[BaseSettings], init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource, dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Options, then the environment, then the TOML file."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)


def load(path: Path | None = None, **options: Any) -> Settings:
    """The settings in force. Options that are None were not given.

    :raises ConfigError: naming each wrong key and where it stands.
    """
    given = {key: value for key, value in options.items() if value is not None}
    file = _file(path)

    class FromFile(Settings):
        model_config = SettingsConfigDict(toml_file=file)

    try:
        return FromFile(**given)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{file} is no valid TOML: {error}.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{file} cannot be read: {getattr(error, 'strerror', None) or 'it is no text'}.") from None
    except SettingsError as error:
        raise ConfigError(f"{error}.") from None
    except ValidationError as error:
        lines = [_line(item, given, file) for item in error.errors(include_input=False, include_url=False)]
        raise ConfigError("\n".join(lines)) from None


def _file(path: Path | None) -> Path | None:
    named = path or (Path(os.environ["KAM_CONFIG"]) if os.environ.get("KAM_CONFIG") else None)
    if named is None:
        return Path(DEFAULT_FILE) if Path(DEFAULT_FILE).is_file() else None
    if not named.is_file():
        origin = "--config" if path else "KAM_CONFIG"
        raise ConfigError(f"{origin}: there is no file {named}.")
    return named


def _line(item: Mapping[str, Any], given: Mapping[str, Any], file: Path | None) -> str:
    message = str(item["msg"]).removeprefix("Value error, ")
    if not item["loc"]:
        return f"{message[0].upper()}{message[1:]}."
    key = str(item["loc"][0])
    if item["type"] == "missing":
        return f"{key} is not set: set {PREFIX}{key.upper()}, or {key} in {file or DEFAULT_FILE}."
    if item["type"] == "extra_forbidden":
        return f"{key} ({file}): there is no such setting."
    return f"{key} ({_source(key, given, file)}): {message}."


def _source(key: str, given: Mapping[str, Any], file: Path | None) -> str:
    if key in given:
        return f"option --{key.replace('_', '-')}"
    variable = next((name for name in os.environ if name.upper() == f"{PREFIX}{key.upper()}"), None)
    return f"environment variable {variable}" if variable else str(file)
