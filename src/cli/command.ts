import type { Command } from 'commander';
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

/** The end of a command's help. */
export function examples(...lines: readonly string[]): string {
  return `\nExamples:\n${lines.map((line) => `  $ segment-onesignal ${line}`).join('\n')}\n`;
}
