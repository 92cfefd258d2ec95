import { seededRandom } from '../seeded-random.js';
import { zipfUsers } from './stream.js';

/** An identify call, like those that a source sends at the start of a session. */
export interface Session {
  /** The event without its time. */
  event: { type: 'identify'; messageId: string; userId: string; traits: Record<string, unknown> };
  /** Whether a trait differs from the user's previous session. */
  hasChange: boolean;
}

const plans = ['free', 'basic', 'pro', 'enterprise'];
const cities = ['Graz', 'Vienna', 'Linz', 'Salzburg', 'Innsbruck'];

/**
 * Generates sessions, each of which repeats all of the user's traits. In a tenth of them, one trait has changed. Users
 * are distributed by Zipf's law.
 */
export function createSessions(seed: number, users: number): { first(): Session[]; take(count: number): Session[] } {
  const random = seededRandom(seed);
  const drawUser = zipfUsers(users);
  const revisions = new Map<string, number>();
  let sessions = 0;
  const sessionOf = (userId: string, hasChange: boolean): Session => {
    const revision = (revisions.get(userId) ?? 0) + (hasChange ? 1 : 0);
    revisions.set(userId, revision);
    const number = Number(userId.slice('user-'.length));
    const traits = {
      firstName: `First ${number % 997}`,
      lastName: `Last ${number}`,
      email: `${userId}@example.com`,
      age: 18 + (number % 60),
      city: cities[number % cities.length],
      plan: plans[number % plans.length],
      seats: number % 20,
      trial: number % 2 === 0,
      orders: revision,
    };
    return { event: { type: 'identify', messageId: `m-${seed}-${sessions++}`, userId, traits }, hasChange };
  };
  return {
    /** One session of each user. */
    first: () => Array.from({ length: users }, (_, number) => sessionOf(`user-${number}`, false)),
    take: (count) =>
      Array.from({ length: count }, () => {
        const hasChange = random() < 0.1;
        return sessionOf(drawUser(0, random), hasChange);
      }),
  };
}
