import { once } from 'node:events';
import type { WriteStream } from 'node:tty';
import { stripVTControlCharacters } from 'node:util';
import { exitCodes } from '../exit-codes.js';
import { reasonOf } from '../system-error.js';
import { createStyle } from './style.js';
import type { Output, Terminal } from './terminal.js';

/** Width of what is piped into a file or a pager. */
const columnsOfPipe = 160;

/** The terminal of this process. */
export function createProcessTerminal(): Terminal {
  const { env, stdin, stdout, stderr } = process;
  const isShown = stdout.isTTY === true && env.TERM !== 'dumb';
  const hasColors = wantsColors(env) ?? isShown;
  const stop = new AbortController();
  // The second signal of its kind ends the process as usual.
  process.once('SIGINT', () => stop.abort(exitCodes.interrupted));
  process.once('SIGTERM', () => stop.abort(exitCodes.terminated));
  const onStdoutError = (error: NodeJS.ErrnoException): void => {
    // `segment-onesignal plan | head` closes the pipe early, which is not an error.
    const isReaderGone = error.code === 'EPIPE';
    if (!isReaderGone) {
      stderr.write(`Error: The output cannot be written: ${reasonOf(error)}.\n`);
      process.exitCode = exitCodes.failed;
    }
    stop.abort(isReaderGone ? exitCodes.ok : exitCodes.failed);
  };
  return {
    stdout: outputOf(stdout, onStdoutError),
    // What is done does not depend on whether anyone reads its progress.
    stderr: outputOf(stderr, () => {}, hasColors && stderr.isTTY !== true && wantsColors(env) !== true),
    stdin,
    isInteractive: isShown && stderr.isTTY === true && env.CI === undefined,
    get columns() {
      return stdout.columns ?? columnsOfPipe;
    },
    get rows() {
      return stdout.rows;
    },
    style: createStyle(hasColors),
    env,
    cwd: process.cwd(),
    signal: stop.signal,
  };
}

/**
 * @param onError - Called once, with the first error. What is printed after it is lost.
 * @param isPlain - Whether to leave out colors, which are for the other output.
 */
function outputOf(stream: WriteStream, onError: (error: NodeJS.ErrnoException) => void, isPlain = false): Output {
  let isClosed = false;
  stream.on('error', (error) => {
    if (!isClosed) onError(error);
    isClosed = true;
  });
  return {
    write(text) {
      if (isClosed || stream.write(isPlain ? stripVTControlCharacters(text) : text)) return undefined;
      const end = (): void => {};
      return once(stream, 'drain').then(end, end);
    },
  };
}

/** `undefined` if no variable says it. @see {@link https://no-color.org | NO_COLOR} */
function wantsColors(env: NodeJS.ProcessEnv): boolean | undefined {
  if (env.NO_COLOR !== undefined && env.NO_COLOR !== '') return false;
  return env.FORCE_COLOR === undefined ? undefined : env.FORCE_COLOR !== '0';
}
