"""The stream type: descriptor 3 is a listening socket, one connection is one
request, and its reply is HTTP/1.1."""
import io
import socket
import tempfile

from rip_worker import wire
from rip_worker.reply import Reply

END = b"\r\n\r\n"
IN_MEMORY = 64 << 10  # bytes of a body; beyond it is in a file


def run(seat, handle):
    """Runs requests; returns when the worker is to end. That the server is dead
    shows here to nobody who sleeps: the kernel kills its workers then."""
    shared = socket.socket(fileno=wire.REQUESTS)
    row, ledger = seat.row, seat.ledger
    while not (ledger[seat.leave] or seat.stopping):
        connection = shared.accept()[0]
        connection.settimeout(None)
        with connection:
            head, body = receive(connection)
            if body is None:
                continue
            took, cpu = seat.take()
            slot, id = identify(head)
            if id:
                row[wire.CLAIM] = id
                if ledger[seat.slots + slot] != id or ledger[seat.leave] or seat.stopping or seat.server_gone():
                    seat.give_back(slot, id, connection)
                    continue
            seat.connection = connection
            try:
                handle(slot, id, head, body, took, cpu)
            except (BrokenPipeError, ConnectionResetError):
                pass  # ends this connection, not the worker
            if id:
                seat.release()
        if seat.last:
            seat.tell(wire.REPLY, wire.FINAL | wire.SPENT)
            seat.await_end()
            return


def receive(connection):
    """Returns the head of a request, up to and with its empty line, and its
    body, None when the request is not complete."""
    data = b""
    while END not in data:
        more = connection.recv(wire.MAX_RECORD)
        if not more:
            return data, None
        data += more
    head, _, begun = data.partition(END)
    head += END
    left = length(head) - len(begun)
    if left <= 0:
        return head, io.BytesIO(begun)
    body = io.BytesIO() if left <= IN_MEMORY else tempfile.TemporaryFile()
    body.write(begun)
    while left > 0:
        more = connection.recv(min(left, wire.MAX_RECORD))
        if not more:
            return head, None
        body.write(more)
        left -= len(more)
    body.seek(0)
    return head, body


def length(head):
    """Returns Content-Length, -1 when there is none."""
    _, found, rest = head.lower().partition(b"\r\ncontent-length:")
    return int(rest.partition(b"\r\n")[0]) if found else -1


def identify(head):
    """Returns slot and id of a request, which are 0 when it did not come from
    the server: somebody debugs with curl --unix-socket."""
    _, found, rest = head.partition(b"\r\nRip-Request:")
    if not found:
        return 0, 0
    slot, _, id = rest.partition(b"\r\n")[0].split()
    return int(slot), int(id)


class StreamReply(Reply):
    """Sends the reply to one request over its connection."""

    chunked = False

    def __init__(self, seat, *numbers):
        super().__init__(seat, *numbers)
        self.connection = seat.connection

    def cancelled(self):
        return self.id != 0 and super().cancelled()

    def part(self, head, body):
        if head:
            fields = b"Connection: close\r\n"
            if self.framed(head) and length(head) < 0:
                self.chunked = True
                fields += b"Transfer-Encoding: chunked\r\n"
            head = head[:-2] + fields + b"\r\n"
        self.put(head, body)

    def final(self, head, body, broken=0):
        finished = self.seat.finish(self.took)
        stats = b"Rip-Stats: %d %d %d %d\r\n" % (self.seat.number, self.took, finished, self.seat.cpu - self.cpu)
        if head:
            if b"\r\nX-Sendfile:" in head:
                head = without_length(head)
            if self.framed(head) and length(head) < 0:
                head = head[:-2] + b"Content-Length: %d\r\n\r\n" % (len(body) + (broken != 0))
            self.emit(b"".join((head[:-2], b"Connection: close\r\n", stats, b"\r\n", body)))
        else:
            self.put(b"", body)
            if self.chunked and not broken:
                self.emit(b"0\r\n" + stats + b"\r\n")
        self.ended = True

    def framed(self, head):
        """Tells whether the reply has a body, so that its length must be told."""
        return not self.bodiless and head[9:12] not in (b"204", b"304")

    def put(self, head, body):
        if self.chunked and len(body):
            self.emit(b"".join((head, b"%x\r\n" % len(body), body, b"\r\n")))
        elif head or len(body):
            self.emit(b"".join((head, body)))

    def emit(self, data):
        self.sent = True  # some of it, even if that fails
        self.connection.sendall(data)


def without_length(head):
    """Returns a head without Content-Length: it is the file that has one."""
    lines = head.split(b"\r\n")
    return b"\r\n".join(line for line in lines if not line.lower().startswith(b"content-length:"))
