import type { ExitCode } from '../../../src/cli/exit-codes.js';
import { runCli } from '../../../src/cli/main.js';
import { createStyle } from '../../../src/cli/terminal/style.js';

/** A run of the command line in this process. */
export interface CliRun {
  readonly exitCode: Promise<ExitCode>;
  stdout(): string;
  stderr(): string;
  /** Presses Ctrl-C. */
  interrupt(): void;
}

export interface CliOptions {
  readonly cwd: string;
  readonly env?: Record<string, string> | undefined;
  readonly stdin?: AsyncIterable<Uint8Array> | undefined;
  readonly isInteractive?: boolean | undefined;
}

export function startCli(args: readonly string[], { cwd, env = {}, stdin, isInteractive = false }: CliOptions): CliRun {
  const controller = new AbortController();
  const printed = { stdout: '', stderr: '' };
  const outputTo = (name: keyof typeof printed) => ({
    write(text: string): undefined {
      printed[name] += text;
    },
  });
  const exitCode = runCli(args, {
    stdout: outputTo('stdout'),
    stderr: outputTo('stderr'),
    stdin: stdin ?? (async function* () {})(),
    isInteractive,
    columns: 80,
    style: createStyle(false),
    env,
    cwd,
    signal: controller.signal,
  });
  return {
    exitCode,
    stdout: () => printed.stdout,
    stderr: () => printed.stderr,
    interrupt: () => controller.abort(130),
  };
}
