import type { Rule } from '../option-rules.js';

/** Mapping options that cannot change, because `defineMapping` has frozen them and everything in them. */
export const constants = /* @__PURE__ */ new WeakSet<object>();

/**
 * Creates a function that checks and prepares the options of a mapping function, which gets them with every event.
 *
 * An object is checked once, if it passes. It is prepared once if it is one of the {@link constants}, and otherwise in
 * each call, which sees the values that it has by then. Objects are held weakly.
 *
 * @param createRule - Creates the check, which throws for options that cannot work.
 */
export function prepareOnce<Options extends object, Prepared extends object>(
  createRule: () => Rule,
  prepare: (options: Options) => Prepared,
): (options: Options) => Prepared {
  const passed = new WeakSet<object>();
  const prepared = new WeakMap<object, Prepared>();
  return (options) => {
    const earlier = prepared.get(options);
    if (earlier !== undefined) return earlier;
    if (!passed.has(options)) createRule()(options, '');
    passed.add(options);
    const result = prepare(options);
    if (constants.has(options)) prepared.set(options, result);
    return result;
  };
}
