import { eventStreamTemplate } from 'segment-onesignal/event-stream';
import { type AddCommand, examples } from '../command.js';
import { type ExitCode, exitCodes } from '../exit-codes.js';
import type { Terminal } from '../terminal/terminal.js';

/** The flags of `event-stream-template`. */
export interface TemplateFlags {
  readonly body?: boolean | undefined;
}

export const addEventStreamTemplate: AddCommand = ({ program, terminal, action }) => {
  program
    .command('event-stream-template')
    .option('--body', 'print only the body')
    .summary('print the settings of a OneSignal Event Stream')
    .description(
      "Prints what to paste into OneSignal's dashboard (Data > Event Streams), so that message events reach the handler of segment-onesignal/event-stream.",
    )
    .addHelpText('after', examples('event-stream-template', 'event-stream-template --body | pbcopy'))
    .action(action((flags: TemplateFlags) => runEventStreamTemplate(flags, terminal)));
};

/** Prints method, headers and body. */
export async function runEventStreamTemplate(flags: TemplateFlags, { stdout, style }: Terminal): Promise<ExitCode> {
  const { method, headers, body } = eventStreamTemplate;
  if (flags.body === true) {
    stdout.write(`${body}\n`);
    return exitCodes.ok;
  }
  const lines = Object.entries(headers).map(([name, value]) => `  ${name}: ${value}`);
  stdout.write(`${style.bold('Method')}\n  ${method}\n\n${style.bold('Headers')}\n${lines.join('\n')}\n\n`);
  stdout.write(`${style.bold('Body')}\n${body}\n`);
  return exitCodes.ok;
}
