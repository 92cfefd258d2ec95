// CommonJS on Node: every entry point can be required, and is CommonJS.
const { exports: doors } = require('segment-onesignal/package.json');

// undici is an optional peer dependency, which is not installed in this project.
const entries = Object.keys(doors).filter((entry) => entry !== './undici' && entry !== './package.json');
const empty = entries.filter((entry) => {
  const values = Object.values(require(entry.replace(/^\./, 'segment-onesignal')));
  const isCommonJs = require.resolve(entry.replace(/^\./, 'segment-onesignal')).endsWith('.cjs');
  return !isCommonJs || values.length === 0 || values.includes(undefined);
});
const problem =
  entries.length === 0 || empty.length > 0 ? `not CommonJS, or without exports: ${empty.join()}` : undefined;
console.log(JSON.stringify({ name: `require ${entries.length} entries`, problem }));
