"""What a process that reads strangers' input may do (THREATS R5), set once it has begun.

Memory, processor time and files by ``setrlimit`` (POSIX). On Linux (x86-64 and ARM-64) the kernel also
refuses it sockets, programs, processes, signals to others, and every change to a file (seccomp,
https://www.kernel.org/doc/html/latest/userspace-api/seccomp_filter.html). Elsewhere these last are not
held back; memory, time and the size of written files are.
"""

from __future__ import annotations

import ctypes
import platform
import resource
import struct
import sys
from contextlib import suppress

import msgspec


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """Bytes of address space, seconds of processor and of time for one piece of work; pieces of work
    after which a process is replaced, and the resident megabytes.
    """

    memory: int = 1_000_000_000
    cpu: int = 10
    wall: float = 15.0
    jobs: int = 1_000
    grown: int = 400
    """Resident megabytes at which a process is replaced after its work."""


_NO_NEW_PRIVILEGES, _SECCOMP, _FILTER, _DEATH_SIGNAL, _SIGKILL = 38, 22, 2, 1, 9
"""Of ``prctl(2)``."""
_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
"""Instructions of the filter (``linux/bpf_common.h``)."""
_ALLOW, _KILL, _REFUSE = 0x7FFF0000, 0x80000000, 0x00050001
"""Its answers: go on; end the process; EPERM."""
_NUMBER, _ARCHITECTURE, _ARGUMENTS = 0, 4, 16
"""Where ``struct seccomp_data`` has them."""
_WRITES = 0o1 | 0o2 | 0o100 | 0o1000
"""O_WRONLY, O_RDWR, O_CREAT, O_TRUNC."""
_X32 = 0x40000000


class _Calls(msgspec.Struct, frozen=True):
    """System calls of one architecture: its mark, those that are refused, and those that open files,
    each with the place of its flags.
    """

    mark: int
    refused: tuple[int, ...]
    opening: tuple[tuple[int, int], ...]


_CALLS = {
    "x86_64": _Calls(
        0xC000003E,
        (
            41, 42, 43, 44, 46, 49, 50, 53, 288, 307,  # sockets
            56, 57, 58, 59, 322, 435,  # processes and programs
            62, 101, 200, 234, 310, 311,  # other processes
            76, 77, 82, 83, 84, 85, 86, 87, 88, 90, 91, 92, 93, 94, 133, 188, 189, 190,  # files
            258, 259, 260, 263, 264, 265, 266, 268, 316, 437,  # files, from a folder
            165, 246, 250, 272, 308, 319, 321, 323, 425,  # the system
        ),
        ((2, 1), (257, 2)),
    ),
    "aarch64": _Calls(
        0xC00000B7,
        (
            198, 199, 200, 201, 202, 203, 206, 211, 242, 269,
            220, 221, 281, 435,
            117, 129, 130, 131, 270, 271,
            5, 6, 7, 33, 34, 35, 36, 37, 38, 45, 46, 52, 53, 54, 55, 276, 437,
            40, 97, 219, 268, 279, 280, 282, 425,
        ),
        ((56, 2),),
    ),
}  # fmt: skip
"""By ``asm/unistd_64.h`` and ``asm-generic/unistd.h``."""


def confine(limits: Limits) -> None:
    """Put this process under ``limits`` for good. It ends when its parent does."""
    _lower(resource.RLIMIT_AS, limits.memory)
    _lower(resource.RLIMIT_FSIZE, 0)
    _lower(resource.RLIMIT_CORE, 0)
    if sys.platform == "linux":
        _shut(_CALLS.get(platform.machine()))


def allow_time(seconds: int) -> None:
    """Let this process have ``seconds`` of processor from now; the kernel ends it then (SIGXCPU)."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    most = int(used.ru_utime + used.ru_stime) + seconds + 1
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CPU, (most, hard))


def resident() -> int:
    """Return the most megabytes that this process ever had in memory."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak // (1_000_000 if sys.platform == "darwin" else 1_000)


def _lower(limit: int, value: int) -> None:
    with suppress(ValueError, OSError):  # a platform that knows it not, or a lower one that is set
        resource.setrlimit(limit, (value, value))


def _shut(calls: _Calls | None) -> None:
    """Have the kernel refuse what reading never needs. A kernel without seccomp changes nothing."""
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    prctl(_DEATH_SIGNAL, _SIGKILL, 0, 0, 0)
    if calls is None or prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0):
        return
    program = _program(calls)
    code = ctypes.create_string_buffer(b"".join(program))
    head = struct.pack("HxxxxxxP", len(program), ctypes.addressof(code))
    prctl(_SECCOMP, _FILTER, head, 0, 0)


def _program(calls: _Calls) -> list[bytes]:
    """Return the filter: each refused call, and each opening for writing, is answered by EPERM."""
    refuse = _step(_RETURN, _REFUSE)
    program = [
        _step(_LOAD, _ARCHITECTURE),
        _step(_EQUAL, calls.mark, yes=1),
        _step(_RETURN, _KILL),
        _step(_LOAD, _NUMBER),
        _step(_AT_LEAST, _X32, no=1),
        refuse,
    ]
    for number in calls.refused:
        program += [_step(_EQUAL, number, no=1), refuse]
    for number, place in calls.opening:
        program += [
            _step(_EQUAL, number, no=4),
            _step(_LOAD, _ARGUMENTS + 8 * place),
            _step(_ANY_BIT, _WRITES, no=1),
            refuse,
            _step(_RETURN, _ALLOW),
        ]
    return [*program, _step(_RETURN, _ALLOW)]


def _step(code: int, value: int, *, yes: int = 0, no: int = 0) -> bytes:
    return struct.pack("HBBI", code, yes, no, value)
