/** An event, and what it is good for. */
export interface StoryEvent {
  readonly user: string;
  /** Place in time among its user's events. */
  readonly step: number;
  readonly event: unknown;
}

const firstMs = Date.parse('2024-01-01T00:00:00.000Z');

/**
 * Events of many users: each leaves a tag of its own, so that a lost event shows, and all write the same tags, so that a
 * wrong order shows. Some of a user's events come in the wrong order, and some come twice.
 */
export function createStory({ events, users }: { events: number; users: number }, random: () => number): StoryEvent[] {
  const steps = new Map<string, number>();
  const story: StoryEvent[] = [];
  while (story.length < events) {
    const user = `user-${Math.floor(random() * users)}`;
    const step = (steps.get(user) ?? 0) + 1;
    steps.set(user, step);
    const event = {
      type: 'identify',
      userId: user,
      messageId: `${user}-${step}`,
      timestamp: new Date(firstMs + step * 1_000).toISOString(),
      traits: { plan: `v${step}`, [`step_${step}`]: 'yes', trial: step % 3 === 0 ? null : `t${step % 2}` },
    };
    story.push({ user, step, event });
    if (random() < 0.05) story.push({ user, step, event });
    const last = story.length - 1;
    const other = Math.max(0, last - Math.floor(random() * 40));
    const [one, two] = [story[last], story[other]];
    if (random() < 0.3 && one !== undefined && two !== undefined) [story[last], story[other]] = [two, one];
  }
  return story;
}

/** The tags that each user must have in the end. */
export function endingOf(story: readonly StoryEvent[]): Map<string, Record<string, string>> {
  const endings = new Map<string, Record<string, string>>();
  for (const { user, step } of [...story].sort((one, other) => one.step - other.step)) {
    const ending = endings.get(user) ?? {};
    endings.set(user, {
      ...ending,
      plan: `v${step}`,
      [`step_${step}`]: 'yes',
      trial: step % 3 === 0 ? '' : `t${step % 2}`,
    });
  }
  return endings;
}
