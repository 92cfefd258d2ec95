import type { Operation, Outcome } from '../../../src/index.js';
import type { Delivered } from './host.js';

/** A part of an event that takes effect or not, independently of its other parts. */
export type Part = { readonly fate: Fate } & (
  | {
      readonly kind: 'field';
      /** `a` for a tag, `profile/language` for a profile field, `alias/legacy` for an alias. */
      readonly key: string;
      /** `''` removes a tag. */
      readonly value: string;
    }
  | {
      readonly kind: 'token';
      /** `Email ada@x.example`, in lower case. */
      readonly key: string;
      /** Whether the user agreed to messages, if the event says so. */
      readonly enabled: boolean | undefined;
    }
  | { readonly kind: 'purchase' | 'custom event' | 'segment'; readonly key: string }
  | { readonly kind: 'deletion'; readonly key: '' }
);

/** What the outcome says about a part. */
export type Fate = 'applied' | 'stale' | 'no room' | 'dropped' | 'missing user' | 'refused' | 'unsaid';

export interface Judged {
  readonly event: Delivered;
  readonly parts: readonly Part[];
}

/** Reads from an event's outcome what became of each of its parts. */
export function judge(event: Delivered): Judged {
  const { outcome } = event;
  if (outcome === undefined) return { event, parts: [] };
  return { event, parts: event.plan.operations.flatMap((operation) => partsOf(operation, event, outcome)) };
}

function partsOf(operation: Operation, { pathOf }: Delivered, outcome: Outcome): Part[] {
  const isApplied = outcome.applied.includes(operation.type);
  const fateOf = (path: string): Fate => {
    const drop = outcome.dropped.find((one) => one.path === path);
    if (drop?.reason === 'stale') return 'stale';
    // An earlier event has applied the value.
    if (drop?.reason === 'unchanged') return 'applied';
    if (drop?.reason === 'tag_limit') return 'no room';
    if (drop !== undefined) return 'dropped';
    if (isApplied) return 'applied';
    if (outcome.status === 'skipped' && outcome.reason === 'stale') return 'stale';
    if (outcome.status === 'skipped' && outcome.reason === 'user_not_found') return 'missing user';
    return outcome.status === 'failed' ? 'refused' : 'unsaid';
  };
  switch (operation.type) {
    case 'update_user':
      return [
        ...Object.entries(operation.tags).map(
          ([key, value]): Part => ({ kind: 'field', key, value, fate: fateOf(pathOf(key)) }),
        ),
        ...Object.entries(operation.profile ?? {}).map(([field, value]): Part => {
          const key = `profile/${field}`;
          return { kind: 'field', key, value: String(value), fate: fateOf(pathOf(key)) };
        }),
      ];
    case 'add_alias': {
      const key = `alias/${operation.alias.label}`;
      return [{ kind: 'field', key, value: operation.alias.id, fate: fateOf(pathOf(key)) }];
    }
    case 'add_subscription': {
      const { type, token, enabled } = operation.subscription;
      const name = type === 'Email' ? token.toLowerCase() : token;
      return [{ kind: 'token', key: `${type} ${name}`, enabled, fate: fateOf(pathOf(`subscription/${type}/${name}`)) }];
    }
    case 'add_purchases':
      return operation.purchases.map(
        (purchase): Part => ({
          kind: 'purchase',
          key: purchase.sku,
          fate: fateOf(pathOf('purchases')),
        }),
      );
    case 'send_custom_events':
      return operation.events.map(
        (custom): Part => ({
          kind: 'custom event',
          key: custom.idempotency_key ?? '',
          fate: fateOf(''),
        }),
      );
    case 'ensure_segment':
      return operation.filters.map((filter): Part => ({ kind: 'segment', key: filter.key, fate: fateOf('') }));
    case 'delete_user':
      return [{ kind: 'deletion', key: '', fate: fateOf('') }];
  }
}
