import { checkDestinationOptions } from '../check-options.js';
import type { MappingOptions } from '../mapping/options.js';
import type { Plan } from '../onesignal/plan.js';
import { createPipeline } from '../pipeline.js';

/** Any id will do, because nothing is sent. */
export const testAppId = '00000000-0000-4000-8000-000000000001';

/**
 * Creates a function that plans any input as a destination does.
 *
 * @throws `ConfigurationError` if the mapping cannot work.
 * @internal
 */
export function createPlanner(mapping: MappingOptions | undefined): (event: unknown) => Plan {
  checkDestinationOptions({ appId: testAppId, apiKey: 'unused', mapping });
  // Never called: a dry run sends nothing.
  const startExchange = () => ({ answer: new Promise<never>(() => {}), abort: () => {} });
  const pipeline = createPipeline({ appId: testAppId, startExchange, mapping });
  return (event) => pipeline.plan([event]).plans[0];
}
