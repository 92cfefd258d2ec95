import { once } from 'node:events';
import { type AddCommand, examples } from '../command.js';
import { type ExitCode, exitCodes } from '../exit-codes.js';
import { createSandboxServer } from '../sandbox/sandbox-server.js';
import { listen, untilAborted } from '../serving/listen.js';
import { integerFrom, readPort } from '../settings/flags.js';
import type { Terminal } from '../terminal/terminal.js';

/** The flags of `sandbox`, as commander reads them. */
interface SandboxFlags {
  readonly port: number;
  readonly host: string;
  readonly strict?: boolean | undefined;
  readonly rateLimits?: boolean | undefined;
  readonly tagLimit?: number | undefined;
}

export const addSandbox: AddCommand = ({ program, terminal, action }) => {
  program
    .command('sandbox')
    .option('-p, --port <number>', 'port to listen on, 0 for a free one', readPort, 4010)
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--strict', 'answer 404 for users that were not created, as OneSignal does')
    .option('--rate-limits', "answer 429 beyond OneSignal's limits")
    .option('--tag-limit <number>', 'tags that a user may have, as on your OneSignal plan', integerFrom(1))
    .summary('run an in-memory OneSignal with a status page')
    .description(
      'Answers as OneSignal does, from memory. Its status page shows users, tags, segments and requests as they appear.',
    )
    .addHelpText('after', examples('sandbox', 'sandbox --port 0 --strict --rate-limits --tag-limit 10'))
    .action(action((flags: SandboxFlags) => runSandbox(flags, terminal)));
};

/** Serves until it is stopped. */
export async function runSandbox(flags: SandboxFlags, { stdout, signal }: Terminal): Promise<ExitCode> {
  const { port, host, strict, rateLimits = false, tagLimit } = flags;
  const { server, close } = createSandboxServer({
    unknownUsers: strict === true ? 'missing' : 'known',
    rateLimits,
    ...(tagLimit === undefined ? {} : { tagLimit }),
  });
  const url = await listen(server, port, host);
  stdout.write(`OneSignal sandbox: ${url}\n`);
  stdout.write(
    `Use it with --base-url ${url} or ONESIGNAL_BASE_URL=${url}. Open it in a browser to watch. Ctrl-C stops it.\n`,
  );
  await untilAborted(signal);
  close();
  server.close();
  server.closeAllConnections();
  await once(server, 'close');
  return exitCodes.ok;
}
