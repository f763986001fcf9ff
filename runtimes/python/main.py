"""Starts the Python runtime: python3 main.py, with the listening socket as descriptor 3 (runtimes/CONTRACT.md)."""


def main():
    import os
    import socket
    import sys

    # What user code imports must be its own: leave no trace of our directory.
    import warmwhisk_runtime

    sys.path.remove(os.path.dirname(os.path.abspath(__file__)))
    serve(socket.socket(fileno=int(os.environ.pop("WARMWHISK_LISTEN_FD", "3"))))


def serve(listener):
    """Answers requests on a listening socket until user code ends the process. A restored image begins here too."""
    import os

    from warmwhisk_runtime.action_proxy import ActionProxy
    from warmwhisk_runtime.server import Server
    from warmwhisk_runtime.streams import Streams

    listener.set_inheritable(False)
    streams = Streams()
    server = Server(listener, ActionProxy(streams).answer)
    # A child that user code forks is not the runtime: it must neither answer nor print sentinels.
    os.register_at_fork(after_in_child=server.close)
    os.register_at_fork(after_in_child=streams.close)
    try:
        server.serve()
    finally:
        # Also when user code exits: the invoker sees the connection break now, not when the last thread ends.
        server.close()


# User code may start processes that import this file again (multiprocessing): they are not the runtime either.
if __name__ == "__main__":
    main()
