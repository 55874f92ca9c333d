"""The command line: reads clock and environment, prints, sets exit codes; no business.

Exit codes: 0 done, 1 could not be done, 2 wrong usage, 130 ended by Ctrl-C.

Heavy libraries are imported inside the commands, so that `yuebao --help` answers at once.
"""

import datetime as dt
import json
import os
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline import __version__
from pipeline.base.calendar import Month
from pipeline.base.errors import MonthsUndone, YuebaoError
from pipeline.base.garbage import PLAIN_ARROW, collect_seldom
from pipeline.base.home import INBOX, LEDGER, OUTPUT, OWN_FOLDERS
from pipeline.base.period import AnyPeriod, Period, any_period
from pipeline.base.private import make_private, private_files
from pipeline.base.shown_text import shown
from pipeline.base.week import Week
from pipeline.work.interrupts import INTERRUPTED, Interrupts

if TYPE_CHECKING:
    from pipeline.commands.send import World
    from pipeline.contract.settings import Settings
    from pipeline.words import Words

Command = Callable[..., Any]
FAULT_LOG = "fault.log"
HOME = "yuebao.home"  # where the home of a command is kept, for what is told when it fails

# Work is shared among processes; threads of the linear algebra under each of them only stand in each other's way.
# Arrow's own allocator keeps what it once had. All are read when numpy and Arrow are loaded, which nobody has done yet.
for _name, _value in {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", **PLAIN_ARROW}.items():
    os.environ.setdefault(_name, _value)


class MonthType(click.ParamType[Month]):
    """A month on the command line: 2024-06."""

    name = "YYYY-MM"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Month:
        """A month from what was typed; click tells what is none."""
        if isinstance(value, Month):
            return value
        try:
            return Month.parse(str(value))
        except ValueError:
            self.fail(f"{value!r}: YYYY-MM", param, ctx)


class PeriodType(click.ParamType[Period]):
    """A period longer than a month on the command line: 2024-Q2, 2024-H1, 2024."""

    name = "YYYY-Qn|YYYY-Hn|YYYY"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Period:
        """A period from what was typed; click tells what is none."""
        try:
            period = value if isinstance(value, Period) else Period.parse(str(value))
        except ValueError:
            self.fail(f"{value!r}: 2024-Q2 | 2024-H1 | 2024", param, ctx)
        if period.span == "month":
            self.fail(f"{value!r}: yuebao monthly --month {period}", param, ctx)
        return period


class AnyPeriodType(click.ParamType[AnyPeriod]):
    """A month or a longer period on the command line."""

    name = "YYYY-MM|YYYY-Qn|YYYY-Hn|YYYY"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> AnyPeriod:
        """A period from what was typed; click tells what is none."""
        if isinstance(value, (Month, Period)):
            return value
        try:
            return any_period(str(value))
        except ValueError:
            self.fail(f"{value!r}: 2024-06 | 2024-Q2 | 2024-H1 | 2024", param, ctx)


class WeekType(click.ParamType[Week]):
    """A week on the command line: 2024-W27."""

    name = "YYYY-Www"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Week:
        """A week from what was typed; click tells what is none."""
        try:
            return value if isinstance(value, Week) else Week.parse(str(value))
        except ValueError:
            self.fail(f"{value!r}: YYYY-Www (2024-W27)", param, ctx)


class _Group(click.Group):
    """Errors that stop a run are told in one sentence, with their exit code."""

    def invoke(self, ctx: click.Context) -> Any:
        with Interrupts(lambda: _interrupted(ctx)) as interrupts:
            try:
                return super().invoke(ctx)
            except BaseException as error:
                if interrupts.ended_by(error):
                    ctx.exit(INTERRUPTED)
                if not isinstance(error, Exception) or _is_clicks(error):
                    raise
                _tell(error, ctx)
                ctx.exit(error.exit_code if isinstance(error, YuebaoError) else 1)


def _is_clicks(error: Exception) -> bool:
    """Whether click deals with it: wrong usage, an exit code, a reader who has gone away (`yuebao status | head`)."""
    own = isinstance(error, (click.ClickException, click.exceptions.Exit, click.Abort))
    return own or (isinstance(error, BrokenPipeError) and error.filename is None)


def _tell(error: Exception, ctx: click.Context) -> None:
    """One sentence, whatever went wrong; what only who looks after the program understands goes into a log."""
    from pipeline.base.faults import machine_fault
    from pipeline.contract.fault_text import fault_text
    from pipeline.words import load_words

    words = ctx.find_root().obj or load_words("zh")
    _say(fault_text(error, words), err=True)
    if not isinstance(error, YuebaoError) and machine_fault(error) is None:
        _log_fault("".join(traceback.format_exception(error)), words)


def _log_fault(trace: str, words: "Words") -> None:
    """Keeps the details of a fault of the program beside the ledger, or where the system keeps what is passing."""

    home = Path(click.get_current_context().meta.get(HOME, "."))
    for folder in (home / LEDGER, Path(tempfile.gettempdir())):
        with suppress(OSError):
            log = folder / FAULT_LOG
            log.write_text(
                f"{dt.datetime.now().astimezone().isoformat()}\n{trace}", encoding="utf-8", errors="replace"
            )
            _say(words("run.fault_log", log=log), err=True)
            return


def _interrupted(ctx: click.Context) -> str:
    """What is kept of a command that Ctrl-C ended, and how it goes on."""
    from pipeline.words import load_words

    words = ctx.find_root().obj or load_words("zh")
    key = f"run.interrupted.{ctx.invoked_subcommand}"
    return str(words(key if words.has(key) else "run.interrupted.other"))


def home_option(command: Command) -> Command:
    """The option that names the organisation's folder."""
    return click.option(
        "--home", type=click.Path(file_okay=False, path_type=Path), envvar="YUEBAO_HOME", default=Path(),
        show_default="the working directory", help="The organisation's folder 单位目录.",
    )(command)  # fmt: skip


def language_option(command: Command) -> Command:
    """The option that chooses the language of what is printed."""
    return click.option("--lang", type=click.Choice(["zh", "en"]), default=None, help="Language 语言.")(command)


def json_option(command: Command) -> Command:
    """The option that prints JSON instead of lines for people."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON 输出 JSON.")(command)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="yuebao")
def main() -> None:
    """Yuebao 月报: account managers' Excel forms in, regional managers' monthly workbooks out."""
    collect_seldom()
    _speak_utf8()


def _speak_utf8() -> None:
    """A Windows console may have another code page; Chinese must not stop a run."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            with suppress(OSError):  # what stands behind it may not allow that
                reconfigure(encoding="utf-8", errors="replace")


def _open(home: Path, lang: str | None) -> "tuple[Settings, Words]":
    from pipeline.contract.settings import load_settings
    from pipeline.contract.trade import TRADE_FILE
    from pipeline.ledger.output import heal

    ctx = click.get_current_context()
    ctx.meta[HOME] = str(home)
    settings = load_settings(home, lang)
    words = settings.words
    ctx.find_root().obj = words
    if (home / TRADE_FILE).exists():
        from pipeline.commands.trade import look_at_trade

        look_at_trade(home, settings)
    ctx.find_root().with_resource(private_files(settings.folders.private))
    heal(home, words)
    if settings.folders.private:
        for folder in (INBOX, *OWN_FOLDERS):
            make_private(home / folder)
    return settings, words


def _say(text: str, err: bool = False) -> None:
    """Prints a text; what files and people have put into it does not steer the terminal."""
    click.echo(shown(text), err=err)


@main.command()
@home_option
@language_option
@click.option("--month", type=MonthType(), default=None, help="The month to report 报告月份.")
@click.option("--workers", type=click.IntRange(1), default=None, help="Processes 进程数 (default: all cores).")
@click.option(
    "--scheduler", default="", metavar="ADDRESS", help="Share the work with a Dask cluster 使用 Dask 集群."
)
@click.option("--fresh", is_flag=True, help="Use nothing that earlier runs worked out 不用以前的中间结果.")
@click.option(
    "--accept", multiple=True, metavar="FILE", help="Count a file that waits for an answer 采用待确认的文件."
)
@click.option("--quiet", is_flag=True, help="Print only the result 只显示结果.")
def monthly(
    home: Path,
    lang: str | None,
    month: Month | None,
    workers: int | None,
    scheduler: str,
    fresh: bool,
    accept: tuple[str, ...],
    quiet: bool,
) -> None:
    """Take in the inbox and write the workbooks 收取报表并编制工作簿."""
    if _has_files(home):
        _prepare_children(1 if scheduler else workers)  # on a cluster only correction copies are made here
    from pipeline.commands.monthly import Asked, run_monthly
    from pipeline.month.outcome import undone_text
    from pipeline.screen.outcome import outcome_lines
    from pipeline.screen.progress import progress_teller

    settings, words = _open(home, lang)
    with progress_teller(words, quiet=quiet) as progress, _edited_told(home, words):
        asked = Asked(month, workers or 0, fresh, scheduler, _today(settings).isoformat(), accept)
        outcome = run_monthly(home, settings, asked, progress)
    for line in outcome_lines(outcome, home, words, settings.profile.forms):
        _say(line)
    for one in outcome.undone:
        if one.trace:
            _log_fault(one.trace, words)
    if outcome.undone:
        raise MonthsUndone(undone_text(outcome.undone, words))
    if outcome.unknown is not None:
        raise YuebaoError(words("run.unknown_month", month=outcome.unknown))


@main.command()
@home_option
@language_option
@json_option
@click.option("--workers", type=click.IntRange(1), default=None, help="Processes 进程数 (default: all cores).")
@click.option("--quiet", is_flag=True, help="Print only the result 只显示结果.")
@click.argument("period", type=PeriodType())
def period(home: Path, lang: str | None, as_json: bool, workers: int | None, quiet: bool, period: Period) -> None:
    """The workbooks of a quarter, a half-year or a year 季度、半年、年度汇总."""
    _prepare_children(workers)
    from pipeline.commands.period import run_period
    from pipeline.screen.outcome import period_lines
    from pipeline.screen.progress import progress_teller

    settings, words = _open(home, lang)
    with progress_teller(words, quiet=quiet or as_json) as progress, _edited_told(home, words):
        done = run_period(home, settings, period, workers or 0, progress)
    if as_json:
        _say(json.dumps(done.as_json(), ensure_ascii=False))
        return
    for line in period_lines(done, home, words):
        _say(line)


@main.command()
@home_option
@language_option
@json_option
@click.option("--week", type=WeekType(), default=None, help="The week 周次 (default: next week 默认下周).")
@click.option("--manager", default=None, metavar="ID", help="Only this manager 客户经理编码.")
def schedule(home: Path, lang: str | None, as_json: bool, week: Week | None, manager: str | None) -> None:
    """Visit schedules of a week, which are sign-in books too 客户访问日程表（兼签到记录簿）."""
    from pipeline.commands.schedule import write_schedule
    from pipeline.screen.schedule import schedule_lines

    settings, words = _open(home, lang)
    today = _today(settings)
    with _edited_told(home, words):
        scheduled = write_schedule(home, settings, week or Week.after(today), manager, today)
    if as_json:
        _say(json.dumps(scheduled.as_json(), ensure_ascii=False))
        return
    for line in schedule_lines(scheduled, words):
        _say(line)


@contextmanager
def _edited_told(home: Path, words: "Words") -> Iterator[None]:
    """Says which files somebody had changed in what is written anew, and where they are kept; also after a fault."""
    from pipeline.ledger.output import edited_files
    from pipeline.screen.outcome import edited_lines

    before = edited_files(home)
    try:
        yield
    finally:
        for line in edited_lines(home, sorted(edited_files(home) - before), words):
            _say(line)


def _has_files(home: Path) -> bool:
    """Whether anything is in the inbox that will have to be opened."""
    from pipeline.intake.inbox import list_files

    with suppress(OSError):  # whoever opens it will tell
        return bool(list_files(home))
    return False


def _prepare_children(workers: int | None) -> None:
    """Has children import what they need while this process does the same."""
    from pipeline.work.starting import READING, WRITING, start_fork_server

    start_fork_server(READING if workers == 1 else WRITING)


@main.command("map")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@home_option
@language_option
@json_option
@click.option("--write", is_flag=True, help="Put the proposal into yuebao.toml 写入设置.")
@click.option(
    "--masters", type=click.Path(dir_okay=False, path_type=Path), default=None, metavar="NEW.xlsx",
    help="Write the lists that the file tells, to be completed 由数据生成主数据工作簿.",
)  # fmt: skip
@click.option("--month", type=MonthType(), default=None, help="From when on lists count 名单生效月份.")
def map_file(
    file: Path, home: Path, lang: str | None, as_json: bool, write: bool, masters: Path | None, month: Month | None
) -> None:
    """Propose how an office's own table is mapped 为自有导出表生成设置."""
    from pipeline.commands.map import map_file as look_at
    from pipeline.screen.mapping import mapping_json, mapping_lines

    settings, words = _open(home, lang)
    mapped = look_at(home, settings, file, month or Month.of(_today(settings)), write=write, lists=masters)
    if as_json:
        _say(mapping_json(mapped))
        return
    for line in mapping_lines(mapped, home, words, settings.profile.forms):
        _say(line)


@main.command()
@home_option
@language_option
@json_option
def verify(home: Path, lang: str | None, as_json: bool) -> None:
    """Check archive, ledger and outputs against their hashes 核对档案与账册."""
    from pipeline.commands.verify import verify_home
    from pipeline.screen.lists import faults_lines

    _, words = _open(home, lang)
    checked = verify_home(home, words)
    for line in faults_lines(checked.faults, checked.files, words, as_json=as_json):
        _say(line)
    sys.exit(1 if checked.faults else 0)


@main.command()
@home_option
@language_option
@click.option("--workers", type=click.IntRange(1), default=None, help="Processes 进程数 (default: all cores).")
@click.option("--quiet", is_flag=True, help="Print only the result 只显示结果.")
def rebuild(home: Path, lang: str | None, workers: int | None, quiet: bool) -> None:
    """Make ledger and outputs anew from the archive 由档案重建账册与输出."""
    _prepare_children(workers)
    from pipeline.commands.rebuild import rebuild as rebuild_home
    from pipeline.screen.progress import progress_teller

    settings, words = _open(home, lang)
    with progress_teller(words, quiet=quiet) as progress, _edited_told(home, words):
        months = rebuild_home(home, settings, progress, workers or 0)
    _say(words("run.done.rebuilt", count=len(months), folder=home / OUTPUT))


@main.command()
@home_option
@language_option
@click.option("--workers", type=click.IntRange(1), default=None, help="Processes 进程数 (default: all cores).")
@click.option("--quiet", is_flag=True, help="Print only the result 只显示结果.")
@click.argument("file", metavar="FILE|HASH")
def withdraw(home: Path, lang: str | None, workers: int | None, quiet: bool, file: str) -> None:
    """Take a file out of the ledger, keep it in the archive 撤回已入账的文件."""
    _prepare_children(workers)
    from pipeline.commands.withdraw import withdraw_file
    from pipeline.screen.outcome import withdrawn_lines
    from pipeline.screen.progress import progress_teller

    settings, words = _open(home, lang)
    with progress_teller(words, quiet=quiet) as progress, _edited_told(home, words):
        withdrawn = withdraw_file(home, settings, file, progress, workers or 0, _today(settings).isoformat())
    for line in withdrawn_lines(withdrawn, words):
        _say(line)


@main.command()
@home_option
@language_option
@json_option
@click.argument("figure")
@click.argument("entity")
@click.argument("month", type=AnyPeriodType())
def trace(home: Path, lang: str | None, as_json: bool, figure: str, entity: str, month: AnyPeriod) -> None:
    """The rows behind a figure 指标溯源: FIGURE (key or name) ENTITY (code, ALL for the whole) MONTH|PERIOD.

    As FIGURE, decisions 审批意见 lists all that was decided of a region, a manager or a matter.
    """
    from pipeline.commands.trace import trace_figure
    from pipeline.commands.trace_decisions import decisions_form, trace_decisions
    from pipeline.commands.trace_period import trace_period
    from pipeline.screen.lists import decision_lines, trace_lines

    settings, words = _open(home, lang)
    if (form := decisions_form(settings, figure)) is not None:
        decided = trace_decisions(home, settings, form, entity, month)
        for line in decision_lines(decided, words, settings.profile, as_json=as_json):
            _say(line)
        return
    if isinstance(month, Month):
        traced = trace_figure(home, settings, figure, entity, month)
    else:
        traced = trace_period(home, settings, figure, entity, month)
    for line in trace_lines(traced, words, as_json=as_json):
        _say(line)


@main.command()
@home_option
@language_option
@json_option
@click.option("--all", "everything", is_flag=True, help="List everything 全部列出.")
@click.argument("month", type=AnyPeriodType(), required=False)
def why(home: Path, lang: str | None, as_json: bool, everything: bool, month: AnyPeriod | None) -> None:
    """What a run would work out, and what changed 为何重算: MONTH|PERIOD, or the months to be written."""
    from pipeline.commands.why import why_months, why_period
    from pipeline.screen.why import why_lines

    settings, words = _open(home, lang)
    found = [why_period(home, settings, month)] if isinstance(month, Period) else why_months(home, settings, month)
    for line in why_lines(found, words, as_json=as_json, everything=everything):
        _say(line)


@main.command()
@home_option
@language_option
@click.option("--month", type=MonthType(), default=None, help="The month 月份 (default: the newest reported).")
@click.option("--period", type=PeriodType(), default=None, help="A quarter, half-year or year 季度、半年、年度.")
@click.option("--send", "really", is_flag=True, help="Send by SMTP 发送; without it, list only 不加只列表.")
@click.option(
    "--again", multiple=True, metavar="LETTER", help="Send this letter once more 再发一次 (with --send)."
)
@json_option
def send(
    home: Path,
    lang: str | None,
    month: Month | None,
    period: Period | None,
    really: bool,
    again: tuple[str, ...],
    as_json: bool,
) -> None:
    """Letters with the workbooks: list, or send 寄送工作簿."""
    from pipeline.commands.send import outbox_of, send_outbox
    from pipeline.screen.letters import outbox_table

    settings, words = _open(home, lang)
    if again and not really:
        raise click.UsageError("--again needs --send 须与 --send 同用")
    if month and period:
        raise click.UsageError("--month | --period 二者只能用其一")
    asked = period or month
    if really:
        outbox = send_outbox(home, settings, asked, _mail_world(settings, words), again)
    else:
        outbox = outbox_of(home, settings, asked)
    if as_json:
        _say(json.dumps(outbox.as_json(), ensure_ascii=False, indent=2))
    else:
        outbox_table(outbox, words, sent=really)
    sys.exit(1 if really and not outbox.all_went else 0)


def _today(settings: "Settings") -> dt.date:
    """The day where the organisation is."""
    from pipeline.base.moments import now_in

    return now_in(settings.time_zone).date()


def _mail_world(settings: "Settings", words: "Words") -> "World":
    from pipeline.base.moments import now_in
    from pipeline.commands.send import World
    from pipeline.outbox.login import installed_keyring, login_from

    login = login_from(os.environ, settings.mail, words, installed_keyring())
    return World(login, lambda: now_in(settings.time_zone), time.sleep)


@main.command()
@home_option
@language_option
@click.option(
    "--month", type=MonthType(), default=None, help="The month of the board 月份 (default: the last one)."
)
@json_option
def status(home: Path, lang: str | None, month: Month | None, as_json: bool) -> None:
    """Who has sent what 上报情况."""
    from pipeline.commands.status import board_of
    from pipeline.screen.board import board_table

    settings, words = _open(home, lang)
    today = _today(settings)
    board = board_of(home, settings, month or Month.of(today) + -1, today)
    if as_json:
        _say(json.dumps(board.as_json(), ensure_ascii=False, indent=2))
    else:
        board_table(board, words, settings.profile.forms)


@main.command()
@home_option
@language_option
@json_option
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
def check(home: Path, lang: str | None, as_json: bool, files: tuple[Path, ...]) -> None:
    """Problems of files or of a folder's, nothing stored 检查文件或文件夹，不入账."""
    from pipeline.screen.lists import checked_lines
    from pipeline.taking.checking import check_files

    settings, words = _open(home, lang)
    checked = check_files(home, settings, files)
    for line in checked_lines(checked, words, settings.profile.forms, as_json=as_json):
        _say(line)
    sys.exit(1 if any(one.problems for one in checked) else 0)


@main.command()
@home_option
@language_option
@json_option
@click.argument("rule", default="")
def explain(home: Path, lang: str | None, as_json: bool, rule: str) -> None:
    """Why a rule is there, with an example 规则说明: RULE as in problems.csv; without it, all rules."""
    from pipeline.screen.explain import explain_lines

    settings, words = _open(home, lang)
    for line in explain_lines(rule, settings.profile.forms, words, as_json=as_json):
        _say(line)


@main.command()
@home_option
@language_option
@click.option("--month", type=MonthType(), default=None, help="Make managers' own templates 当月专用模板.")
@click.option("--manager", default=None, help="Only this manager 客户经理编码.")
@click.option(
    "--to", "folder", type=click.Path(file_okay=False, path_type=Path), default=None, help="Folder 目录."
)
def templates(home: Path, lang: str | None, month: Month | None, manager: str | None, folder: Path | None) -> None:
    """Blank forms, or managers' own with lists filled in 生成模板."""
    from pipeline.base.moments import now_in
    from pipeline.commands.templates import write_own_templates
    from pipeline.templates.blank import write_blank_templates

    settings, words = _open(home, lang)
    if month is None and manager is None:
        target = folder or home / "input_templates"
        written = write_blank_templates(target, settings.profile)
    else:
        month = month or Month.of(now_in(settings.time_zone).date())
        target = folder or home / OUTPUT / str(month) / "templates"
        written = write_own_templates(home, settings, month, manager, target)
    _say(words("run.templates.written", count=len(written), folder=target))


@main.group()
def trade() -> None:
    """The trade in use, or one of your own 行业方案."""


@trade.command()
@home_option
@language_option
@click.option("--zh", default="", help="Its Chinese name 中文名称.")
@click.option("--en", default="", help="Its English name 英文名称.")
@click.argument("name")
def new(home: Path, lang: str | None, zh: str, en: str, name: str) -> None:
    """Write a commented trade.toml into the home 写出本单位的行业方案: NAME is its code, such as medical."""
    from pipeline.commands.trade import new_trade

    _, words = _open(home, lang)
    _say(words("settings.trade.written", file=new_trade(home, name, zh, en, words)))


@trade.command()
@home_option
@language_option
@json_option
@click.option("--texts", is_flag=True, help="The texts that a trade may change 可改的文字.")
def show(home: Path, lang: str | None, as_json: bool, texts: bool) -> None:
    """Forms, figures, rules and sheets of the trade in use 显示现用的行业方案."""
    from pipeline.commands.trade import trade_in_use, where_from
    from pipeline.screen.trade import trade_lines

    settings, words = _open(home, lang)
    shown_as = trade_in_use(home, settings, words)
    for line in trade_lines(shown_as, where_from(home, settings, words), words, as_json=as_json, texts=texts):
        _say(line)


@main.command()
@home_option
@language_option
@click.option("--managers", type=click.IntRange(1), default=None, help="As many as the trade's demo has.")
@click.option("--customers", type=click.IntRange(1), default=None, help="Customers a manager.")
@click.option("--months", type=click.IntRange(1), default=25, show_default=True)
@click.option("--end", type=MonthType(), default=None, help="Last month 最后一个月.")
@click.option("--seed", type=int, default=20240601, show_default=True)
@click.option("--profile", "profile_name", default=None, help="Trade 行业.")
@click.option("--faults/--no-faults", default=True, help="Faults as people make them 带常见差错.")
@click.option(
    "--story/--no-story", default=False, help="With measures, outlooks, a late file 带对策、预测和迟到的报表."
)
def demo(
    home: Path,
    lang: str | None,
    managers: int | None,
    customers: int | None,
    months: int,
    end: Month | None,
    seed: int,
    profile_name: str | None,
    faults: bool,
    story: bool,
) -> None:
    """Fill an inbox with a made-up organisation 生成示例单位."""
    from pipeline.demo.make import DEFAULT_END, make_demo
    from pipeline.intake.inbox import list_files
    from pipeline.work.executors import usable_cores, writing_executor

    settings, words = _open(home, lang)
    inbox = home / settings.folders.inbox
    if list_files(home, settings.folders.inbox):
        raise YuebaoError(words("run.demo.not_empty", inbox=inbox))
    with writing_executor(usable_cores()) as executor:
        make_demo(
            home,
            managers=managers,
            customers=customers,
            months=months,
            end=end or DEFAULT_END,
            seed=seed,
            profile=profile_name or settings.profile.key,
            faults=faults,
            language=settings.language,
            executor=executor,
            inbox=settings.folders.inbox,
            story=story,
        )
    _say(words("run.demo.done", files=len(list_files(home, settings.folders.inbox)), inbox=inbox, home=home))
