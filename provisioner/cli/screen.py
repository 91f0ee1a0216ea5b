"""Shows a person what a command is doing: steps with the time elapsed, and a bar for a download."""

import logging
import re
import time
from threading import Lock, current_thread, main_thread

from rich.console import Console, HighlighterType, JustifyMethod, OverflowMethod
from rich.markup import escape
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from rich.style import Style
from rich.text import Text

from provisioner.core.interruption import raise_lost
from provisioner.french.text import without_deceit
from provisioner.host.debug_log import ON_SCREEN

_log = logging.getLogger(__name__)
#: What ends a line, for a terminal or for a person.
_ENDS = re.compile("[\n\t\u2028\u2029]")


def safe_markup(text: str) -> str:
    """A text that rich can print safely: its markup and control characters have no effect, since candidates write some."""
    return escape(without_deceit(text))


def safe_line(text: str) -> str:
    """As `safe_markup`, for what has to stay on its line: an end of line in it has no effect either."""
    return safe_markup(_ENDS.sub(lambda match: f"[U+{ord(match[0]):04X}]", text))


class SafeConsole(Console):
    """A console that shows no control character of any text, whoever wrote it: neither colours, nor moves, nor reversed text.

    Nor does it make pictures of words between colons, as rich does: a fingerprint may well have ":AB:" in it.
    """

    def render_str(
        self,
        text: str,
        *,
        style: str | Style = "",
        justify: JustifyMethod | None = None,
        overflow: OverflowMethod | None = None,
        emoji: bool | None = None,
        markup: bool | None = None,
        highlight: bool | None = None,
        highlighter: HighlighterType | None = None,
    ) -> Text:
        """See Console; every text that is printed comes by here, those of tables too."""
        return super().render_str(
            without_deceit(text),
            style=style,
            justify=justify,
            overflow=overflow,
            emoji=False,
            markup=markup,
            highlight=highlight,
            highlighter=highlighter,
        )


def renamed(old_name: str, new_name: str) -> None:
    """Say on standard error that a command has another name now."""
    SafeConsole(stderr=True, highlight=False).print(
        f"e5b : « {safe_markup(old_name)} » s'appelle désormais « {safe_markup(new_name)} ».", soft_wrap=True
    )


class ScreenProgress:
    """See progress.Progress; writes to standard error."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._started = time.monotonic()
        self._bar: Progress | None = None
        self._lock = Lock()
        self._shown_at = 0.0
        self._stopped = False

    def stop(self) -> None:
        """Have the command's other threads end at their next step. Never waits, since a signal handler calls it."""
        self._stopped = True

    def _go_on(self) -> None:
        if self._stopped and current_thread() is not main_thread():
            raise KeyboardInterrupt
        raise_lost()

    def step(self, text: str) -> None:
        """See Progress."""
        self._go_on()
        _log.info("step: %s", text, extra=ON_SCREEN)
        with self._lock:
            self._end_bar()
            elapsed = time.monotonic() - self._started
            self._console.print(f"[dim]{elapsed:6.1f} s[/]  {safe_markup(text)}", soft_wrap=True)

    def transfer(self, name: str, done: int, total: int | None) -> None:
        """See Progress."""
        self._go_on()
        with self._lock:
            if not self._console.is_terminal:
                self._print_transfer(name, done, total)
                return
            if self._bar is None:
                columns = (BarColumn(), TextColumn("{task.fields[size]}"), TimeRemainingColumn())
                # Standard output isn't redirected through the bar: a JSON document goes there.
                self._bar = Progress(
                    TextColumn("{task.description}"),
                    *columns,
                    console=self._console,
                    redirect_stdout=False,
                    redirect_stderr=False,
                )
                self._bar.start()
            tasks = {task.description: task.id for task in self._bar.tasks}
            task = tasks[name] if name in tasks else self._bar.add_task(name, total=total, size="")
            self._bar.update(task, completed=done, total=total, size=_size(done, total))
            if total is not None and done >= total:
                self._end_bar()

    def end_transfer(self) -> None:
        """See Progress; also shows the terminal's cursor again."""
        with self._lock:
            self._end_bar()

    def _print_transfer(self, name: str, done: int, total: int | None) -> None:
        """Print a line every few seconds, where there is no terminal for a bar."""
        elapsed = time.monotonic()
        if elapsed - self._shown_at > 5 or (total is not None and done >= total):
            self._shown_at = elapsed
            self._console.print(f"{name} : {_size(done, total)}", soft_wrap=True)

    def _end_bar(self) -> None:
        if self._bar is not None:
            self._bar.stop()
            self._bar = None


def _size(done: int, total: int | None) -> str:
    return f"{done / 1e6:.1f}" + (f" sur {total / 1e6:.1f} Mo" if total else " Mo")
