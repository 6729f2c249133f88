"""The client of the VJ Bus.

    client = VJBusClient()                 # home: VJ_HOME, else ~/.vj
    client.discover_workers()              # {"virtualdj_monitor": {"pid": …, "ports": {…}, …}, …}
    response = client.send_command("process_manager", "list_workers", {})
    if response["status"] == "ok":
        print(response["result"]["workers"])
    client.subscribe("virtualdj.state", lambda message: print(message["payload"]["track"]))
    client.close()

A response is the dict of the protocol: type, id, timestamp, source, status ("ok", "error", "timeout"), result, error. An
error that a service answers is a response, not an exception. Exceptions (vj_bus.errors) say that there was no answer:
ServiceNotRunning, CommandTimeout, BadResponse, all of them VJBusError.

A client may be used by several threads. Handlers of subscriptions run on a thread of the client's own.
"""

import json
import time
import uuid

import zmq

from vj_bus.errors import BadResponse, CommandTimeout, ServiceNotRunning, VJBusError
from vj_bus.registry import Registry, endpoint, home_folder, why_dead
from vj_bus.subscriber import Subscriber

DEFAULT_TIMEOUT = 2.0  # seconds
DEFAULT_STOP_TIMEOUT = 5.0  # as the configuration's default
# These answer when processes have started or gone, which may take as long as a stop is given.
SLOW_COMMANDS = frozenset(
    {
        "start_worker",
        "stop_worker",
        "restart_worker",
        "start_all",
        "stop_all",
        "shutdown",
        "shutdown_all",
        "handover",
        "yield",
    }
)
EXTRA_FOR_SLOW = 3.0


class VJBusClient:
    """Talks to the services of one home.

    stop_timeout is the longest stop of a worker, where it is not the one in the home's configuration.
    """

    def __init__(self, home=None, source="python_client", stop_timeout=None):
        self.home = home_folder(home)
        self.source = source
        self._stop_timeout = stop_timeout
        self._context = zmq.Context()
        self._registry = Registry(self.home)
        self._subscriber = Subscriber(self._context, self._registry)

    def send_command(self, service, command, payload=None, timeout=None):
        """Sends one command and waits for its response, by default 2 s, or as long as starts and stops may take."""
        address = self._command_address(service)
        if timeout is None:
            timeout = self._timeout_of(service, command)
        request = {
            "type": "command",
            "id": str(uuid.uuid4()),
            "timestamp": time.time(),
            "source": self.source,
            "command": command,
            "payload": payload if payload is not None else {},
        }
        # A socket for each request: a service that never answers leaves nothing behind.
        with self._context.socket(zmq.DEALER) as socket:
            socket.linger = 0
            socket.maxmsgsize = 1 << 20
            socket.connect(address)
            socket.send_multipart([b"", _encode(request)])
            return _wait_for_response(socket, request["id"], service, command, timeout)

    def discover_workers(self):
        """The live services by name, each as the registry has it: pid, ports, started_at, heartbeat_at, metadata."""
        return self._registry.live_services()

    def subscribe(self, topic, handler):
        """Calls handler(message) for each message of a topic; "a.*" is every topic that begins with "a.".

        A message is the dict of the protocol: type, id, timestamp, source, topic, payload. Services may come and go.
        """
        self._subscriber.subscribe(topic, handler)

    def close(self):
        """Ends subscriptions and sockets. The client is of no use afterwards."""
        self._subscriber.close()
        self._context.term()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def _command_address(self, service):
        services = self._registry.services()
        entry = services.get(service)
        if entry is None:
            live = ", ".join(sorted(name for name, each in services.items() if why_dead(each) is None))
            raise ServiceNotRunning(
                f"{service} is not running: it is not in {self._registry.path}"
                + (f" (running: {live})" if live else " (nothing runs; start vj_console)")
            )
        reason = why_dead(entry)
        if reason is not None:
            raise ServiceNotRunning(f"{service} is not running: {reason} ({self._registry.path})")
        address = endpoint(entry, "command")
        if address is None:
            raise ServiceNotRunning(f"{service} has no command port in {self._registry.path}")
        return address

    def _timeout_of(self, service, command):
        if service != "process_manager" or command not in SLOW_COMMANDS:
            return DEFAULT_TIMEOUT
        if self._stop_timeout is None:
            self._stop_timeout = _configured_stop_timeout(self.home / "config.toml")
        return self._stop_timeout + EXTRA_FOR_SLOW


def _encode(request):
    try:
        return json.dumps(request, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
    except (TypeError, ValueError) as error:
        raise VJBusError(f"the payload of {request['command']} cannot be sent: {error}") from error


def _wait_for_response(socket, request_id, service, command, timeout):
    deadline = time.monotonic() + timeout
    while True:
        left = deadline - time.monotonic()
        if left <= 0 or not socket.poll(max(1, int(left * 1000))):
            raise CommandTimeout(f"{service} did not answer '{command}' within {timeout:g} s")
        try:
            response = json.loads(socket.recv_multipart()[-1])
        except ValueError as error:
            raise BadResponse(f"{service} answered '{command}' with what is not JSON: {error}") from error
        if not isinstance(response, dict) or "status" not in response:
            raise BadResponse(f"{service} answered '{command}' with what is not a response: {response!r}")
        # Anything else is the late answer to a request that nobody waits for any more.
        if response.get("id") == request_id:
            return response


def _configured_stop_timeout(path):
    """The longest stop_timeout in a configuration; the default where there is none, or no TOML reader (Python 3.10)."""
    try:
        import tomllib
    except ImportError:
        return DEFAULT_STOP_TIMEOUT
    try:
        config = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return DEFAULT_STOP_TIMEOUT  # the programs that own the file report what is wrong with it
    sections = [config.get("process_manager", {}), *config.get("worker", []), *config.get("app", {}).values()]
    values = [s["stop_timeout"] for s in sections if isinstance(s, dict) and "stop_timeout" in s]
    return max([float(v) for v in values if isinstance(v, (int, float))], default=DEFAULT_STOP_TIMEOUT)
