/** The time of an event, unless a test says otherwise: `at(3)` is three seconds after ten o'clock. */
export function at(second: number): string {
  return `2026-03-01T10:00:${String(second).padStart(2, '0')}.000Z`;
}

export function identify(userId: string, traits: Record<string, unknown>, more: Record<string, unknown> = {}) {
  const messageId: string = `m-${userId}`;
  return { type: 'identify', messageId, userId, traits, ...more } as const;
}

export function track(userId: string, properties: Record<string, unknown>, more: Record<string, unknown> = {}): object {
  return { type: 'track', event: 'Product Viewed', messageId: `m-${userId}`, userId, properties, ...more };
}

/** A user enters or leaves the audience `vips`, as Engage sends it by `track`. */
export function audience(userId: string, isMember: boolean, more: Record<string, unknown> = {}): object {
  return {
    type: 'track',
    event: isMember ? 'Audience Entered' : 'Audience Exited',
    messageId: `m-${userId}`,
    userId,
    properties: { audience_key: 'vips', audience_name: 'VIPs', vips: isMember },
    context: { personas: { computation_class: 'audience', computation_key: 'vips' } },
    ...more,
  };
}

/** An audience membership by identify (M14): the tag, then the segment. */
export function membership(userId: string, audience: string, isMember: boolean, more: Record<string, unknown> = {}) {
  return identify(
    userId,
    { [audience]: isMember },
    { context: { personas: { computation_class: 'audience', computation_key: audience } }, ...more },
  );
}
