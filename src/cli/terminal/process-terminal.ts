import { once } from 'node:events';
import type { WriteStream } from 'node:tty';
import { type ExitCode, exitCodes } from '../exit-codes.js';
import { createStyle } from './style.js';
import type { Output, Terminal } from './terminal.js';

/** Width of what is piped into a file or a pager. */
const columnsOfPipe = 160;

/** The terminal of this process. */
export function createProcessTerminal(): Terminal {
  const { env, stdin } = process;
  const isInteractive = process.stdout.isTTY === true && env.CI === undefined && env.TERM !== 'dumb';
  return {
    stdout: outputOf(process.stdout),
    stderr: outputOf(process.stderr),
    stdin,
    isInteractive,
    columns: process.stdout.columns ?? columnsOfPipe,
    style: createStyle(hasColors(env)),
    env,
    cwd: process.cwd(),
    signal: interruption(),
  };
}

function outputOf(stream: WriteStream): Output {
  // `segment-onesignal plan | head` closes the pipe early, which is not an error.
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(exitCodes.ok);
    throw error;
  });
  return {
    write: (text) => (stream.write(text) ? undefined : once(stream, 'drain').then(() => {})),
  };
}

/** @see {@link https://no-color.org | NO_COLOR} */
function hasColors(env: NodeJS.ProcessEnv): boolean {
  if (env.NO_COLOR !== undefined && env.NO_COLOR !== '') return false;
  if (env.FORCE_COLOR !== undefined) return env.FORCE_COLOR !== '0';
  return process.stdout.isTTY === true && env.TERM !== 'dumb';
}

/** Aborted by the first signal. The second one of its kind ends the process as usual. */
function interruption(): AbortSignal {
  const controller = new AbortController();
  const stop = (code: ExitCode) => () => controller.abort(code);
  process.once('SIGINT', stop(exitCodes.interrupted));
  process.once('SIGTERM', stop(exitCodes.terminated));
  return controller.signal;
}
