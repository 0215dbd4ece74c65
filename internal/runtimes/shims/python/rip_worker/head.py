"""What WSGI and ASGI have in common about heads of requests and replies."""
import io
import os
import stat

MOST_NAMES = 1000  # field names, and values of Host, that are remembered

# The reply of an app that failed.
FAILED = (
    b"HTTP/1.1 500 Internal Server Error\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 22\r\n\r\n",
    b"Internal Server Error\n",
)

UNFIT = frozenset("\0\r\n")


def field_lines(head, lines):
    """Returns the head of a reply, which must have so many lines: a line break in
    a value would begin a field that the app did not mean."""
    if head.count(b"\n") != lines or head.count(b"\r") != lines or b"\0" in head:
        raise ValueError(f"a field of the response has a line break in it: {head!r}")
    return head


def address(host, scheme):
    """Returns name and port of a Host field."""
    name, colon, port = (host or "").rpartition(":")
    if not colon or not port.isdigit():
        name, port = host or "localhost", "443" if scheme == "https" else "80"
    return name.strip("[]"), port


def shows(head):
    """Tells whether it is a browser that asks for a page."""
    return head.startswith(b"GET ") and b"text/html" in head


def sendable(file, length, folders):
    """Returns the path of an open file, without symbolic links, None when the
    server cannot send it in place of a body of that length (-1 = not known): it is
    in none of the folders, is not read from its beginning, or not to its end."""
    # Others, such as temporary files, may be gone when they are closed.
    if not folders or not isinstance(file, (io.BufferedReader, io.FileIO)):
        return None
    try:
        path = os.path.realpath(file.name)
        info = os.fstat(file.fileno())
        if not path.startswith(folders) or not stat.S_ISREG(info.st_mode) or not info.st_size or file.tell() != 0:
            return None
        if length >= 0 and length != info.st_size or not os.path.samestat(info, os.stat(path)):
            return None
    except (OSError, ValueError, TypeError):
        return None
    if not UNFIT.isdisjoint(path) or path.strip() != path:
        return None
    return os.fsencode(path)
