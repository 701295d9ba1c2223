"""What a process that opens strangers' files gives up first: memory, time, files, programs and the network.

Two independent means against the network: a namespace without one, and a filter of system calls (seccomp) that leaves
only what pure computing needs. Either is enough; which are to be had depends on the system. Call numbers are those
of the Linux kernel's headers.
"""

import ctypes
import platform
import resource
import signal
import socket
import struct
import sys

MEMORY_BYTES = 1024**3
OPEN_FILES = 32
CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000
PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP, SECCOMP_MODE_FILTER = 38, 22, 2
ALLOW, REFUSE = 0x7FFF0000, 0x00050000 | 1  # the refused call answers EPERM
LOAD_WORD, JUMP_IF_EQUAL, ANSWER = 0x20, 0x15, 0x06
NUMBER_AT, ARCHITECTURE_AT = 0, 4  # within the kernel's struct seccomp_data

# The mark that the kernel puts on the calls of each machine.
MARKS = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
# What reading, computing and writing what is open need, with its number on either machine. Not in it: to open or rename
# a file, to make a socket, to start or signal a process.
CALLS: dict[str, dict[str, int]] = {
    "read": {"x86_64": 0, "aarch64": 63},
    "write": {"x86_64": 1, "aarch64": 64},
    "close": {"x86_64": 3, "aarch64": 57},
    "fstat": {"x86_64": 5, "aarch64": 80},
    "lseek": {"x86_64": 8, "aarch64": 62},
    "mmap": {"x86_64": 9, "aarch64": 222},
    "mprotect": {"x86_64": 10, "aarch64": 226},
    "munmap": {"x86_64": 11, "aarch64": 215},
    "brk": {"x86_64": 12, "aarch64": 214},
    "rt_sigaction": {"x86_64": 13, "aarch64": 134},
    "rt_sigprocmask": {"x86_64": 14, "aarch64": 135},
    "rt_sigreturn": {"x86_64": 15, "aarch64": 139},
    "readv": {"x86_64": 19, "aarch64": 65},
    "writev": {"x86_64": 20, "aarch64": 66},
    "sched_yield": {"x86_64": 24, "aarch64": 124},
    "mremap": {"x86_64": 25, "aarch64": 216},
    "madvise": {"x86_64": 28, "aarch64": 233},
    "getpid": {"x86_64": 39, "aarch64": 172},
    "exit": {"x86_64": 60, "aarch64": 93},
    "sigaltstack": {"x86_64": 131, "aarch64": 132},
    "gettid": {"x86_64": 186, "aarch64": 178},
    "futex": {"x86_64": 202, "aarch64": 98},
    "sched_getaffinity": {"x86_64": 204, "aarch64": 123},
    "restart_syscall": {"x86_64": 219, "aarch64": 128},
    "clock_gettime": {"x86_64": 228, "aarch64": 113},
    "exit_group": {"x86_64": 231, "aarch64": 94},
    "getrandom": {"x86_64": 318, "aarch64": 278},
    "membarrier": {"x86_64": 324, "aarch64": 283},
}


def set_limits(cpu_seconds: int, wall_seconds: int) -> None:
    """Bound memory, computing time, open files and lifetime of this process; it cannot raise them again.

    The alarm ends a child whose parent died: nobody else would.
    """
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (OPEN_FILES, OPEN_FILES))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    signal.alarm(wall_seconds)


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def leave_network() -> bool:
    """Move this process into a network namespace with nothing in it; False where the system does not let it.

    Must come before the process has threads.
    """
    if sys.platform != "linux":
        return False
    libc = _libc()
    return any(libc.unshare(flags) == 0 for flags in (CLONE_NEWUSER | CLONE_NEWNET, CLONE_NEWNET))


def _filter_program(mark: int, numbers: list[int]) -> bytes:
    """A BPF program: calls of this machine with these numbers pass, all others are refused."""

    def step(code: int, operand: int, if_true: int = 0, if_false: int = 0) -> bytes:
        return struct.pack("=HBBI", code, if_true, if_false, operand)

    steps = [
        step(LOAD_WORD, ARCHITECTURE_AT),
        step(JUMP_IF_EQUAL, mark, 1, 0),
        step(ANSWER, REFUSE),
        step(LOAD_WORD, NUMBER_AT),
    ]
    for position, number in enumerate(numbers):
        steps.append(step(JUMP_IF_EQUAL, number, len(numbers) - position, 0))
    return b"".join([*steps, step(ANSWER, REFUSE), step(ANSWER, ALLOW)])


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("steps", ctypes.c_void_p)]


def give_up_calls() -> bool:
    """Refuse this process, for good, every system call that computing does not need; False where there is no way.

    Everything that will be imported must be imported before.
    """
    machine = platform.machine()
    if sys.platform != "linux" or machine not in MARKS or struct.calcsize("P") != 8:
        return False
    steps = _filter_program(MARKS[machine], [numbers[machine] for numbers in CALLS.values()])
    kept = ctypes.create_string_buffer(steps, len(steps))
    program = _Program(len(steps) // 8, ctypes.addressof(kept))
    libc = _libc()
    if libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0):
        return False
    return bool(libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(program), 0, 0) == 0)


def reach(port: int) -> bool:
    """Whether this process can still speak to a listener on this machine: tried, not assumed."""
    try:
        with socket.socket() as line:
            line.settimeout(1)
            line.connect(("127.0.0.1", port))
            return True
    except OSError:
        return False
