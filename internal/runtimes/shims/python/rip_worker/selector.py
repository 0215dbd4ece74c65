"""The selector of the event loop, which also waits for the next request.

The shared socket cannot be handed to an event loop like any other: it must
stay blocking, and a request would wake every worker that polls it. So, when
nothing else can wake the loop, the selector sleeps in read(2), where the kernel
wakes one worker, the one that has slept longest. Else it polls with
EPOLLEXCLUSIVE, which wakes one too (epoll_ctl(2)), joins at the end of those
who wait each time, and takes what it finds without waiting for more.
"""
import os
import select
import selectors
import socket
import threading

from rip_worker import wire

SPINS = 16  # turns of a busy loop between two looks at its other descriptors


class Selector(selectors.EpollSelector):
    def __init__(self, seat, take):
        super().__init__()
        self.seat, self.take = seat, take
        self.waiting = False  # for a request
        self.spent = False  # for SIGTERM, or the end of the server
        self.sleeping = False  # SIGTERM may end a system call
        self.ended = None  # future of the loop: the worker is to end
        self.spins = 0
        self.shared = socket.socket(fileno=os.dup(wire.REQUESTS))
        self.loop = None

    def close(self):
        self.shared.close()
        super().close()

    def terminate(self, *_):
        """Handles SIGTERM: a request that runs is finished first."""
        self.seat.stopping = True
        if self.sleeping:
            raise Interrupted

    def select(self, timeout=None):
        if not self.waiting and not self.spent:
            return self.others(timeout)
        record, events = None, []
        try:
            self.sleeping = True
            if self.seat.stopping or self.seat.ledger[self.seat.leave]:
                record = b""
            elif self.spent:
                events = super().select(timeout)
            elif timeout is None and self.alone():
                try:
                    record = os.read(wire.REQUESTS, wire.MAX_RECORD)
                except BlockingIOError:  # another worker made the socket non-blocking
                    record, events = self.poll(timeout)
            else:
                record, events = self.poll(timeout)
        except Interrupted:
            record = b""
        finally:
            self.sleeping = False
        if record:
            self.take(record)
        elif record is not None:
            self.end()
        return events

    def others(self, timeout):
        """Is select while a request runs. A turn that has more to do at once
        looks at the other descriptors only now and then."""
        if timeout is not None and timeout <= 0:
            self.spins += 1
            if self.spins % SPINS:
                return []
        return super().select(timeout)

    def end(self):
        """Tells that the worker is to end."""
        self.waiting = self.spent = False
        if not self.ended.done():
            self.ended.set_result(None)

    def alone(self):
        """Tells whether nothing but a request can wake the loop: it polls its
        own pipe alone, and there is nobody who would write to that."""
        return len(self.get_map()) == 1 and threading.active_count() == 1 and not self.loop._signal_handlers

    def poll(self, timeout):
        """Returns a record, None when there is none, and events of other descriptors."""
        self._selector.register(wire.REQUESTS, select.EPOLLIN | select.EPOLLEXCLUSIVE)
        try:
            events = super().select(timeout)
        finally:
            self._selector.unregister(wire.REQUESTS)
        try:
            return self.shared.recv(wire.MAX_RECORD, socket.MSG_DONTWAIT), events
        except BlockingIOError:
            return None, events


class Interrupted(BaseException):
    """SIGTERM came in a system call that may last."""
