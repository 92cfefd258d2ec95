import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { CommandError } from './command-error.js';
import type { ExitCode } from './exit-codes.js';
import type { Terminal } from './terminal/terminal.js';

/** What a command is added to. */
export interface CommandContext {
  readonly program: Command;
  readonly terminal: Terminal;
  /** Turns a function that returns an exit code into a commander action. */
  action<Args extends unknown[]>(run: (...args: Args) => Promise<ExitCode>): (...args: Args) => Promise<void>;
}

/** Adds a command to the program. Each file in `commands` exports one. */
export type AddCommand = (context: CommandContext) => void;

/** The command that words such as `['test', 'plan']` call: the first that is the name of one. */
export function commandIn(program: Command, words: readonly string[]): Command | undefined {
  const commands = new Map(program.commands.map((command) => [command.name(), command]));
  return words.flatMap((word) => commands.get(word) ?? [])[0];
}

/** Adds the argument of every command that reads events. */
export function addFilesArgument(command: Command): Command {
  return command.argument(
    '[files...]',
    'NDJSON or JSON arrays, plain or gzip: files, folders, globs, - for stdin (default)',
  );
}

/** Flags that take all arguments after them as values. */
export interface GreedyFlags {
  readonly user?: readonly string[] | undefined;
  readonly event?: readonly string[] | undefined;
}

/**
 * Refuses to wait for typed input unless stdin is named, and refuses a file name that a flag has taken as its value.
 *
 * @throws `CommandError` that shows how to name files.
 */
export function requireEvents(
  files: readonly string[],
  { user = [], event = [] }: GreedyFlags,
  example: string,
  { stdin, cwd }: Pick<Terminal, 'stdin' | 'cwd'>,
): void {
  if (files.length > 0) return;
  const file = [...user, ...event].find((value) => existsSync(resolve(cwd, value)));
  if (file !== undefined)
    throw new CommandError(
      `No events are given: "${file}" was read as a value of ${user.includes(file) ? '--user' : '--event'}. Put files first, or - for stdin.`,
    );
  if (stdin.isTTY === true)
    throw new CommandError(`No events are given. Pass files, or pipe events in: segment-onesignal ${example}.`);
}

/** The end of a command's help. */
export function examples(...lines: readonly string[]): string {
  return `\nExamples:\n${lines.map((line) => `  $ segment-onesignal ${line}`).join('\n')}\n`;
}
