"""Takes requests from the shared socket, one at a time: claim, then look."""
import os
import select
from io import BytesIO

from rip_worker import wire


def run(seat, handle):
    """Runs requests; returns when the worker is to end."""
    row, ledger, leave, slots = seat.row, seat.ledger, seat.leave, seat.slots
    read, unpack, take, release = os.read, wire.unpack_request, seat.take, seat.release
    while not (ledger[leave] or seat.stopping):
        try:
            record = read(wire.REQUESTS, wire.MAX_RECORD)
        except BlockingIOError:  # another worker made the socket non-blocking
            await_request()
            continue
        if not record:
            return  # the server is gone
        took, cpu = take()
        _, flags, _, slot, id, length, _ = unpack(record)
        row[wire.CLAIM] = id
        if ledger[slots + slot] != id or ledger[leave] or seat.stopping or seat.server_gone():
            seat.give_back(slot, id)
            continue
        length += wire.REQUEST_PREFIX
        rest = record[length:]
        body = open(rest, "rb") if flags & wire.BODY_FILE else BytesIO(rest)
        handle(slot, id, record[wire.REQUEST_PREFIX : length], body, took, cpu)
        release()
        if seat.last:
            seat.await_end()
            return


def await_request():
    poll = select.poll()
    poll.register(wire.REQUESTS, select.POLLIN)
    poll.poll()
