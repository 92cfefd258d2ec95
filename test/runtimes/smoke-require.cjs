// CommonJS on Node: every entry point can be required.
const { exports: doors } = require('segment-onesignal/package.json');

// undici is an optional peer dependency, which is not installed in this project.
const entries = Object.keys(doors).filter((entry) => entry !== './undici' && entry !== './package.json');
const empty = entries.filter((entry) => {
  const values = Object.values(require(entry.replace(/^\./, 'segment-onesignal')));
  return values.length === 0 || values.includes(undefined);
});
const problem = entries.length === 0 || empty.length > 0 ? `without exports: ${empty.join()}` : undefined;
console.log(JSON.stringify({ name: `require ${entries.length} entries`, problem }));
