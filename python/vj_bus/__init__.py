"""The VJ Bus for Python: send commands to the workers of a running VJ Console, and listen to what they publish.

    from vj_bus.client import VJBusClient

    with VJBusClient() as client:
        print(client.discover_workers())
        print(client.send_command("process_manager", "start_worker", {"worker": "virtualdj_monitor"}))
        client.subscribe("audio.*", lambda message: print(message["topic"], message["payload"]))

Needs pyzmq (Debian: python3-zmq), and nothing else. See vj_bus.client.
"""
