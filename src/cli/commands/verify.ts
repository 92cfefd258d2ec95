import { type AddCommand, examples } from '../command.js';
import { CommandError, messageOf } from '../command-error.js';
import { type ExitCode, exitCodes } from '../exit-codes.js';
import { readBytes } from '../read-file.js';
import { readSettings } from '../settings/settings.js';
import { diagnose } from '../signature/diagnose.js';
import { readHeaders } from '../signature/read-headers.js';
import type { Terminal } from '../terminal/terminal.js';

/** The flags of `verify`. */
export interface VerifyFlags {
  readonly config?: string | undefined;
  readonly envFile?: string | undefined;
}

export const addVerify: AddCommand = ({ program, terminal, action }) => {
  program
    .command('verify')
    .argument('<headers>', 'file with the headers: JSON, or lines such as "X-Signature: 3f…"')
    .argument('<body>', 'file with the body, byte for byte; - for stdin')
    .option('-c, --config <file>', 'config file (default: the nearest segment-onesignal.config.*)')
    .option('--env-file <file>', 'read environment variables from a file, such as .env')
    .summary('say why the signature of a captured webhook is refused')
    .description(
      'Checks the signature of a captured webhook with the secret in SEGMENT_SHARED_SECRET, and says which part fails: the header, the body or the secret.',
    )
    .addHelpText('after', examples('verify headers.txt body.json --env-file .env'))
    .action(
      action((headers: string, body: string, flags: VerifyFlags) => runVerify({ headers, body }, flags, terminal)),
    );
};

/** Prints whether the signature matches, and why not. */
export async function runVerify(
  files: { readonly headers: string; readonly body: string },
  flags: VerifyFlags,
  terminal: Terminal,
): Promise<ExitCode> {
  const { secrets = [] } = await readSettings(flags, terminal);
  if (secrets.length === 0)
    throw new CommandError('No secret is set. Set SEGMENT_SHARED_SECRET, or secrets in the config file.');
  const headers = await headersIn(files.headers, terminal);
  const { matches, finding, advice } = await diagnose(
    headers.get('x-signature'),
    await readBytes(files.body, terminal),
    secrets,
  );
  const { style, stdout } = terminal;
  const mark = matches ? style.good('OK:') : style.bad('Refused:');
  stdout.write(`${mark} ${finding}${advice === undefined ? '' : ` ${advice}`}\n`);
  return matches ? exitCodes.ok : exitCodes.failed;
}

async function headersIn(file: string, terminal: Terminal): Promise<ReadonlyMap<string, string>> {
  const text = (await readBytes(file, terminal)).toString('utf8');
  const headers = parseHeaders(text, file);
  if (headers.size === 0)
    throw new CommandError(`${file} has no headers. Write them as lines such as "X-Signature: 3f…", or as JSON.`);
  return headers;
}

function parseHeaders(text: string, file: string): ReadonlyMap<string, string> {
  try {
    return readHeaders(text);
  } catch (thrown) {
    throw new CommandError(`${file} is not JSON: ${messageOf(thrown)}.`);
  }
}
