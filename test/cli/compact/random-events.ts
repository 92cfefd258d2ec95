import { seededRandom } from '../../seeded-random.js';
import { audience } from '../audience-track.js';

/** Events of a few users that interfere with each other: tags, memberships, tokens, purchases, deletions. */
export function randomEvents(
  seed: number,
  count: number,
  disorder: 'late events' | 'deletions',
): Record<string, unknown>[] {
  const random = seededRandom(seed);
  const pick = <Item>(items: readonly Item[]): Item => {
    const item = items[Math.floor(random() * items.length)];
    if (item === undefined) throw new RangeError('nothing to pick from');
    return item;
  };
  const startMs = Date.UTC(2026, 0, 1);
  return Array.from({ length: count }, (_, index) => {
    const userId = pick(['u0', 'u1', 'u2', 'u3', 'unknown']);
    // Most events happen when they arrive, some long before.
    const happenedMs =
      startMs + 10_000 * (disorder === 'late events' && random() < 0.2 ? Math.floor(random() * count) : index) + index;
    const receivedAt = new Date(startMs + 10_000 * count + 10_000 * index).toISOString();
    const base = { messageId: `m${index}`, userId, timestamp: new Date(happenedMs).toISOString(), receivedAt };
    const value = () => pick(['1', '2', '', null, true]);
    const kinds = [
      () => ({ type: 'identify', traits: { [pick(['a', 'b', 'c'])]: value(), [pick(['a', 'd'])]: value() } }),
      () => ({
        type: 'identify',
        traits: { plan: pick(['free', 'pro']) },
        context: { locale: pick(['de', 'en', 'fr']), timezone: pick(['Europe/Vienna', 'Asia/Tokyo']) },
      }),
      () => audience(pick(['vip', 'lapsed']), random() < 0.5),
      () => ({ type: 'track', event: 'Product Viewed', properties: { seen: index } }),
      () => ({
        type: 'track',
        event: 'Order Completed',
        properties: { order: index, currency: 'EUR', products: [{ sku: 'a', price: 2.5, quantity: 1 + (index % 3) }] },
      }),
      () => ({ type: 'identify', traits: { email: `${pick(['ada', 'bob', 'eve'])}@example.com` } }),
      () => ({ type: 'alias', previousId: `old-${userId}-${pick(['1', '2'])}` }),
      () => ({ type: 'page', name: 'Home' }),
      () =>
        disorder === 'deletions' && random() < 0.4 ? { type: 'delete' } : { type: 'identify', traits: { a: value() } },
    ];
    return { ...base, ...pick(kinds)() };
  });
}
