import { seededRandom } from '../seeded-random.js';

const startMs = Date.UTC(2026, 0, 1);
const words = 'alpha bravo charlie delta echo foxtrot golf hotel india juliett kilo lima'.split(' ');

/**
 * Generates events like those from Segment, about 1 kB of JSON each: 40 % identify, 50 % track, 10 % audiences and
 * computed traits.
 *
 * @param userOf - Chooses the user of an event.
 */
export function* eventStream(seed: number, userOf: (index: number, random: () => number) => string): Generator<string> {
  const random = seededRandom(seed);
  const word = () => words[Math.floor(random() * words.length)] ?? '';
  const some = (length: number) => Array.from({ length }, word).join(' ');
  for (let index = 0; ; index++) {
    const kind = random();
    const timestamp = new Date(startMs + index * 1000).toISOString();
    const library = { name: 'analytics.js', version: '2.11.1' };
    const page = {
      path: `/${word()}/${word()}`,
      referrer: '',
      search: '',
      title: some(9),
      url: `https://shop.example/${word()}`,
    };
    const context = {
      ip: '203.0.113.7',
      library,
      locale: 'en-GB',
      page,
      timezone: 'Europe/Vienna',
      userAgent: some(24),
    };
    const common = {
      anonymousId: `a-${Math.floor(random() * 1e9)}`,
      messageId: `m-${seed}-${index}`,
      receivedAt: timestamp,
      sentAt: timestamp,
      timestamp,
      userId: userOf(index, random),
      integrations: {},
    };
    if (kind < 0.4) yield JSON.stringify({ ...common, type: 'identify', context, traits: traits() });
    else if (kind < 0.9)
      yield JSON.stringify({ ...common, type: 'track', event: `${word()} viewed`, context, properties: properties() });
    else yield JSON.stringify({ ...common, ...engage(kind) });

    function traits(): object {
      const address = { street: some(2), city: word(), country: 'AT' };
      const person = {
        firstName: word(),
        lastName: word(),
        email: `${word()}@example.com`,
        age: 20 + Math.floor(random() * 50),
      };
      return {
        ...person,
        plan: word(),
        seats: Math.floor(random() * 20),
        trial: random() < 0.5,
        company: some(2),
        address,
        nickname: null,
      };
    }
    function properties(): object {
      const price = Math.round(random() * 1e4) / 100;
      const product = { sku: word(), price, quantity: 1 };
      return {
        product_id: word(),
        category: some(2),
        name: some(3),
        brand: word(),
        price,
        currency: 'EUR',
        quantity: 1,
        coupon: null,
        products: [product],
      };
    }
    function engage(kind: number): object {
      const key = `${word()}_${word()}`;
      const isTrait = kind < 0.93;
      const personas = {
        computation_class: isTrait ? 'trait' : 'audience',
        computation_id: 'aud_1',
        computation_key: key,
        namespace: 'spa_1',
        space_id: 'spa_1',
      };
      const value = isTrait ? Math.floor(random() * 1000) : random() < 0.7;
      const engageContext = { ...context, personas };
      return kind < 0.96
        ? { type: 'identify', context: engageContext, traits: { [key]: value } }
        : {
            type: 'track',
            event: value === true ? 'Audience Entered' : 'Audience Exited',
            context: engageContext,
            properties: { audience_key: key, [key]: value },
          };
    }
  }
}

/** Returns the first `count` events of a stream. */
export function take(stream: Iterator<string>, count: number): string[] {
  return Array.from({ length: count }, () => String(stream.next().value));
}

/**
 * Draws users by Zipf's law, as in a web shop: the second most active user is half as active as the first, the third a
 * third.
 */
export function zipfUsers(users: number): (index: number, random: () => number) => string {
  const sums: number[] = [];
  let sum = 0;
  for (let rank = 1; rank <= users; rank++) {
    sum += 1 / rank;
    sums.push(sum);
  }
  return (_, random) => {
    const drawn = random() * sum;
    let low = 0;
    for (let high = sums.length - 1; low < high; ) {
      const middle = (low + high) >> 1;
      if ((sums[middle] ?? 0) < drawn) low = middle + 1;
      else high = middle;
    }
    return `user-${low}`;
  };
}
