"""What user code prints, and the lines that end it."""

import os
import sys

SENTINEL = b"XXX_THE_END_OF_A_WHISK_ACTIVATION_XXX\n"


class Streams:
    """stdout and stderr. Sentinels go through descriptors of our own: user code may close or replace the others."""

    def __init__(self):
        self._descriptors = (os.dup(1), os.dup(2))
        # By line, so that a process that dies loses nothing that it printed before.
        sys.stdout.reconfigure(encoding="utf-8", line_buffering=True)
        sys.stderr.reconfigure(encoding="utf-8")

    def end_activation(self):
        """Flushes what user code printed and writes the sentinel to both streams."""
        for stream in (sys.stdout, sys.stderr):
            try:
                stream.flush()
            except (AttributeError, OSError, ValueError):
                pass  # User code closed it or put something else in its place: there is nothing to flush.
        for descriptor in self._descriptors:
            try:
                os.write(descriptor, SENTINEL)
            except OSError:
                pass  # Nobody reads: nobody waits for the sentinel.

    def explain(self, text):
        """Tells the developer on stderr why something was refused."""
        line = (text.rstrip("\n") + "\n").encode("utf-8", "backslashreplace")
        try:
            for descriptor in self._descriptors[1:]:
                os.write(descriptor, line)
        except OSError:
            pass  # Nobody reads.

    def explain_error(self, error):
        """Prints the traceback of an error, from the first line of user code on."""
        import traceback  # Slow to import, and rarely needed.

        trace = error.__traceback__
        while trace is not None and is_ours(trace.tb_frame.f_code.co_filename):
            trace = trace.tb_next
        self.explain("".join(traceback.format_exception(type(error), error, trace)))

    def close(self):
        """Ends writing: what this process still has to say is no longer the runtime's word."""
        for descriptor in self._descriptors:
            os.close(descriptor)
        self._descriptors = ()


def is_ours(filename):
    return os.path.dirname(filename) == os.path.dirname(__file__) or filename.startswith("<frozen importlib")
