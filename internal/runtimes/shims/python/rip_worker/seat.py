"""The worker's place at the server: its row, the ledger and its limits."""
import mmap
import os
import select
import sys
from time import monotonic_ns, process_time_ns

from rip_worker import wire

BURST = 1_000_000  # ns within which a request counts as following on a reply


class Seat:
    def __init__(self, environ):
        for fd in wire.REQUESTS, wire.REPLIES, wire.ROW, wire.LEDGER:
            os.set_inheritable(fd, False)
        number = lambda name: int(environ.get(name) or 0)
        self.row = memoryview(mmap.mmap(wire.ROW, os.fstat(wire.ROW).st_size)).cast("Q")
        ledger = mmap.mmap(wire.LEDGER, os.fstat(wire.LEDGER).st_size, prot=mmap.PROT_READ)
        self.ledger = memoryview(ledger).cast("Q")
        self.leave = number("RIP_LEAVE") // 8  # where its word is in the ledger
        self.slots = number("RIP_SLOTS") // 8  # where the word of slot 0 is
        self.stream = environ.get("RIP_SOCKET") == "stream"
        self.connection = None  # on the stream type, of the request that runs
        self.number = number("RIP_WORKER")
        self.max_requests = number("RIP_MAX_REQUESTS")  # 0 = no end
        self.max_reloads = number("RIP_MAX_RELOADS")  # 0 = no end
        self.hot = environ.get("RIP_HOT_RELOAD") == "module"  # changed code is loaded by the worker
        self.developing = environ.get("RIP_ENV") == "development"
        self.sendfile = real_folders(environ.get("RIP_SENDFILE", ""))
        self.done = 0  # requests that were run
        self.reloads = 0  # that worked
        self.last = False  # the request that is being run is the last one
        self.stopping = False  # SIGTERM came while a request ran
        self.returning = False  # a request is being given back
        self.cpu = 0  # CPU time of the process when it was read last, ns
        self.finished = 0  # when the last request was finished, ns
        self.hang_up = select.poll()
        self.hang_up.register(wire.REPLIES, 0)

    def ready(self):
        self.row[wire.CODE] = 1
        self.tell(wire.READY)

    def reloaded(self, error):
        """Tells the server that the code was loaded again, or why not."""
        if not error:
            self.reloads += 1
            self.row[wire.RELOADS] = self.reloads
            self.row[wire.CODE] = self.reloads + 1
        self.tell(wire.RELOADED, body=error.encode("utf-8", "backslashreplace"))

    def tell(self, kind, flags=0, slot=0, id=0, body=b""):
        os.write(wire.REPLIES, wire.pack_reply(kind, flags, 0, slot, id, 0, 0, 0, 0, 0) + body)

    def terminate(self, *_):
        """Handles SIGTERM: a request that runs is finished first.

        Python runs this between two steps of the program, and when a signal has
        interrupted a read. One that comes in the instant between the last step
        and the read is seen with the next request, or by SIGKILL: an idle
        worker has nothing to lose.
        """
        self.stopping = True
        if self.row[wire.CLAIM] == 0 and not self.returning:
            sys.exit(0)

    def server_gone(self):
        """Tells whether the server has ended: what was still in the queue must not be run then."""
        life = self.ledger[wire.LIFE]
        if life:
            return life & wire.LIFE_OVER != 0
        return bool(self.hang_up.poll(0))

    def give_back(self, slot, id, connection=None):
        """Gives back what was claimed and must not be run. Whoever clears a claim
        and dies without a word may have run the request, for all the server knows."""
        self.returning = True
        self.row[wire.CLAIM] = 0
        if connection:
            connection.close()  # without a byte: that is the word on the stream type
        else:
            self.tell(wire.GIVEN_BACK, 0, slot, id)
        self.returning = False

    def await_end(self):
        """Waits until the server is gone; it ends a spent worker with SIGTERM."""
        while os.read(wire.REPLIES, 1):
            pass

    def take(self):
        """Returns when a request was taken, and the CPU time until then, ns.

        To read the CPU clock costs as much as all the rest. In a burst the last
        reading is taken for it, so that what it cost to send one reply and to
        receive the next request is reckoned to the latter.
        """
        took = monotonic_ns()
        if took - self.finished > BURST:
            self.cpu = process_time_ns()
        return took, self.cpu

    def finish(self, took):
        """Notes when a request was finished, and the CPU time until then, ns.

        Where nobody reads what each request cost, a short one is taken to have
        kept one processor busy.
        """
        finished = self.finished = monotonic_ns()
        if finished - took < BURST and not self.ledger[wire.METER]:
            self.cpu += finished - took
        else:
            self.cpu = max(self.cpu, process_time_ns())  # what was reckoned may be more
        return finished

    def spent(self):
        """Tells whether the request that is being run is the last one."""
        self.last = 0 < self.max_requests <= self.done + 1 or 0 < self.max_reloads <= self.reloads
        return self.last

    def release(self):
        """Ends a claim: counts the request, then clears the word."""
        row = self.row
        self.done += 1
        row[wire.DONE] = self.done
        row[wire.LAST] = row[wire.CLAIM]
        row[wire.CLAIM] = 0


def real_folders(text):
    """Returns the folders whose files the server may send, without symbolic links, with a slash at the end."""
    return tuple(os.path.realpath(folder).rstrip("/") + "/" for folder in text.split(":") if folder)
