import type { Rule } from '../option-rules.js';

/**
 * Makes a check of options that looks at each object once, since the mapping functions get the same options with every
 * event. It holds the objects weakly.
 */
export function checkOnce(createRule: () => Rule): (options: object) => void {
  const passed = new WeakSet();
  return (options) => {
    if (passed.has(options)) return;
    createRule()(options, '');
    passed.add(options);
  };
}
