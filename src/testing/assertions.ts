import { checkNames } from '../known-options.js';
import type { Drop, Plan, SkipReason } from '../onesignal/plan.js';
import { checkPlan } from './check-plan.js';
import { differenceOf } from './difference.js';
import { dropsOf, tagsOf } from './read-plan.js';
import { summaryOf } from './summary.js';

/** Thrown by the assertions about plans. Its message holds the diff. */
export class PlanAssertionError extends Error {
  /** Always `PlanAssertionError`. */
  override readonly name = 'PlanAssertionError';
}

/**
 * Asserts that a plan sets exactly these tags, no more and no fewer. A plan that leaks a tag fails.
 *
 * @throws {@link PlanAssertionError} with the difference.
 * @example
 * ```ts
 * import { mapEvent } from 'segment-onesignal';
 * import { assertTags, track } from 'segment-onesignal/testing';
 *
 * assertTags(mapEvent(track('Plan Changed', { properties: { plan: 'team' } })), { plan: 'team' });
 * ```
 */
export function assertTags(plan: Plan, tags: Readonly<Record<string, string>>): void {
  const difference = differenceOf(tags, tagsOf(plan));
  if (difference !== undefined)
    throw new PlanAssertionError(
      `The plan's tags differ from the expected tags (- expected, + planned):\n${difference}`,
    );
}

/**
 * Asserts that every field of the event is carried over, except those with these paths.
 *
 * An exception that is no longer dropped fails too, so that the list stays up to date.
 *
 * @throws {@link PlanAssertionError} that lists the fields and the reasons.
 * @example
 * ```ts
 * import { mapEvent } from 'segment-onesignal';
 * import { assertNothingDropped, identify } from 'segment-onesignal/testing';
 *
 * const plan = mapEvent(identify(), { nested: 'flatten' });
 * assertNothingDropped(plan, { except: ['traits.email', 'traits.phone'] });
 * ```
 */
export function assertNothingDropped(
  plan: { readonly dropped: readonly Drop[] },
  options: { readonly except?: readonly string[] | undefined } = {},
): void {
  checkNames(options, ['except']);
  const { except = [] } = options;
  const drops = Object.entries(dropsOf(plan));
  const unexpected = drops.filter(([path]) => !except.includes(path));
  const unused = except.filter((path) => !drops.some(([dropped]) => dropped === path));
  if (unexpected.length === 0 && unused.length === 0) return;
  throw new PlanAssertionError(
    section(
      'The plan drops fields:',
      unexpected.map(([path, reason]) => `! ${path}: ${reason}`),
    ) + section('"except" lists fields that are not dropped:', unused),
  );
}

/**
 * Asserts that nothing is sent for the event, for this reason.
 *
 * @throws {@link PlanAssertionError} with a summary of the plan.
 */
export function assertSkipped(plan: Plan, reason: SkipReason): void {
  checkPlan(plan);
  if (plan.status === 'skipped' && plan.reason === reason) return;
  throw new PlanAssertionError(`Expected the event to be skipped as ${reason}. The plan is:\n${summaryOf(plan)}`);
}

function section(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : `${[title, ...lines].join('\n')}\n`;
}
