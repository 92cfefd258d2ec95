import type { Command } from 'commander';
import { commandIn } from '../command.js';
import { samples } from '../samples/samples.js';

/** A word that can stand next, with what it means. */
export interface Candidate {
  readonly word: string;
  readonly about: string;
}

/** The words that can stand in place of the last of these words, which may be cut off. None: complete file names. */
export function candidates(program: Command, words: readonly string[]): Candidate[] {
  const typed = words.at(-1) ?? '';
  const before = words.slice(0, -1);
  const command = commandIn(program, before);
  return all(program, command, before, typed).filter(({ word }) => word.startsWith(typed));
}

function all(program: Command, command: Command | undefined, before: readonly string[], typed: string): Candidate[] {
  const previous = before.at(-1) ?? '';
  const option = command?.options.find(({ short, long }) => previous === short || previous === long);
  if (option !== undefined && (option.required || option.optional))
    return (option.argChoices ?? []).map((word) => ({ word, about: '' }));
  if (typed.startsWith('-')) return flagsOf(program, command);
  if (command === undefined) return commandsOf(program);
  if (['samples', 'trigger'].includes(command.name())) return samples.map(({ name, about }) => ({ word: name, about }));
  const choices = command.registeredArguments.flatMap(({ argChoices = [] }) => argChoices);
  return choices.map((word) => ({ word, about: '' }));
}

function commandsOf(program: Command): Candidate[] {
  return program
    .createHelp()
    .visibleCommands(program)
    .map((command) => ({ word: command.name(), about: command.summary() || command.description() }));
}

function flagsOf(program: Command, command: Command | undefined): Candidate[] {
  const help = program.createHelp();
  const own = help.visibleOptions(command ?? program);
  const options = command === undefined ? own : [...own, ...help.visibleOptions(program)];
  const flags = new Map(options.map(({ long, description }) => [long ?? '', description]));
  return [...flags].filter(([word]) => word !== '').map(([word, about]) => ({ word, about }));
}
