import { type AddCommand, examples } from '../command.js';
import { CommandError } from '../command-error.js';
import { type ExitCode, exitCodes } from '../exit-codes.js';
import { renderTable } from '../print/table.js';
import { buildSample, type SampleFlags } from '../samples/build-sample.js';
import { addSampleFlags } from '../samples/flags.js';
import { samples } from '../samples/samples.js';
import type { Terminal } from '../terminal/terminal.js';

export const addSamples: AddCommand = ({ program, terminal, action }) => {
  addSampleFlags(program.command('samples'))
    .argument('[name]', 'sample to print as JSON')
    .summary('list sample events, or print one as JSON')
    .description('Lists events as Segment sends them, or prints one as a line of JSON.')
    .addHelpText('after', examples('samples', 'samples order-completed --set userId=u1 | segment-onesignal plan'))
    .action(action(async (name: string | undefined, flags: SampleFlags) => runSamples(name, flags, terminal)));
};

/** Prints the list, or the sample of this name. */
export async function runSamples(name: string | undefined, flags: SampleFlags, terminal: Terminal): Promise<ExitCode> {
  if (name === undefined) {
    const [flag] = Object.keys(flags);
    if (flag !== undefined)
      throw new CommandError(`--${flag} needs the name of a sample. See "segment-onesignal samples".`);
    const rows = samples.map((sample) => [sample.name, sample.about]);
    terminal.stdout.write(`${renderTable(['Name', 'What it is'], rows, terminal)}\n`);
  } else terminal.stdout.write(`${JSON.stringify(buildSample(name, flags))}\n`);
  return exitCodes.ok;
}
