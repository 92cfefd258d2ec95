import { statSync } from 'node:fs';
import type { Figure } from './figure.js';
import { report } from './program.js';
import { sizeOf } from './sizes.js';

const figures: Figure[] = [];
/** The budgets in kB. The target is 4 kB. */
const mappingFunctions = { identifyToTags: 5.4, trackToTags: 6.1, computedTraitToTags: 6.2, audienceToSegment: 6.9 };
for (const [name, budget] of Object.entries(mappingFunctions))
  figures.push(
    await sizeFigure(`import { ${name} }`, `export { ${name} } from 'segment-onesignal'`, {
      bar: { atMost: 4 },
      budget,
    }),
  );
const everything = "export * from 'segment-onesignal'";
const webhook =
  "export { createDestination } from 'segment-onesignal'; export { createWebhookHandler } from 'segment-onesignal/webhook'";
figures.push(
  await sizeFigure('import { mapEvent }, the whole mapping', "export { mapEvent } from 'segment-onesignal'", {
    bar: { atMost: 10 },
    budget: 16.8,
  }),
  await sizeFigure('the main entry point', everything, { bar: { atMost: 28 }, budget: 52.4 }),
  await sizeFigure('the main entry point, with ky 2', everything, { bar: { atMost: 32 }, budget: 56.3 }, { ky: 'ky2' }),
  await sizeFigure('createDestination and createWebhookHandler', webhook, { bar: { atMost: 31 }, budget: 56.9 }),
  await sizeFigure('segment-onesignal/event-stream', "export * from 'segment-onesignal/event-stream'", { budget: 14 }),
  await sizeFigure('segment-onesignal/redis', "export * from 'segment-onesignal/redis'", { budget: 4.2 }),
  await sizeFigure('segment-onesignal/fleet', "export * from 'segment-onesignal/fleet'", { budget: 63 }),
  {
    what: 'dist/segment-function.js, to be pasted',
    value: statSync('dist/segment-function.js').size / 1000,
    unit: 'kB',
    bar: { atMost: 80 },
    budget: 138.2,
    detail: "minified, not compressed; 3.6 kB are others' licenses",
  },
);
report(figures);

async function sizeFigure(
  what: string,
  code: string,
  limits: Pick<Figure, 'bar' | 'budget'> = {},
  alias?: Record<string, string>,
): Promise<Figure> {
  const { gzipKb, packages } = await sizeOf(code, alias);
  const detail = packages.length === 0 ? 'no other package' : `with ${packages.join(', ')}`;
  return { what, value: gzipKb, unit: 'kB', ...limits, detail };
}
