import { createStyle } from '../../src/cli/terminal/style.js';
import type { Terminal } from '../../src/cli/terminal/terminal.js';
import { piped } from './run-cli.js';

/** A terminal that shows nothing, for functions that only read from one. */
export function terminalIn(cwd: string, env: Record<string, string> = {}, stdin = ''): Terminal {
  return {
    stdout: { write: () => undefined },
    stderr: { write: () => undefined },
    stdin: piped(stdin),
    isInteractive: false,
    columns: 80,
    style: createStyle(false),
    env,
    cwd,
    signal: new AbortController().signal,
  };
}
