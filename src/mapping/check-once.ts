import type { Rule } from '../option-rules.js';

/**
 * Creates a check that runs once per options object, since the mapping functions get the same object with every event.
 * It holds the objects weakly.
 */
export function checkOnce(createRule: () => Rule): (options: object) => void {
  const passed = new WeakSet();
  return (options) => {
    if (passed.has(options)) return;
    createRule()(options, '');
    passed.add(options);
  };
}
