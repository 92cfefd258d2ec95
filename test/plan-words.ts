import { inspect } from 'node:util';
import type { Alias, Operation, Plan } from '../src/index.js';
import { userOfCustomEvent } from '../src/onesignal/user-key.js';

/**
 * A plan as the documents write it, a line for each operation and one for the drops: `update_user u1 { plan: 'pro'
 * }`, `dropped: traits.email identifier`.
 */
export function wordsOf(plan: Plan): string[] {
  const dropped = plan.dropped.map(({ path, reason }) => `${path} ${reason}`).join(', ');
  return [
    ...(plan.status === 'skipped' ? [`skipped: ${plan.reason}`] : []),
    ...(plan.status === 'failed' ? [`failed: ${plan.error.code}`] : []),
    ...plan.operations.flatMap(wordsOfOperation),
    ...(dropped === '' ? [] : [`dropped: ${dropped}`]),
  ];
}

function wordsOfOperation(operation: Operation): string[] {
  const { type } = operation;
  switch (type) {
    case 'update_user': {
      const { user, tags, profile } = operation;
      const size = Object.keys(tags).length;
      const written = size > 20 ? `${size} tags` : show(tags);
      return [`${type} ${nameOf(user)} ${written}${profile === undefined ? '' : `, profile ${show(profile)}`}`];
    }
    case 'ensure_segment':
      return [
        `${type} '${operation.name}': ${operation.filters.map(({ key, value }) => `${key} = '${value}'`).join(', ')}`,
      ];
    case 'send_custom_events':
      return operation.events.map(
        (event) => `${type} ${nameOf(userOfCustomEvent(event))} '${event.name}' ${show(event.properties)}`,
      );
    case 'add_subscription':
      return [`${type} ${nameOf(operation.user)} ${show(operation.subscription)}`];
    case 'add_alias':
      return [`${type} ${nameOf(operation.user)} ${operation.alias.label} = '${operation.alias.id}'`];
    case 'add_purchases':
      return [`${type} ${nameOf(operation.user)} ${show(operation.purchases)}`];
    case 'delete_user':
      return [`${type} ${nameOf(operation.user)}`];
  }
}

/** `u1`, or `customer_id/c1` for a user under another label. */
const nameOf = ({ label, id }: Alias) => (label === 'external_id' ? id : `${label}/${id}`);
const show = (value: unknown) => inspect(value, { depth: null, compact: true, breakLength: Number.POSITIVE_INFINITY });
