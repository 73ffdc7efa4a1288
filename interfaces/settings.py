"""The settings: their names, defaults and meanings, and where each value came from.

A value is taken from the environment (`SCIPAPERLOADER_<NAME>`), else from `.env` in the working folder, else from
`scipaperloader.toml` in the data folder, else from the defaults here. Secrets may also be given as the path of a
file that holds them (`SCIPAPERLOADER_<NAME>_FILE`).
"""

import ipaddress
import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import platformdirs
import typed_settings as ts
from attrs import evolve, field, fields, frozen
from typed_settings.exceptions import TsError
from typed_settings.types import LoadedSettings, LoaderMeta, OptionList, SettingsClass

from domain.errors import InvalidValue, SciPaperLoaderError
from domain.resolvers import resolvers_of

PREFIX = "SCIPAPERLOADER_"
TOML = "scipaperloader.toml"
COMMAND_LINE = "command line"
"""The origin of what was given as an option of a command."""
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


class SettingsError(SciPaperLoaderError):
    """A setting cannot be used."""

    remedy = "Correct it in the environment, in the file .env or in scipaperloader.toml of the data folder."


def _documented(default: Any, meaning: str) -> Any:
    return field(default=default, metadata={"meaning": meaning})


_NONE = ts.types.SecretStr("")


@frozen(kw_only=True)
class Settings:
    """Every setting. Lists are written with commas."""

    data_dir: str = _documented("", "Folder of database, uploads and settings file.")
    database_url: str = _documented("", "SQLAlchemy URL; empty for SQLite in the data folder.")
    library_dir: str = _documented("", "Folder of the papers' files; default: library in the data folder.")
    host: str = _documented("127.0.0.1", "Address that the server listens on.")
    port: int = _documented(5000, "Port that the server listens on.")
    secret_key: ts.types.SecretStr = _documented(_NONE, "Key that signs sessions, for shared installations.")
    contact_email: str = _documented("", "Your address: sources and publishers see it in every request.")
    allowed_networks: str = _documented("", "Networks that may be asked although they are not public.")
    trusted_proxies: str = _documented("", "Networks of reverse proxies whose headers are believed.")
    base_url: str = _documented("", "Address under which users reach the server, behind a reverse proxy.")
    ca_bundle: str = _documented("", "File of certificate authorities, in place of the system's.")
    name_pattern: str = _documented("{author}_{year}_{title}", "Names of stored files.")
    max_file_bytes: int = _documented(256_000_000, "Largest file that is downloaded.")
    max_upload_bytes: int = _documented(1_000_000_000, "Largest list that can be uploaded.")
    max_rows: int = _documented(1_000_000, "Most rows of one list.")
    disk_reserve_bytes: int = _documented(1_073_741_824, "Downloads pause when less space is free.")
    synchronous: str = _documented("FULL", "SQLite's durability: FULL, or NORMAL to trade the last moment for speed.")
    hands: int = _documented(4, "Papers that are worked on at once.")
    host_gap: float = _documented(1.0, "Seconds between two requests to a host without limits of its own.")
    local_gap: float = _documented(-1.0, "The same for ALLOWED_NETWORKS; -1 for no exception, 0 for no politeness.")
    page_seconds: float = _documented(60.0, "Deadline of a page.")
    file_seconds: float = _documented(600.0, "Deadline of a file.")
    check_seconds: float = _documented(30.0, "Deadline of the check of a file.")
    link_resolver: str = _documented("", "Address of your library's link resolver (OpenURL), for papers by hand.")
    pg_dump: str = _documented("", "The program pg_dump of PostgreSQL, where the PATH has none or an older one.")
    unpaywall_url: str = _documented("https://api.unpaywall.org", "Interface of Unpaywall.")
    crossref_url: str = _documented("https://api.crossref.org", "Interface of Crossref.")
    arxiv_url: str = _documented("https://export.arxiv.org", "Interface and files of arXiv.")
    europepmc_url: str = _documented("https://www.ebi.ac.uk/europepmc", "Interface of Europe PMC.")
    europepmc_files_url: str = _documented("https://europepmc.org", "Files of Europe PMC.")
    datacite_url: str = _documented("https://api.datacite.org", "Interface of DataCite.")
    pmc_url: str = _documented("https://pmc-oa-opendata.s3.amazonaws.com", "PubMed Central's files in the cloud.")
    biorxiv_url: str = _documented("https://api.biorxiv.org", "Interface of bioRxiv and medRxiv.")
    openalex_url: str = _documented("https://api.openalex.org", "Interface of OpenAlex.")
    openalex_key: ts.types.SecretStr = _documented(_NONE, "Key of OpenAlex, which is asked with one only.")
    semanticscholar_url: str = _documented("https://api.semanticscholar.org", "Interface of Semantic Scholar.")
    semanticscholar_key: ts.types.SecretStr = _documented(_NONE, "Key of Semantic Scholar, for steady answers.")
    core_url: str = _documented("https://api.core.ac.uk", "Interface of CORE.")
    core_key: ts.types.SecretStr = _documented(_NONE, "Key of CORE, which is asked with one only.")
    doaj_url: str = _documented("https://doaj.org", "Interface of DOAJ.")
    elsevier_url: str = _documented("https://api.elsevier.com", "Interface of Elsevier, for its articles' files.")
    elsevier_key: ts.types.SecretStr = _documented(_NONE, "Key of Elsevier (APIKey), for its files.")
    elsevier_token: ts.types.SecretStr = _documented(_NONE, "Institution's token (Insttoken) for Elsevier, if any.")
    wiley_url: str = _documented("https://api.wiley.com", "Interface of Wiley, for its articles' files.")
    wiley_token: ts.types.SecretStr = _documented(_NONE, "Token of Wiley (TDM client token), for its files.")
    resolvers: str = _documented("", "Resolvers of your own, as a list in JSON: see the guide of the scraper.")
    springer_url: str = _documented("https://api.springernature.com", "Interface of Springer Nature.")
    springer_key: ts.types.SecretStr = _documented(_NONE, "Key of Springer Nature, which is asked with one only.")

    @property
    def data(self) -> Path:
        """The data folder."""
        return Path(self.data_dir)

    @property
    def configured(self) -> frozenset[str]:
        """The names of the settings that hold something."""
        return frozenset(one.name for one in fields(Settings) if getattr(self, one.name))

    @property
    def library(self) -> Path:
        """The library's folder."""
        return Path(self.library_dir)

    @property
    def networks(self) -> tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]:
        """ALLOWED_NETWORKS, parsed."""
        return tuple(ipaddress.ip_network(part.strip()) for part in self.allowed_networks.split(",") if part.strip())


@frozen(kw_only=True)
class Origins:
    """Where each setting's value came from, by name."""

    by_name: Mapping[str, str]

    def said_by(self, who: str, names: Iterable[str]) -> "Origins":
        """The same, with some settings given by somebody else."""
        return Origins(by_name={**self.by_name, **dict.fromkeys(names, who)})


class _Values:
    """Loader of typed-settings over a mapping with the names of environment variables; notes what it gave."""

    def __init__(self, label: str, values: Mapping[str, str], origins: dict[str, str]) -> None:
        self._label, self._values, self._origins = label, values, origins

    def __call__(self, settings_cls: SettingsClass, options: OptionList) -> LoadedSettings:  # noqa: ARG002 (the protocol)
        loaded: dict[str, Any] = {}
        for option in options:
            name = PREFIX + option.path.upper()
            value = self._values.get(name)
            if value is None and option.is_secret and (path := self._values.get(f"{name}_FILE")):
                value = _held(name, path)
            if value is not None:
                loaded[option.path] = value
                self._origins[option.path] = self._label
        return LoadedSettings(loaded, LoaderMeta(self._label))


def load(environ: Mapping[str, str] | None = None, folder: Path | None = None) -> tuple[Settings, Origins]:
    """Read the settings, with the folder of `.env` being the working folder by default. Raises SettingsError."""
    environ = os.environ if environ is None else environ
    dotenv = read_dotenv((folder or Path.cwd()) / ".env")
    data_dir = data_folder(environ, dotenv)
    origins = {attribute.name: "default" for attribute in fields(Settings)}
    toml = read_toml(data_dir / TOML)
    loaders = [_Values(str(data_dir / TOML), toml, origins), _Values(".env", dotenv, origins)]
    loaders.append(_Values("environment", environ, origins))
    try:
        settings = ts.load_settings(Settings, loaders)
        _check(settings)
    except (TsError, ValueError) as error:
        raise SettingsError(f"The settings cannot be read: {_reason(error)}.") from error
    return _completed(settings, data_dir), Origins(by_name=origins)


def parsed(values: Mapping[str, str]) -> Settings:
    """The settings that these values give, by the settings' names, and the defaults. Raises SettingsError."""
    given = {PREFIX + name.upper(): value for name, value in values.items()}
    try:
        settings = ts.load_settings(Settings, [_Values("given", given, {})])
        _check(settings)
    except (TsError, ValueError) as error:
        raise SettingsError(f"The settings cannot be read: {_reason(error)}.") from error
    return settings


def _reason(error: Exception) -> str:
    """What is wrong, with the names of the settings; without the names of Python's errors."""
    found = error.exceptions if isinstance(error, ExceptionGroup) else (error,)
    return "; ".join(str(one).partition(": ValueError(")[0] for one in found)


def _completed(settings: Settings, data_dir: Path) -> Settings:
    library = Path(settings.library_dir or data_dir / "library")
    url = settings.database_url or f"sqlite:///{data_dir / 'scipaperloader.db'}"
    return evolve(settings, data_dir=str(data_dir), library_dir=str(library.expanduser().absolute()), database_url=url)


def _check(settings: Settings) -> None:
    settings.networks  # noqa: B018 (raises ValueError)
    if settings.synchronous not in {"FULL", "NORMAL", "EXTRA"}:
        raise ValueError("SYNCHRONOUS is FULL or NORMAL")
    if settings.link_resolver and not settings.link_resolver.startswith(("https://", "http://")):
        raise ValueError("LINK_RESOLVER begins with https:// or http://")
    try:
        resolvers_of(settings.resolvers)
    except InvalidValue as error:
        raise ValueError(f"RESOLVERS is not {error.expected}") from error
    if not 1 <= settings.port <= 65_535:
        raise ValueError("PORT is a number from 1 to 65535")
    if not 1 <= settings.hands <= 32:
        raise ValueError("HANDS is a number from 1 to 32")


def data_folder(environ: Mapping[str, str], dotenv: Mapping[str, str]) -> Path:
    """The data folder, which is known also where the other settings cannot be read."""
    given = environ.get(PREFIX + "DATA_DIR") or dotenv.get(PREFIX + "DATA_DIR") or _default_data_dir()
    return Path(given).expanduser().absolute()


def _default_data_dir() -> str:
    return platformdirs.user_data_dir("scipaperloader", appauthor=False)


def _held(name: str, path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeError) as error:
        raise SettingsError(f"{name}_FILE cannot be read: {error}.") from error


def read_dotenv(path: Path) -> dict[str, str]:
    """The variables of a `.env` file: NAME=value lines, with or without `export` and quotes; {} where there is none."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeError):
        return {}
    values = {}
    for line in lines:
        name, equals, value = line.strip().removeprefix("export ").partition("=")
        if equals and not name.startswith("#"):
            values[name.strip()] = _unquoted(value.strip())
    return values


def _unquoted(value: str) -> str:
    quoted = len(value) >= 2 and value[0] == value[-1] and value[0] in "'\""
    return value[1:-1] if quoted else value.partition(" #")[0].rstrip()


def read_toml(path: Path) -> dict[str, str]:
    """The settings of a TOML file, named as in the environment; {} where there is none. Raises SettingsError."""
    import tomllib

    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"{path} cannot be read: {error}.") from error
    return {PREFIX + name.upper(): _text(value) for name, value in table.items()}


def _text(value: Any) -> str:
    if not isinstance(value, list):
        return str(value)
    return json.dumps(value) if any(isinstance(one, dict) for one in value) else ",".join(map(str, value))
