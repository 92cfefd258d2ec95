import type { Alias, OneSignalCustomEvent, Operation, Purchase, Subscription } from '../onesignal/operation.js';
import type { Plan } from '../onesignal/plan.js';
import { userOfCustomEvent } from '../onesignal/user-key.js';
import { checkPlan } from './check-plan.js';

/**
 * Returns a plan as a few readable lines, for inline snapshots: `+` is set or sent, `-` is removed, `!` is dropped.
 *
 * The lines have a stable order and contain neither message ids nor times.
 *
 * @example
 * ```ts
 * import { mapEvent } from 'segment-onesignal';
 * import { identify, summaryOf } from 'segment-onesignal/testing';
 *
 * console.log(summaryOf(mapEvent(identify({ traits: { trial: null } }))));
 * // planned for user-1
 * // + tag first_name = "Mira"
 * // + tag last_name = "Novak"
 * // + tag plan = "pro"
 * // + tag createdAt = "2025-11-20T08:15:00.000Z"
 * // - tag trial
 * // ! traits.email: identifier
 * // ! traits.phone: identifier
 * // ! traits.address: nested
 * ```
 */
export function summaryOf(plan: Plan): string {
  checkPlan(plan);
  return [
    headOf(plan),
    ...plan.operations.flatMap(linesOf),
    ...plan.dropped.map(({ path, reason }) => `! ${path}: ${reason}`),
  ].join('\n');
}

function headOf(plan: Plan): string {
  if (plan.status === 'skipped') return `skipped: ${plan.reason}`;
  if (plan.status === 'failed') return `failed: ${plan.error.code}: ${plan.error.message}`;
  const user = plan.operations.flatMap(userOf)[0];
  return user === undefined ? 'planned' : `planned for ${user}`;
}

function userOf(operation: Operation): string[] {
  if (operation.type === 'ensure_segment') return [];
  if (operation.type === 'send_custom_events') return operation.events.map((event) => nameOf(userOfCustomEvent(event)));
  return [nameOf(operation.user)];
}

function nameOf({ label, id }: Alias): string {
  return label === 'external_id' ? id : `${label} ${id}`;
}

function linesOf(operation: Operation): string[] {
  switch (operation.type) {
    case 'update_user':
      return [
        ...Object.entries(operation.tags).map(([key, value]) =>
          value === '' ? `- tag ${key}` : `+ tag ${key} = ${JSON.stringify(value)}`,
        ),
        ...Object.entries(operation.profile ?? {}).map(([key, value]) => `+ profile ${key} = ${JSON.stringify(value)}`),
      ];
    case 'ensure_segment': {
      const filters = operation.filters.map(
        ({ key, relation, value }) => `${key} ${relation} ${JSON.stringify(value)}`,
      );
      return [`+ segment ${JSON.stringify(operation.name)} where ${filters.join(' and ')}`];
    }
    case 'send_custom_events':
      return operation.events.map(customEventLine);
    case 'add_subscription':
      return [subscriptionLine(operation.subscription)];
    case 'add_alias':
      return [`+ alias ${operation.alias.label} = ${JSON.stringify(operation.alias.id)}`];
    case 'add_purchases':
      return operation.purchases.map(purchaseLine);
    default:
      return ['- user'];
  }
}

function customEventLine({ name, properties }: OneSignalCustomEvent): string {
  return `+ custom event ${JSON.stringify(name)} ${JSON.stringify(properties)}`;
}

function subscriptionLine({ type, token, enabled }: Subscription): string {
  const state = enabled === undefined ? '' : enabled ? ' (enabled)' : ' (disabled)';
  return `+ subscription ${type} ${token}${state}`;
}

function purchaseLine({ sku, amount, iso, count = 1 }: Purchase): string {
  return `+ purchase ${count} × ${sku} at ${amount} ${iso}`;
}
