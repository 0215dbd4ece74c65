# The stream type: one connection is one request.
import os, re, select, socket, time
import protocol
from protocol import *

def connections():
    listener, either = socket.socket(fileno=REQUESTS), select.poll()
    either.register(REQUESTS, select.POLLIN)
    either.register(REPLIES, 0)
    while not word(leave):
        # poll wakes everybody, and one of them accepts: the others sleep in accept.
        ready = idle(server.poll if protocol.spent else either.poll)
        if any(fd == REPLIES for fd, _ in ready):
            return  # the server is gone
        connection = idle(lambda: listener.accept()[0])
        with connection:
            serve(connection)
        if protocol.spent:
            send(REPLY, FINAL | SPENT)

def serve(connection):
    head, _, body = receive(connection, b"", lambda b: b"\r\n\r\n" in b).partition(b"\r\n\r\n")
    took, cpu = time.monotonic_ns(), time.process_time_ns()
    request = re.search(rb"^Rip-Request: (\d+) \d+ (\d+)\r?$", head, re.M)
    length = re.search(rb"^Content-Length: (\d+)\r?$", head, re.M | re.I)
    length = int(length[1]) if length else 0
    body = receive(connection, body, lambda b: len(b) >= length)
    if len(body) < length or request and not claim(int(request[1]), int(request[2])):
        return  # closed without a byte: given back
    head, answer = run(head, body)
    stats = os.environ["RIP_WORKER"], took, time.monotonic_ns(), time.process_time_ns() - cpu
    head += b"Connection: close\r\nRip-Stats: %s\r\n\r\n" % " ".join(map(str, stats)).encode()
    try:
        connection.sendall(head + answer)
    except OSError:
        pass  # the server wants it no more
    if request:  # else it came from a person with curl
        finish()

def receive(connection, data, enough):
    data = bytearray(data)
    while not enough(data):
        part = connection.recv(1 << 20)
        if not part:
            break
        data += part
    return bytes(data)
