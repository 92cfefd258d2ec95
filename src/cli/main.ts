import { Command, CommanderError } from 'commander';
import { version } from '../../package.json';
import { commandIn } from './command.js';
import { CommandError, messageOf } from './command-error.js';
import { commands } from './commands.js';
import { type ExitCode, exitCodes } from './exit-codes.js';
import { explainUsage } from './explain-usage.js';
import { printableLines } from './print/words.js';
import { explainSystemError } from './system-error.js';
import type { Terminal } from './terminal/terminal.js';

/** Parses the arguments, runs the command they name and returns the exit code. It never throws. */
export async function runCli(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  let exitCode: ExitCode = exitCodes.ok;
  const program = createProgram(terminal, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync([...args], { from: 'user' });
    return exitCode;
  } catch (thrown) {
    if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
    return report(thrown, terminal, args.includes('--debug'));
  }
}

/** The program with all of its commands, for a run and for completions. */
export function createProgram(terminal: Terminal, finish: (code: ExitCode) => void): Command {
  const program = new Command('segment-onesignal')
    .description('Turns Segment events into OneSignal calls: see what would be sent, test a mapping, replay, serve.')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print the help of a command')
    .option('--debug', 'print the stack of an error')
    .configureHelp({ sortSubcommands: false, helpWidth: Math.min(terminal.columns, 100), showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => void terminal.stdout.write(text),
      writeErr: (text) => void terminal.stderr.write(text),
      outputError: (text, write) => write(`${explainUsage(text, commandIn(program, program.args)?.name())}\n`),
    })
    .exitOverride();
  const action =
    <Args extends unknown[]>(run: (...args: Args) => Promise<ExitCode>) =>
    async (...args: Args) =>
      finish(await run(...args));
  for (const add of commands) add({ program, terminal, action });
  return program;
}

function report(thrown: unknown, terminal: Terminal, isDebug: boolean): ExitCode {
  const { style, stderr, signal } = terminal;
  if (signal.aborted && !(thrown instanceof CommandError)) return signal.reason;
  const systemError = explainSystemError(thrown);
  const isUsage = thrown instanceof Error && thrown.name === 'ConfigurationError';
  const isExpected = thrown instanceof CommandError || isUsage || systemError !== undefined;
  const advice = isExpected || isDebug ? '' : ' Run it again with --debug to see where.';
  stderr.write(`${style.bad('Error:')} ${printableLines(systemError ?? messageOf(thrown))}${advice}\n`);
  if (isDebug && thrown instanceof Error) stderr.write(`${thrown.stack}\n`);
  if (thrown instanceof CommandError) return thrown.exitCode;
  if (systemError !== undefined) return exitCodes.failed;
  return isUsage ? exitCodes.usage : exitCodes.internal;
}
