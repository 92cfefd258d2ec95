import { aliasKey, subscriptionKey } from '../onesignal/operation-keys.js';
import type { PendingInput } from './pending-input.js';

/**
 * Orders operations of different users that name the same subscription token or alias. Such an operation is a claim:
 * the user it names takes the token or alias, so it must take effect in event order, not in the order of the user
 * queues (D7).
 */
export interface Claims {
  /** Registers an input of a user, with its place in time; inputs that claim nothing cost nothing. */
  register(user: string, input: PendingInput, at: number): void;
  /** Whether an earlier claim of another user, or one that is being sent, has to be settled first. */
  isBlocked(input: PendingInput): boolean;
  /** The input is being sent. */
  start(input: PendingInput): void;
  /** The input is settled: no request with its claim is in flight any longer. */
  settle(input: PendingInput): void;
  /** Calls the handler after each settled claim. Returns a function that removes the handler. */
  onSettled(handler: () => void): () => void;
}

interface Claim {
  readonly user: string;
  readonly keys: readonly string[];
  readonly isDeletion: boolean;
  /**
   * Its place in time, in Unix milliseconds: the order of user queues and of claims must agree, or they could deadlock.
   */
  readonly at: number;
  readonly sequence: number;
  isSending: boolean;
}

/** @internal */
export function createClaims(): Claims {
  const claims = new Map<PendingInput, Claim>();
  const byKey = new Map<string, Set<Claim>>();
  const deletions = new Set<Claim>();
  const handlers = new Set<() => void>();
  let sequence = 0;

  const comesFirst = (claim: Claim, other: Claim): boolean =>
    other.isSending || other.at < claim.at || (other.at === claim.at && other.sequence < claim.sequence);
  const isHeldUpBy = (claim: Claim, others: Iterable<Claim>): boolean => {
    for (const other of others) if (other.user !== claim.user && comesFirst(claim, other)) return true;
    return false;
  };

  const settle = (input: PendingInput): void => {
    const claim = claims.get(input);
    if (claim === undefined) return;
    claims.delete(input);
    deletions.delete(claim);
    for (const key of claim.keys) {
      const known = byKey.get(key);
      known?.delete(claim);
      if (known?.size === 0) byKey.delete(key);
    }
    for (const handler of [...handlers]) handler();
  };

  return {
    settle,
    register(user, input, at) {
      const keys = claimedKeys(input);
      const isDeletion = input.writes.some(({ type }) => type === 'delete_user');
      if (keys.length === 0 && !isDeletion) return;
      const claim: Claim = { user, keys, isDeletion, at, sequence: sequence++, isSending: false };
      claims.set(input, claim);
      if (isDeletion) deletions.add(claim);
      for (const key of keys) {
        const known = byKey.get(key);
        if (known === undefined) byKey.set(key, new Set([claim]));
        else known.add(claim);
      }
      input.onLeave(() => {
        // A request in flight may still take effect, so later claims have to wait for it.
        if (!claim.isSending) settle(input);
      });
    },
    isBlocked(input) {
      const claim = claims.get(input);
      if (claim === undefined || claim.isSending) return false;
      // A deletion frees every token and alias of its user, and nobody knows which ones those are.
      if (claim.isDeletion) return isHeldUpBy(claim, claims.values());
      return claim.keys.some((key) => isHeldUpBy(claim, byKey.get(key) ?? [])) || isHeldUpBy(claim, deletions);
    },
    start(input) {
      const claim = claims.get(input);
      if (claim !== undefined) claim.isSending = true;
    },
    onSettled(handler) {
      handlers.add(handler);
      return () => void handlers.delete(handler);
    },
  };
}

function claimedKeys({ writes }: PendingInput): string[] {
  return writes.flatMap((write) => {
    if (write.type === 'add_subscription') return [subscriptionKey(write.subscription)];
    return write.type === 'add_alias' ? [`${aliasKey(write.alias)} ${write.alias.id}`] : [];
  });
}
