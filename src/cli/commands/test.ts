import { join, resolve } from 'node:path';
import type { MappingOptions } from 'segment-onesignal';
import { checkGoldenFiles, type GoldenFile } from 'segment-onesignal/testing';
import { type AddCommand, examples } from '../command.js';
import { CommandError, messageOf } from '../command-error.js';
import { type ExitCode, exitCodes } from '../exit-codes.js';
import { printSamples } from '../golden/print-samples.js';
import { goldenLines, summaryLine } from '../golden/render.js';
import { watchFolders } from '../golden/watch.js';
import { addMappingFlags, type SettingsFlags } from '../settings/flags.js';
import { readSettings } from '../settings/settings.js';
import { explainSystemError } from '../system-error.js';
import type { Terminal } from '../terminal/terminal.js';

/** The flags of `test`. */
export interface TestFlags extends SettingsFlags {
  readonly update?: boolean | undefined;
  readonly watch?: boolean | undefined;
}

export const addTest: AddCommand = ({ program, terminal, action }) => {
  addMappingFlags(program.command('test'))
    .argument('[folder]', 'folder with events/*.json and plans/*.json')
    .option('-u, --update', 'write plan files that are missing or differ, and remove stale ones')
    .option('-w, --watch', 'run again whenever a file changes')
    .summary('compare the plans of event files with golden files')
    .description(
      'Maps each events/NAME.json and compares the plan with plans/NAME.json. Without a folder, it maps the built-in samples and shows the result.',
    )
    .addHelpText('after', examples('test', 'test test/golden --mapping mapping.ts', 'test test/golden --update'))
    .action(action((folder: string | undefined, flags: TestFlags) => runTest(folder, flags, terminal)));
};

/** Runs the golden files once, or again and again until Ctrl-C. */
export async function runTest(folder: string | undefined, flags: TestFlags, terminal: Terminal): Promise<ExitCode> {
  if (folder === undefined && flags.update === true)
    throw new CommandError('--update needs a folder. Write: segment-onesignal test FOLDER --update.');
  if (flags.watch !== true) return runOnce(folder, flags, terminal);
  const { configFile } = await readSettings(flags, terminal);
  const watched = [
    ...(folder === undefined ? [] : [resolve(terminal.cwd, folder)]),
    ...(flags.mapping === undefined ? [] : [resolve(terminal.cwd, flags.mapping)]),
    ...(configFile === undefined ? [] : [configFile]),
  ];
  if (watched.length === 0)
    throw new CommandError('--watch has nothing to watch. Name a folder, a mapping file or a config file.');
  for await (const _ of watchFolders(watched, terminal.signal)) {
    await runOnce(folder, flags, terminal).catch((thrown: unknown) => {
      // The file may be half written: the next change runs it again.
      terminal.stderr.write(`${terminal.style.bad('Error:')} ${messageOf(thrown)}\n`);
    });
    terminal.stdout.write(terminal.style.dim('Waiting for changes. Press Ctrl-C to stop.\n'));
  }
  return exitCodes.ok;
}

async function runOnce(folder: string | undefined, flags: TestFlags, terminal: Terminal): Promise<ExitCode> {
  const { mapping } = await readSettings(flags, terminal);
  if (folder === undefined) return printSamples(mapping, terminal);
  const results = check(folder, mapping, flags, terminal.cwd);
  for (const result of results) await terminal.stdout.write(`${goldenLines(result, terminal).join('\n')}\n`);
  terminal.stdout.write(`${summaryLine(results)}\n`);
  return results.some(({ problem }) => problem !== undefined) ? exitCodes.failed : exitCodes.ok;
}

function check(folder: string, mapping: MappingOptions | undefined, { update }: TestFlags, cwd: string): GoldenFile[] {
  const path = resolve(cwd, folder);
  try {
    return checkGoldenFiles({ mapping, events: join(path, 'events'), plans: join(path, 'plans'), update });
  } catch (thrown) {
    const isExplained = Object(thrown).name === 'ConfigurationError' || explainSystemError(thrown) !== undefined;
    throw isExplained ? thrown : new CommandError(messageOf(thrown));
  }
}
