"""The composition root: the one place where adapters meet handlers."""

from interfaces.bootstrap.application import container
from interfaces.bootstrap.installation import (
    MixedInstallation,
    check_layers,
    database,
    processes_of,
    schema,
    source_folders,
    stop_file_of,
)
from interfaces.bootstrap.simulated import simulated_web
from interfaces.bootstrap.tools import (
    Looks,
    backups,
    diagnosis,
    diagnosis_without_settings,
    emergency,
    emergency_without_settings,
    log_transfer,
    looks,
    quick_fix,
    restores,
)

__all__ = [
    "Looks",
    "MixedInstallation",
    "backups",
    "check_layers",
    "container",
    "database",
    "diagnosis",
    "diagnosis_without_settings",
    "emergency",
    "emergency_without_settings",
    "log_transfer",
    "looks",
    "processes_of",
    "quick_fix",
    "restores",
    "schema",
    "simulated_web",
    "source_folders",
    "stop_file_of",
]
