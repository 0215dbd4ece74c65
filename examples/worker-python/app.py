# The handler. While developing, save it and ask again: no restart is needed.

def handle(method, target, body):
    return b"pong" if target == "/ping" else f"{method} {target}\n".encode() + body
