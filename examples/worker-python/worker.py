# A worker in plain Python; docs/worker-protocol.md explains each step.
import os, select, signal, struct, sys, time
from reload import App

REQUESTS, REPLIES, ROW, LEDGER = 3, 4, 5, 6  # descriptors
REPLY, GIVEN_BACK, READY, RELOADED = 2, 3, 4, 5  # types of records to the server
BODY_FILE, FINAL, SPENT = 1, 2, 8  # flags
leave, slots, max_requests, max_reloads = (
    int(os.environ.get(name, 0)) for name in ("RIP_LEAVE", "RIP_SLOTS", "RIP_MAX_REQUESTS", "RIP_MAX_RELOADS"))
hot, developing = os.environ.get("RIP_HOT_RELOAD") == "module", os.environ.get("RIP_ENV") == "development"

def word(offset):
    return struct.unpack("<Q", os.pread(LEDGER, 8, offset))[0]

def row(offset, value):
    os.pwrite(ROW, struct.pack("<Q", value), offset)

def send(type, flags=0, slot=0, id=0, head=b"", body=b"", times=(0, 0, 0)):
    os.write(REPLIES, struct.pack("<BBHIQIIQQQ", type, flags, 0, slot, id, len(head), 0, *times) + head + body)

if os.environ["RIP_SOCKET"] != "seqpacket":
    sys.exit("this worker speaks the socket type seqpacket alone")
for fd in REQUESTS, REPLIES, ROW, LEDGER:
    os.set_inheritable(fd, False)
server = select.poll()
server.register(REPLIES, 0)  # hang-up is all it waits for
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])
app = App()
row(24, 1)
send(READY)
done, spent = 0, False
while not word(leave):
    signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGTERM])  # it may end an idle worker only
    record = os.read(REPLIES, 1) if spent else os.read(REQUESTS, 128 << 10)
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])
    if not record:
        break  # the server is gone
    took, cpu = time.monotonic_ns(), time.process_time_ns()
    _, flags, _, slot, id, length, _ = struct.unpack_from("<BBHIQII", record)
    head, body = record[24 : 24 + length], record[24 + length :]
    row(0, id)  # claim, then look
    if word(slots + 8 * slot) != id or word(leave) or server.poll(0):
        row(0, 0)
        send(GIVEN_BACK, 0, slot, id)
        continue
    if flags & BODY_FILE:
        with open(body, "rb") as file:
            body = file.read()
    method, target = head.decode("latin-1").split(" ", 2)[:2]
    if hot and app.refresh():
        row(16, app.reloads)
        row(24, app.reloads + 1)
        send(RELOADED, body=app.error.encode())
    if app.error and developing and method == "GET" and b"text/html" in head:
        status, kind, answer = "500 Internal Server Error", "text/html; charset=utf-8", app.page()
    else:
        status, kind, answer = "200 OK", "text/plain", app.handle(method, target, body)
    head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(answer)}\r\n\r\n".encode()
    if method == "HEAD":
        answer = b""
    while len(answer) > 64 << 10:  # a record holds 128 KiB with its prefix
        send(REPLY, 0, slot, id, head, answer[: 64 << 10])
        head, answer = b"", answer[64 << 10 :]
    done += 1
    spent = max_requests and done >= max_requests or max_reloads and app.reloads >= max_reloads
    times = took, time.monotonic_ns(), time.process_time_ns() - cpu
    send(REPLY, FINAL | (SPENT if spent else 0), slot, id, head, answer, times)
    row(8, done)
    row(0, 0)
