import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { MappingOptions } from 'segment-onesignal';
import { type AddCommand, examples } from '../command.js';
import { CommandError } from '../command-error.js';
import { type ExitCode, exitCodes } from '../exit-codes.js';
import { embedMapping } from '../function/embed-mapping.js';
import { functionSettings, settingsComment } from '../function/function-settings.js';
import { packageFile } from '../package-file.js';
import { renderTable } from '../print/table.js';
import { addMappingFlags, type SettingsFlags } from '../settings/flags.js';
import { readSettings } from '../settings/settings.js';
import type { Terminal } from '../terminal/terminal.js';

/** The flags of `function`. */
export interface FunctionFlags extends SettingsFlags {
  readonly out: string;
}

export const addFunction: AddCommand = ({ program, terminal, action }) => {
  addMappingFlags(program.command('function'))
    .option('-o, --out <file>', 'file to write, - for stdout', 'segment-function.js')
    .summary('write a Segment Destination Function to paste into Segment')
    .description(
      'Writes the destination as one file without imports, with your mapping in it, and prints the settings to create in Segment.',
    )
    .addHelpText('after', examples('function', 'function --mapping mapping.ts --out shop-function.js'))
    .action(action((flags: FunctionFlags) => runFunction(flags, terminal)));
};

/** Writes the function and prints its settings. */
export async function runFunction(flags: FunctionFlags, terminal: Terminal): Promise<ExitCode> {
  const { mapping } = await readSettings(flags, terminal);
  const text = `${settingsComment()}\n${embedMapping(await readFile(packageFile('segment-function.js'), 'utf8'), mapping)}`;
  if (flags.out === '-') {
    await terminal.stdout.write(text);
    return exitCodes.ok;
  }
  const file = resolve(terminal.cwd, flags.out);
  await checkReplaceable(file, flags.out);
  await writeFile(file, text);
  terminal.stdout.write(reportOf(flags.out, mapping, terminal));
  return exitCodes.ok;
}

/** A file that this command did not write is not overwritten. */
async function checkReplaceable(file: string, named: string): Promise<void> {
  if (!existsSync(file) || (await readFile(file, 'utf8')).includes('segmentOneSignal')) return;
  throw new CommandError(`${named} exists and is not a Segment Function. Choose another file with --out.`);
}

function reportOf(file: string, mapping: MappingOptions | undefined, terminal: Terminal): string {
  const rows = functionSettings.map(({ name, type, about }) => [name, type, about]);
  const embedded = mapping === undefined ? '' : ', with your mapping in it';
  return [
    `Wrote ${file}${embedded}.`,
    'In Segment: Connections > Catalog > Functions > New Function > Destination. Paste the file as the code,',
    'and create these settings:',
    '',
    renderTable(['Setting', 'Type', 'What it is'], rows, terminal),
    '',
    'For more settings, see SegmentFunctionSettings in segment-onesignal/function.',
    '',
  ].join('\n');
}
