import { Option } from 'commander';
import type { Outcome } from 'segment-onesignal';
import { sign } from 'segment-onesignal/webhook';
import { type AddCommand, examples } from '../command.js';
import { CommandError, innermostMessageOf } from '../command-error.js';
import { type ExitCode, exitCodes } from '../exit-codes.js';
import { limitTime } from '../limit-time.js';
import { printableLines } from '../print/words.js';
import { buildSample, type SampleFlags } from '../samples/build-sample.js';
import { addSampleFlags } from '../samples/flags.js';
import { addDeliveryFlags, type SettingsFlags } from '../settings/flags.js';
import { createDestinationFrom, readSettings, type Settings } from '../settings/settings.js';
import type { Terminal } from '../terminal/terminal.js';

const timeoutMs = 30_000;

/** The flags of `trigger`. */
export interface TriggerFlags extends SettingsFlags, SampleFlags {
  readonly to?: string | undefined;
}

export const addTrigger: AddCommand = ({ program, terminal, action }) => {
  addDeliveryFlags(addSampleFlags(program.command('trigger').argument('<name>', 'name of a sample')))
    .addOption(
      // The receiver has settings of its own.
      new Option('--to <url>', 'receiver to send it to, as a Segment webhook (default: OneSignal)').conflicts([
        'mapping',
        'appId',
        'apiKeyFile',
        'baseUrl',
        'missingUser',
      ]),
    )
    .summary('send a sample event to OneSignal, a sandbox or a receiver')
    .description(
      'Sends a sample event to OneSignal, or with --to to a receiver, signed if SEGMENT_SHARED_SECRET is set. The event has the current time and a new id.',
    )
    .addHelpText(
      'after',
      examples(
        'trigger identify --set userId=u1 --set traits.plan=team --missing-user create',
        'trigger audience-entered --key vip --to http://localhost:3000/segment',
      ),
    )
    .action(action((name: string, flags: TriggerFlags) => runTrigger(name, flags, terminal)));
};

/** Sends one sample and prints what became of it. */
export async function runTrigger(name: string, flags: TriggerFlags, terminal: Terminal): Promise<ExitCode> {
  const event = buildSample(name, flags);
  const settings = await readSettings(flags, terminal);
  return flags.to === undefined ? deliver(event, settings, terminal) : post(event, flags.to, settings, terminal);
}

async function deliver(event: object, settings: Settings, { stdout, signal }: Terminal): Promise<ExitCode> {
  const destination = createDestinationFrom(settings);
  const [outcome] = await destination.deliver([event], { signal });
  stdout.write(`${linesOf(outcome).join('\n')}\n`);
  return outcome.status === 'delivered' || outcome.status === 'skipped' ? exitCodes.ok : exitCodes.failed;
}

function linesOf(outcome: Outcome): string[] {
  const dropped = outcome.dropped.map(({ path, reason }) => `  ! ${path}: ${reason}`);
  const warnings = outcome.warnings.map(({ code, message }) => `  warning: ${code}: ${message}`);
  return [headOf(outcome), ...dropped, ...warnings];
}

function headOf(outcome: Outcome): string {
  switch (outcome.status) {
    case 'delivered':
      return `delivered: ${outcome.applied.join(', ')}`;
    case 'skipped': {
      const advice = '. Add --missing-user create to create the user.';
      return `skipped: ${outcome.reason}${outcome.reason === 'user_not_found' ? advice : ''}`;
    }
    default:
      return `${outcome.status}: ${outcome.error.code}: ${outcome.error.message}`;
  }
}

async function post(
  event: object,
  url: string,
  { secrets, tokens }: Settings,
  { stdout, style, signal }: Terminal,
): Promise<ExitCode> {
  if (!URL.canParse(url) || !/^https?:/.test(url))
    throw new CommandError(`"${url}" is not an http(s) URL. Write --to http://localhost:3000/segment.`);
  const body = JSON.stringify(event);
  const [secret] = secrets ?? [];
  const [token] = tokens ?? [];
  const signature = secret === undefined ? {} : { 'x-signature': await sign(body, secret) };
  const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...signature, ...authorization },
    body,
    redirect: 'manual',
    signal: limitTime(signal, timeoutMs),
  }).catch((thrown: unknown) => {
    signal.throwIfAborted();
    throw new CommandError(
      `${url} did not answer: ${innermostMessageOf(thrown)}. Check that it is running.`,
      exitCodes.failed,
    );
  });
  const text = await response.text();
  const status = response.ok ? style.good(String(response.status)) : style.bad(String(response.status));
  const how = secret === undefined ? 'unsigned: SEGMENT_SHARED_SECRET is not set' : 'signed';
  const withToken = token === undefined ? '' : ', with a token';
  stdout.write(`${status} from ${url} (${how}${withToken})\n${text === '' ? '' : `${printableLines(text)}\n`}`);
  return response.ok ? exitCodes.ok : exitCodes.failed;
}
