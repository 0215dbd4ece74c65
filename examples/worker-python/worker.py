# A worker in plain Python; docs/worker-protocol.md explains each step.
import os, select, struct, time
import protocol, stream
from protocol import *

def records():
    requests = select.poll()
    requests.register(REQUESTS, select.POLLIN)
    while not word(leave):
        if protocol.spent:
            idle(server.poll)
            return
        try:
            record = idle(lambda: os.read(REQUESTS, 128 << 10))
        except BlockingIOError:  # another worker made the socket non-blocking
            idle(requests.poll)
            continue
        if not record:
            return  # the server is gone
        took, cpu = time.monotonic_ns(), time.process_time_ns()
        _, flags, _, slot, id, length, _ = struct.unpack_from("<BBHIQII", record)
        head, body = record[24 : 24 + length], record[24 + length :]
        if not claim(slot, id):
            send(GIVEN_BACK, 0, slot, id)
            continue
        if flags & BODY_FILE:
            with open(body, "rb") as file:
                body = file.read()
        head, answer = run(head, body)
        head += b"\r\n"
        while len(answer) > 64 << 10:  # a record holds 128 KiB with its prefix
            send(REPLY, 0, slot, id, head, answer[: 64 << 10])
            head, answer = b"", answer[64 << 10 :]
        times = took, time.monotonic_ns(), time.process_time_ns() - cpu
        send(REPLY, FINAL | (SPENT if protocol.spent else 0), slot, id, head, answer, times)
        finish()

begin()
if os.environ["RIP_SOCKET"] == "stream":
    stream.connections()
else:
    records()
