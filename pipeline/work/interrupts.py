"""Ctrl-C: a command ends within two seconds, whatever it is doing, and says what is kept.

A run may be killed anywhere and the next one goes on, so nothing needs to be finished first. What was opened is put
away in the ordinary way, as after an error; where that takes too long (native code that cannot be interrupted, an
interrupt lost in a destructor), the process ends without.
"""

import os
import signal
import socket
import sys
import threading
from collections.abc import Callable
from types import FrameType, TracebackType
from typing import Any

INTERRUPTED = 130  # the exit code that shells use for Ctrl-C
PATIENCE_SECONDS = 1.2  # to put away what was opened
SHOW_CURSOR = b"\x1b[?25h"  # a progress bar hides it


class Interrupts:
    """Hears Ctrl-C, once, while its block runs.

    Args:
        sentence: what to tell the user, asked for when it is needed.
    """

    def __init__(self, sentence: Callable[[], str]) -> None:
        self._sentence = sentence
        self._heard = False
        self._over = threading.Event()
        self._told = threading.Lock()
        self._before: Any = None

    def __enter__(self) -> "Interrupts":
        in_main = threading.current_thread() is threading.main_thread()
        if in_main and signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
            self._listen()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._before is None or (self._heard and error is not None):
            return  # nobody listened; or the process ends now, with the watch on its time still kept
        self._over.set()
        signal.signal(signal.SIGINT, self._before)
        signal.set_wakeup_fd(-1)
        self._bell.close()

    def ended_by(self, error: BaseException) -> bool:
        """Whether Ctrl-C is why the block ended, by whatever error; if so the children are ended, the user is told."""
        if not self._heard and not isinstance(error, KeyboardInterrupt):
            return False
        from pipeline.work.children import end_children

        end_children()
        self._tell()
        return True

    def _listen(self) -> None:
        self._bell, ear = socket.socketpair()
        self._bell.setblocking(False)
        signal.set_wakeup_fd(self._bell.fileno(), warn_on_full_buffer=False)
        threading.Thread(target=self._watch, args=(ear,), daemon=True, name="interrupts").start()
        self._before = signal.signal(signal.SIGINT, self._hear)

    def _hear(self, number: int, frame: FrameType | None) -> None:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # what puts things away is not to be interrupted again
        self._heard = True
        sys.unraisablehook = lambda _: None
        raise KeyboardInterrupt

    def _watch(self, ear: socket.socket) -> None:
        """Ends the process when it has not ended by itself (in a thread, as the main one may be in native code)."""
        with ear:
            while heard := ear.recv(1):
                if heard[0] == signal.SIGINT:
                    break
            else:
                return
        if not self._over.wait(PATIENCE_SECONDS):
            if sys.stderr.isatty():
                os.write(2, SHOW_CURSOR)
            self._tell()
            os._exit(INTERRUPTED)

    def _tell(self) -> None:
        if self._told.acquire(blocking=False):
            os.write(2, (self._sentence() + "\n").encode("utf-8", "replace"))
