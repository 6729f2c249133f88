"""What can go wrong between a client and the bus. Every message names the service, the file or the command."""


class VJBusError(Exception):
    """The bus cannot do what was asked."""


class ServiceNotRunning(VJBusError):
    """No such service is registered, or the registered one is dead."""


class CommandTimeout(VJBusError):
    """The service is registered and did not answer in time."""


class BadResponse(VJBusError):
    """What came back is not a response of the protocol."""
