"""Numbers and layouts of the worker protocol, version 1."""
import struct

REQUESTS, REPLIES, ROW, LEDGER = 3, 4, 5, 6  # descriptors

REPLY, GIVEN_BACK, READY, RELOADED = 2, 3, 4, 5  # types of records to the server
BODY_FILE, FINAL, BROKEN, SPENT = 1, 2, 4, 8  # flags

MAX_RECORD = 128 << 10  # bytes, prefix included
REQUEST_PREFIX, REPLY_PREFIX = 24, 48  # bytes

# Words of the row and the ledger, counted in units of eight bytes.
CLAIM, DONE, RELOADS, CODE, LAST = range(5)
LIFE, METER = range(2)
LIFE_OVER = 1 << 30

unpack_request = struct.Struct("<BBHIQII").unpack_from  # type, flags, attempt, slot, id, length of the head, zero
pack_reply = struct.Struct("<BBHIQIIQQQ").pack  # type, flags, zero, slot, id, length of the head, zero, took, finished, CPU
