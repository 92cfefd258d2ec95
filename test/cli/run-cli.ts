import type { ExitCode } from '../../src/cli/exit-codes.js';
import { type CliOptions, startCli } from './send/start-cli.js';

/** The output and exit code of a command. */
export interface Finished {
  readonly exitCode: ExitCode;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command in this process until it ends. */
export async function cli(args: readonly string[], options: CliOptions): Promise<Finished> {
  const run = startCli(args, options);
  const exitCode = await run.exitCode;
  return { exitCode, stdout: run.stdout(), stderr: run.stderr() };
}

/** A stdin with this text piped in. */
export async function* piped(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}
