"""A worker of rip-server in plain Python (3.9 or newer, standard library only).

docs/worker-protocol.md of rip-server explains the steps; docs/python.md says
what apps may rely on.
"""
