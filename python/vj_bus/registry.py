"""Reads the registry: which services run, and on which ports. Never writes it, and takes no lock: it is replaced whole."""

import functools
import json
import os
import pathlib
import time

from vj_bus.errors import VJBusError

STALE_AFTER = 15.0  # seconds without a heartbeat
USUAL_ADDRESS = "127.0.0.1"


def home_folder(home=None):
    """The home that is given, else VJ_HOME, else ~/.vj."""
    return pathlib.Path(home or os.environ.get("VJ_HOME") or pathlib.Path.home() / ".vj")


class Registry:
    """The services of one home."""

    def __init__(self, home):
        self.path = pathlib.Path(home) / "registry.json"

    def services(self):
        """Every entry by name, dead ones too. A registry that is not there yet has none."""
        try:
            text = self.path.read_text(encoding="utf-8")
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise VJBusError(f"cannot read {self.path}: {error.strerror}") from error
        try:
            services = json.loads(text)["services"]
        except (ValueError, KeyError, TypeError) as error:
            raise VJBusError(f"{self.path} is not a registry: {error}") from error
        if not isinstance(services, dict):
            raise VJBusError(f"{self.path} is not a registry: 'services' is not an object")
        return {name: entry for name, entry in services.items() if isinstance(entry, dict)}

    def live_services(self):
        """The services whose process exists and whose heartbeat is fresh."""
        return {name: entry for name, entry in self.services().items() if why_dead(entry) is None}


def why_dead(entry):
    """Why an entry of the registry is not to be talked to; None for a live one."""
    age = heartbeat_age(entry)
    if age > STALE_AFTER:
        return f"its last heartbeat is {age:.0f} s old"
    pid = entry.get("pid")
    if not isinstance(pid, int) or pid <= 0:
        return "it has no pid in the registry"
    if not _process_exists(pid):
        return f"its process {pid} is gone"
    return None


def heartbeat_age(entry):
    """Seconds since a service last gave a sign of life: by the clock that nobody sets, where the entry has it of this
    boot, else by the wall clock."""
    metadata = _metadata(entry)
    beat = metadata.get("heartbeat_monotonic")
    if isinstance(beat, (int, float)) and metadata.get("boot_id") == boot_id():
        return time.monotonic() - beat
    return time.time() - _number(entry.get("heartbeat_at"))


def endpoint(entry, kind):
    """The address of an entry's "command" or "telemetry" port; None where it has none."""
    ports = entry.get("ports")
    port = ports.get(kind) if isinstance(ports, dict) else None
    if not isinstance(port, int) or not 0 < port < 65536:
        return None
    address = _metadata(entry).get("address")
    return f"tcp://{address if isinstance(address, str) else USUAL_ADDRESS}:{port}"


@functools.cache
def boot_id():
    """Which start of the machine this is; None where the system does not tell."""
    try:
        return pathlib.Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        return None


def _metadata(entry):
    metadata = entry.get("metadata")
    return metadata if isinstance(metadata, dict) else {}


def _number(value):
    return value if isinstance(value, (int, float)) else 0.0


def _process_exists(pid):
    try:
        os.kill(pid, 0)  # signal 0 only asks
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
