import type { DropReason, Plan, SkipReason } from '../onesignal/plan.js';
import { checkPlan } from './check-plan.js';
import { differenceOf } from './difference.js';
import { dropsOf, segmentsOf, tagsOf } from './read-plan.js';
import { summaryOf } from './summary.js';

/** The result of a matcher, as Vitest and Jest expect it. */
export interface MatcherResult {
  /** Whether the plan is as expected. */
  readonly pass: boolean;
  /** Explains why the assertion failed. */
  readonly message: () => string;
}

/** The matchers, as they are called on `expect(plan)`. Declare them for your framework as `docs/testing.md` shows. */
export interface PlanMatchers<Result = unknown> {
  /** The plan sets exactly these tags. */
  toSetTags(tags: Readonly<Record<string, string>>): Result;
  /** The plan drops the field with this path, for this reason if there is one. */
  toDrop(path: string, reason?: DropReason): Result;
  /** The plan ensures the segment with this name. */
  toEnsureSegment(name: string): Result;
  /** Nothing is sent for the event, for this reason if there is one. */
  toBeSkipped(reason?: SkipReason): Result;
}

/**
 * Matchers for `expect.extend` of Vitest and Jest.
 *
 * @example
 * ```ts
 * import { matchers } from 'segment-onesignal/testing';
 * import { expect } from 'vitest';
 *
 * expect.extend({ ...matchers });
 * ```
 */
export const matchers: {
  /** The plan sets exactly these tags. */
  readonly toSetTags: (plan: Plan, tags: Readonly<Record<string, string>>) => MatcherResult;
  /** The plan drops the field with this path, for this reason if there is one. */
  readonly toDrop: (plan: Plan, path: string, reason?: DropReason) => MatcherResult;
  /** The plan ensures the segment with this name. */
  readonly toEnsureSegment: (plan: Plan, name: string) => MatcherResult;
  /** Nothing is sent for the event, for this reason if there is one. */
  readonly toBeSkipped: (plan: Plan, reason?: SkipReason) => MatcherResult;
} = {
  toSetTags(plan, tags) {
    const difference = differenceOf(tags, tagsOf(plan));
    return difference === undefined
      ? passed('set exactly these tags', plan)
      : {
          pass: false,
          message: () => `The plan's tags differ from the expected tags (- expected, + planned):\n${difference}`,
        };
  },
  toDrop(plan, path, reason) {
    const drops = dropsOf(plan);
    const isDropped = Object.hasOwn(drops, path) && (reason === undefined || drops[path] === reason);
    const field = reason === undefined ? path : `${path} as ${reason}`;
    return judged(isDropped, `drop ${field}`, plan);
  },
  toEnsureSegment(plan, name) {
    return judged(segmentsOf(plan).includes(name), `ensure the segment ${JSON.stringify(name)}`, plan);
  },
  toBeSkipped(plan, reason) {
    checkPlan(plan);
    const isSkipped = plan.status === 'skipped' && (reason === undefined || plan.reason === reason);
    return judged(isSkipped, reason === undefined ? 'be skipped' : `be skipped as ${reason}`, plan);
  },
};

function judged(pass: boolean, expectation: string, plan: Plan): MatcherResult {
  if (pass) return passed(expectation, plan);
  return { pass, message: () => `Expected the plan to ${expectation}. The plan is:\n${summaryOf(plan)}` };
}

function passed(expectation: string, plan: Plan): MatcherResult {
  return { pass: true, message: () => `Expected the plan not to ${expectation}. The plan is:\n${summaryOf(plan)}` };
}
