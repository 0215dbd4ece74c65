# What both types of socket have in common; docs/worker-protocol.md explains each step.
import os, select, signal, struct
from reload import App

REQUESTS, REPLIES, ROW, LEDGER = 3, 4, 5, 6  # descriptors
REPLY, GIVEN_BACK, READY, RELOADED = 2, 3, 4, 5  # types of records to the server
BODY_FILE, FINAL, SPENT = 1, 2, 8  # flags
leave, slots, max_requests, max_reloads = (
    int(os.environ.get(name, 0)) for name in ("RIP_LEAVE", "RIP_SLOTS", "RIP_MAX_REQUESTS", "RIP_MAX_RELOADS"))
hot, developing = os.environ.get("RIP_HOT_RELOAD") == "module", os.environ.get("RIP_ENV") == "development"
server, app, done, spent = select.poll(), None, 0, False

def word(offset):
    return struct.unpack("<Q", os.pread(LEDGER, 8, offset))[0]

def row(offset, value):
    os.pwrite(ROW, struct.pack("<Q", value), offset)

def send(type, flags=0, slot=0, id=0, head=b"", body=b"", times=(0, 0, 0)):
    os.write(REPLIES, struct.pack("<BBHIQIIQQQ", type, flags, 0, slot, id, len(head), 0, *times) + head + body)

def begin():
    global app
    for fd in REQUESTS, REPLIES, ROW, LEDGER:
        os.set_inheritable(fd, False)
    server.register(REPLIES, 0)  # hang-up is all it waits for
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])
    app = App()
    row(24, 1)
    send(READY)

def idle(wait):
    """Waits; SIGTERM may end an idle worker only."""
    signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGTERM])
    try:
        return wait()
    finally:
        signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])

def claim(slot, id):
    """Claims, then looks, and tells whether the request is to be run."""
    row(0, id)
    if word(slots + 8 * slot) != id or word(leave) or server.poll(0):
        row(0, 0)
        return False
    return True

def run(head, body):
    """Runs a request and returns the head of the reply without its empty line, and its body."""
    global done, spent
    method, target = head.decode("latin-1").split(" ", 2)[:2]
    if hot and app.refresh():
        row(16, app.reloads)
        row(24, app.reloads + 1)
        send(RELOADED, body=app.error.encode())
    if app.error and developing and method == "GET" and b"text/html" in head:
        status, kind, answer = "500 Internal Server Error", "text/html; charset=utf-8", app.page()
    else:
        status, kind, answer = "200 OK", "text/plain", app.handle(method, target, body)
    done += 1
    spent = bool(max_requests and done >= max_requests or max_reloads and app.reloads >= max_reloads)
    head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(answer)}\r\n".encode()
    return head, b"" if method == "HEAD" else answer

def finish():
    row(8, done)
    row(0, 0)
