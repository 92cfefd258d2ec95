import type { Drop, Operation } from 'segment-onesignal';

/** A line of a plan. */
export interface PlanRow {
  /** `+` is set or sent, `-` is removed. */
  readonly sign: '+' | '-';
  /** Such as `tag` or `segment`. */
  readonly kind: string;
  readonly name: string;
  readonly value: string;
}

const row = (sign: PlanRow['sign'], kind: string, name: string, value: unknown = ''): PlanRow => ({
  sign,
  kind,
  name,
  value: typeof value === 'string' ? value : JSON.stringify(value),
});

/** What an operation changes, a line each. */
export function rowsOf(operation: Operation): PlanRow[] {
  switch (operation.type) {
    case 'update_user':
      return [
        ...Object.entries(operation.tags).map(([key, value]) => row(value === '' ? '-' : '+', 'tag', key, value)),
        ...Object.entries(operation.profile ?? {}).map(([key, value]) => row('+', 'profile', key, value)),
      ];
    case 'ensure_segment': {
      const filters = operation.filters.map(({ key, relation, value }) => `${key} ${relation} "${value}"`);
      return [row('+', 'segment', operation.name, `where ${filters.join(' and ')}`)];
    }
    case 'send_custom_events':
      return operation.events.map(({ name, properties }) => row('+', 'custom event', name, properties));
    case 'add_subscription': {
      const { type, token, enabled } = operation.subscription;
      const state = enabled === undefined ? '' : enabled ? ' (enabled)' : ' (disabled)';
      return [row('+', 'subscription', type, token + state)];
    }
    case 'add_alias':
      return [row('+', 'alias', operation.alias.label, operation.alias.id)];
    case 'add_purchases':
      return operation.purchases.map(({ sku, amount, iso, count = 1 }) =>
        row('+', 'purchase', sku, `${count} × ${amount} ${iso}`),
      );
    default:
      return [row('-', 'user', operation.user.id, 'with everything OneSignal knows about them')];
  }
}

/** The paths of dropped fields by their reason, in order of appearance. */
export function pathsByReason(drops: readonly Drop[]): Map<Drop['reason'], string[]> {
  const paths = new Map<Drop['reason'], string[]>();
  for (const { path, reason } of drops) paths.set(reason, [...(paths.get(reason) ?? []), path]);
  return paths;
}
