"""Reads the registry: which services run, and on which ports. Never writes it, and takes no lock: it is replaced whole."""

import json
import os
import pathlib
import time

from vj_bus.errors import VJBusError

STALE_AFTER = 15.0  # seconds without a heartbeat


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


def why_dead(entry, now=None):
    """Why an entry of the registry is not to be talked to; None for a live one."""
    age = (time.time() if now is None else now) - _number(entry.get("heartbeat_at"))
    if age > STALE_AFTER:
        return f"its last heartbeat is {age:.0f} s old"
    pid = entry.get("pid")
    if not isinstance(pid, int) or pid <= 0:
        return "it has no pid in the registry"
    if not _process_exists(pid):
        return f"its process {pid} is gone"
    return None


def endpoint(entry, kind):
    """The address of an entry's "command" or "telemetry" port; None where it has none."""
    ports = entry.get("ports")
    port = ports.get(kind) if isinstance(ports, dict) else None
    return f"tcp://127.0.0.1:{port}" if isinstance(port, int) and 0 < port < 65536 else None


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
