import type { Server } from 'node:http';
import { createFleetWorker, formatFleetMetrics, readFleetMetrics } from 'segment-onesignal/fleet';
import { type AddCommand, examples } from '../command.js';
import { CommandError } from '../command-error.js';
import { type ExitCode, exitCodes } from '../exit-codes.js';
import { createMetrics } from '../serve/metrics.js';
import { connectRedis } from '../serving/connect-redis.js';
import { listen, untilAborted } from '../serving/listen.js';
import { createMetricsServer } from '../serving/metrics-server.js';
import { addDeliveryFlags, readPort, type SettingsFlags } from '../settings/flags.js';
import { createDestinationFrom, createTransport, readSettings, requireAccess } from '../settings/settings.js';
import type { Terminal } from '../terminal/terminal.js';

/** The flags of `worker`, as commander reads them. */
interface WorkerFlags extends SettingsFlags {
  readonly redis?: string | true | undefined;
  readonly queue?: string | undefined;
  readonly metricsPort?: number | undefined;
  readonly host?: string | undefined;
}

export const addWorker: AddCommand = ({ program, terminal, action }) => {
  addDeliveryFlags(program.command('worker'))
    .option('--redis [url]', 'Redis of the fleet (default: REDIS_URL)')
    .option('--queue <name>', "name of the fleet's queue; use one per OneSignal app")
    .option('--metrics-port <number>', 'port for /metrics, /healthz and /readyz, 0 for a free one', readPort)
    .option('--host <address>', 'address for that port, 0.0.0.0 for all (default: 127.0.0.1)')
    .summary('deliver the events that receivers stored in Redis')
    .description(
      'Sends the events that "serve --redis" receives. Run as many workers as you like: they divide the users among themselves, and take over from one that crashes.',
    )
    .addHelpText(
      'after',
      examples('worker --redis redis://127.0.0.1:6379', 'worker --redis --metrics-port 9090 --host 0.0.0.0'),
    )
    .action(action((flags: WorkerFlags) => runWorker(flags, terminal)));
};

/** Works until it is stopped, then finishes what is under way. */
export async function runWorker(flags: WorkerFlags, terminal: Terminal): Promise<ExitCode> {
  if (flags.host !== undefined && flags.metricsPort === undefined)
    throw new CommandError('--host needs --metrics-port.');
  const settings = await readSettings(flags, terminal);
  // Checked here, because the fleet would put "destination." in front of the options of the config file.
  createDestinationFrom(settings);
  const { appId } = requireAccess(settings);
  const { mapping, delivery } = settings;
  const connection = await connectRedis(flags.redis, settings, false, terminal);
  const metrics = createMetrics();
  const hooks = { onAttempt: metrics.attempt, onOutcome: metrics.event };
  const worker = createFleetWorker({
    connection,
    queue: flags.queue,
    destination: { appId, transport: createTransport(settings), mapping, delivery, hooks },
    onNotice: ({ code, message }) => void terminal.stderr.write(`${code}: ${message}\n`),
  });
  let server: Server | undefined;
  try {
    if (flags.metricsPort !== undefined) {
      server = createMetricsServer(
        async () => formatFleetMetrics(await readFleetMetrics({ connection, queue: flags.queue })) + metrics.format(),
      );
      const url = await listen(server, flags.metricsPort, flags.host ?? '127.0.0.1');
      terminal.stderr.write(`Metrics: ${url}/metrics. Health: ${url}/healthz.\n`);
    }
    const running = worker.run();
    terminal.stderr.write('Working. Ctrl-C finishes the events in flight and exits.\n');
    await Promise.race([running, untilAborted(terminal.signal)]);
    await worker.close();
    await running;
    return exitCodes.ok;
  } finally {
    server?.close();
    server?.closeAllConnections();
    connection.disconnect();
  }
}
