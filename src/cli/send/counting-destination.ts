import { createDestination, type Destination, type OneSignalRequest, type Transport } from 'segment-onesignal';
import { createTransport, requireAccess, type Settings } from '../settings/settings.js';
import type { SendFlags } from './flags.js';
import type { Journal } from './journal.js';

/** Creates the destination of a run, which counts its requests. */
export function createCountingDestination(
  settings: Settings,
  { tagsOnly, requestsPerSecond }: SendFlags,
  journal: Journal | undefined,
  onRequest: () => void,
): Destination {
  const { appId } = requireAccess(settings);
  const transport = createTransport(settings);
  return createDestination({
    appId,
    transport: tagsOnly === true ? withoutEvents(transport) : transport,
    mapping: settings.mapping,
    delivery: {
      order: journal?.order,
      seen: journal?.seen,
      ...settings.delivery,
      ...(requestsPerSecond === undefined ? {} : { requestsPerSecond }),
    },
    hooks: {
      onAttempt({ operation }) {
        if (tagsOnly !== true || !eventOperations.includes(operation)) onRequest();
      },
    },
  });
}

/** What `--tags-only` leaves out. */
export const eventOperations: readonly string[] = ['send_custom_events', 'add_purchases'];

/**
 * Leaves out custom events and purchases, each of which is a request of its own. Without the mapping's options for them,
 * events that become custom events in place of tags would become tags.
 */
function withoutEvents(transport: Transport): Transport {
  return {
    send: async (request, options) =>
      isEvents(request) ? { status: 202, headers: {}, body: {} } : transport.send(request, options),
  };
}

function isEvents({ path, body }: OneSignalRequest): boolean {
  return path.endsWith('/custom_events') || Object(Object(body).deltas).purchases !== undefined;
}
