import { Argument, type Command } from 'commander';
import type { AddCommand } from '../command.js';
import { candidates } from '../completion/candidates.js';
import { completionScripts, type Shell } from '../completion/scripts.js';
import { type ExitCode, exitCodes } from '../exit-codes.js';
import type { Terminal } from '../terminal/terminal.js';

export const addCompletion: AddCommand = ({ program, terminal, action }) => {
  program
    .command('completion')
    .addArgument(new Argument('<shell>', 'shell to complete in').choices(Object.keys(completionScripts)))
    .summary('print the script that completes commands and flags in a shell')
    .description('Prints a script for your shell. segment-onesignal must be on the PATH.')
    .addHelpText('after', `\nExamples:\n  $ eval "$(segment-onesignal completion zsh)"     # in ~/.zshrc\n`)
    .action(action((shell: Shell) => runCompletion(shell, terminal)));
  program
    .command('complete', { hidden: true })
    .argument('[words...]')
    .description('Prints the words that can stand next. The scripts of "completion" call it.')
    .action(action((words: string[]) => runComplete(words, program, terminal)));
};

/** Prints the script for a shell. */
export async function runCompletion(shell: Shell, { stdout }: Terminal): Promise<ExitCode> {
  stdout.write(completionScripts[shell]);
  return exitCodes.ok;
}

/** Prints the candidates, one a line: the word, a tab, what it means. */
export async function runComplete(words: readonly string[], program: Command, { stdout }: Terminal): Promise<ExitCode> {
  for (const { word, about } of candidates(program, words)) stdout.write(`${word}\t${about}\n`);
  return exitCodes.ok;
}
