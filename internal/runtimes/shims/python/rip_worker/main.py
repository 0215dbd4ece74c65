"""From the start of the process to its end."""
import faulthandler
import gc
import os
import signal
import sys

from rip_worker import load, trace
from rip_worker.code import Code
from rip_worker.seat import Seat


def main():
    if os.environ.get("RIP_PROTOCOL") != "1":
        sys.exit("rip-server: this program is started by rip-server, which runs apps: rip-server FOLDER")
    seat = Seat(os.environ)
    # A line that the app prints is one write, so that the server can tell which
    # request it belongs to.
    for stream in sys.stdout, sys.stderr:
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(line_buffering=True, errors="backslashreplace")
    faulthandler.register(signal.SIGQUIT, all_threads=True, chain=True)
    signal.signal(signal.SIGTERM, seat.terminate)
    code = Code(sys.argv[1], seat.hot and "once" not in sys.argv[2:])
    try:
        app = code.load()
    except load.NoApp as problem:
        sys.exit(f"rip-server: {problem}")
    except Exception:
        sys.stderr.write(trace.text())
        sys.exit(1)
    if app.asynchronous:
        if seat.stream:
            sys.exit("rip-server: apps that speak ASGI need the socket type seqpacket: leave --socket=stream out")
        from rip_worker import asgi

        worker = asgi.Worker(app.object, code, seat)
    else:
        from rip_worker import wsgi

        worker = wsgi.Worker(app.object, code, seat)
    gc.collect()
    if not code.hot:
        gc.freeze()  # what is there now stays: the collector need not look at it again
    try:
        worker.run()
    except (BrokenPipeError, ConnectionResetError):
        pass  # the server is gone
