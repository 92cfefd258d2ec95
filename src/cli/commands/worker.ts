import { createFleetWorker } from 'segment-onesignal/fleet';
import { type AddCommand, examples } from '../command.js';
import { type ExitCode, exitCodes } from '../exit-codes.js';
import { connectRedis } from '../serving/connect-redis.js';
import { untilAborted } from '../serving/listen.js';
import { addDeliveryFlags, type SettingsFlags } from '../settings/flags.js';
import { createTransport, readSettings, requireAccess } from '../settings/settings.js';
import type { Terminal } from '../terminal/terminal.js';

/** The flags of `worker`, as commander reads them. */
interface WorkerFlags extends SettingsFlags {
  readonly redis?: string | true | undefined;
  readonly queue?: string | undefined;
}

export const addWorker: AddCommand = ({ program, terminal, action }) => {
  addDeliveryFlags(program.command('worker'))
    .option('--redis [url]', 'Redis of the fleet (default: REDIS_URL)')
    .option('--queue <name>', 'queue of the fleet, one for each OneSignal app')
    .summary('deliver what receivers put into Redis')
    .description(
      'Sends the events that "serve --redis" receives. Run as many workers as you like: they share the users among themselves, and take over from one that crashes.',
    )
    .addHelpText('after', examples('worker --redis redis://127.0.0.1:6379', 'REDIS_URL=… segment-onesignal worker'))
    .action(action((flags: WorkerFlags) => runWorker(flags, terminal)));
};

/** Works until it is stopped, then finishes what is under way. */
export async function runWorker(flags: WorkerFlags, terminal: Terminal): Promise<ExitCode> {
  const settings = await readSettings(flags, terminal);
  const { appId } = requireAccess(settings);
  const { mapping, delivery } = settings;
  const connection = await connectRedis(flags.redis, false, terminal);
  const worker = createFleetWorker({
    connection,
    queue: flags.queue,
    destination: { appId, transport: createTransport(settings), mapping, delivery },
    onNotice: ({ code, message }) => void terminal.stderr.write(`${code}: ${message}\n`),
  });
  try {
    const running = worker.run();
    terminal.stderr.write('Working. Ctrl-C finishes what is under way and ends.\n');
    await Promise.race([running, untilAborted(terminal.signal)]);
    await worker.close();
    await running;
    return exitCodes.ok;
  } finally {
    connection.disconnect();
  }
}
