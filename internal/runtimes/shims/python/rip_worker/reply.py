"""Sends the reply to one request as records."""
from os import _exit, write, writev

from rip_worker.wire import FINAL, MAX_RECORD, REPLIES, REPLY, REPLY_PREFIX, SPENT, pack_reply

# A record with more body than this is put together by the kernel from its
# pieces, which saves a copy.
COPIED = 16 << 10

BYTES = bytes, bytearray, memoryview  # what a body may be made of


class Gone(ConnectionAbortedError):
    """The client has gone: nobody waits for what the app still has to say."""


class Reply:
    """Sends the reply to one request, in parts. What cannot be sent is an exception
    and changes nothing: sent and ended tell what is on its way, so that an app
    that failed has its reply ended, and is never counted without one."""

    sent = False  # the head is on its way
    ended = False  # the last part is on its way

    def __init__(self, seat, slot, id, took, cpu, spent):
        self.seat, self.slot, self.id, self.took, self.cpu, self.spent = seat, slot, id, took, cpu, spent

    def cancelled(self):
        """Tells whether the client has gone."""
        return self.seat.ledger[self.seat.slots + self.slot] != self.id

    def part(self, head, body):
        """Sends a part that is not the last one."""
        while True:
            room = MAX_RECORD - REPLY_PREFIX - len(head)
            prefix = pack_reply(REPLY, 0, 0, self.slot, self.id, len(head), 0, 0, 0, 0)
            if len(body) <= room:
                send(prefix, head, body)
                self.sent = True
                return
            body = memoryview(body)
            send(prefix, head, body[:room])
            self.sent = True
            head, body = b"", body[room:]

    def final(self, head, body, broken=0):
        """Sends the last part; broken is 0 or BROKEN."""
        room = MAX_RECORD - REPLY_PREFIX - len(head)
        while len(body) > room:
            body = memoryview(body)
            self.part(head, body[:room])
            head, body, room = b"", body[room:], MAX_RECORD - REPLY_PREFIX
        seat = self.seat
        finished = seat.finish(self.took)
        flags = FINAL | broken
        if self.spent:
            flags |= SPENT
        prefix = pack_reply(REPLY, flags, 0, self.slot, self.id, len(head), 0, self.took, finished, seat.cpu - self.cpu)
        send(prefix, head, body)
        self.sent = self.ended = True


def unfit(data):
    """Returns the error of a body that is not made of bytes."""
    return TypeError(f"the body of a response is made of bytes, and the app gave a {type(data).__name__}")


def send(prefix, head, body):
    try:
        if len(body) <= COPIED:
            write(REPLIES, prefix + head + body)
        else:
            writev(REPLIES, (prefix, head, body))
    except BrokenPipeError:  # the server is gone, and the app need not hear of it
        _exit(0)
