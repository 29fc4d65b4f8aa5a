"""The process that children are made from: it imports once what they need, and forks.

A fork takes milliseconds where a start takes a second, so that a child that was ended is replaced at
no cost worth mention, and all share the memory of what was imported. It reads no stranger's input itself.
It has one thread, ends when the process that started it does, and speaks with that one only.
"""

from __future__ import annotations

import os
import pickle
import signal
import sys
from importlib import import_module
from multiprocessing.connection import Connection
from multiprocessing.reduction import recv_handle

import msgspec

from wiredesk.adapters.apart.limits import Limits, allow_time, confine, resident
from wiredesk.errors import Classed, unforeseen


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """What a child answers, as JSON: the work's value, or the error that it raised."""

    value: msgspec.Raw = msgspec.Raw(b"null")
    error: str = ""
    reason: str = ""
    message: str = ""
    resident: int = 0
    """Megabytes, at the most so far."""


class Begin(msgspec.Struct, frozen=True):
    """Asks for a child under these limits, whose channel follows as a handle."""

    limits: Limits


class Bury(msgspec.Struct, frozen=True):
    """Asks how the child of that id ended, which has ended or is about to."""

    pid: int


def main(number: int) -> None:
    """Make children as the channel ``number`` asks for them, until nobody is there to ask."""
    os.environ["OPENBLAS_NUM_THREADS"] = (
        "1"  # its threads would be lost in a fork, not their memory
    )
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    control = Connection(number)
    path, preload = control.recv()
    sys.path[:] = path
    for name in preload:
        module, _, function = name.partition(":")
        loaded = import_module(module)
        if function:
            getattr(loaded, function)()
    while True:
        try:
            asked = control.recv()
        except EOFError:
            return
        if isinstance(asked, Begin):
            control.send(_born(control, asked.limits))
        else:
            control.send(os.waitstatus_to_exitcode(os.waitpid(asked.pid, 0)[1]))


def _born(control: Connection, limits: Limits) -> int:
    handle = recv_handle(control)
    child = os.fork()
    if child:
        os.close(handle)
        return child
    try:
        control.close()
        confine(limits)
        _serve(Connection(handle), limits)
    finally:
        os._exit(0)


def _serve(channel: Connection, limits: Limits) -> None:
    """Do the work that is asked for, one piece after the other."""
    while True:
        try:
            asked = channel.recv_bytes()
        except EOFError:
            return
        allow_time(limits.cpu)
        channel.send_bytes(_done(asked))


def _done(asked: bytes) -> bytes:
    try:
        work, things = pickle.loads(asked)  # noqa: S301 - it comes from the process that we work for
        value = msgspec.Raw(msgspec.json.encode(work(*things)))
        return msgspec.json.encode(Reply(value=value, resident=resident()))
    except Classed as error:
        name, reason, message = type(error).__name__, error.reason, error.message
    except MemoryError:
        name, reason, message = "Ended", "memory", "reading it takes more memory than it may have"
    except Exception as error:  # noqa: BLE001 - strangers' input costs its own work only
        name, reason, message = "Ended", "unforeseen", unforeseen(error)
    reply = Reply(error=name, reason=reason, message=message, resident=resident())
    return msgspec.json.encode(reply)
