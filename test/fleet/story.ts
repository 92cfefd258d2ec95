/** An event and its place in the story of its user. */
export interface StoryEvent {
  readonly user: string;
  /** Its position among its user's events, by timestamp. */
  readonly step: number;
  readonly event: unknown;
}

const firstMs = Date.parse('2024-01-01T00:00:00.000Z');

/**
 * Events of many users. Each leaves a tag of its own, which shows if the event was lost, and all write the same tags,
 * which show if the order was wrong. Some of a user's events arrive out of order, and some arrive twice.
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

/** The tags that each user must have at the end. */
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
