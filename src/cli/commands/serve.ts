import { Option } from 'commander';
import { type AddCommand, examples } from '../command.js';
import { runServe, type ServeFlags } from '../serve/run-serve.js';
import { addDeliveryFlags, readPort } from '../settings/flags.js';

export const addServe: AddCommand = ({ program, terminal, action }) => {
  addDeliveryFlags(program.command('serve'))
    .option('-p, --port <number>', 'port to listen on, 0 for a free one', readPort, 3000)
    .option('--host <address>', 'address to listen on, 0.0.0.0 for all', '127.0.0.1')
    .addOption(
      new Option('--sandbox', 'deliver to an in-memory OneSignal with a status page').conflicts([
        'apiKeyFile',
        'baseUrl',
      ]),
    )
    .addOption(
      new Option('--redis [url]', 'store events in Redis for workers (default: REDIS_URL)').conflicts([
        'sandbox',
        'appId',
        'apiKeyFile',
        'baseUrl',
        'missingUser',
      ]),
    )
    .option('--queue <name>', "name of the fleet's queue; use one per OneSignal app")
    .option('--allow-unsigned', 'accept events from anyone, for development')
    .summary("receive Segment's webhooks on a port")
    .description(
      'Receives events from Segment and delivers them. SEGMENT_SHARED_SECRET, WEBHOOK_TOKEN and WEBHOOK_WRITE_KEY say who may send events. In a terminal it shows the last events; otherwise it prints a line of JSON for each request. It answers /healthz, /readyz and /metrics. On SIGTERM it answers the requests that it has received and exits.',
    )
    .addHelpText(
      'after',
      examples(
        'serve --sandbox --allow-unsigned',
        'serve --host 0.0.0.0 --env-file .env',
        'serve --redis --env-file .env',
      ),
    )
    .action(action((flags: ServeFlags) => runServe(flags, terminal)));
};
