import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { createDestination } from '../src/index.js';
import { documentBlocks } from './code-blocks.js';

const blocks = documentBlocks().filter(({ file }) => file.endsWith('migration.md'));
const codeWith = (text: string): string => blocks.find(({ code }) => code.includes(text))?.code ?? '';

/** As RudderStack's SDKs send it: https://www.rudderstack.com/docs/event-spec/standard-events/identify/ */
const identify = {
  type: 'identify',
  userId: 'u1',
  context: { traits: { plan: 'pro' }, timezone: 'GMT+0100' },
};
const destination = createDestination({ appId: '3f1f9c1e-6d52-4c3b-9d0e-5f2b8a7c6d10', apiKey: 'os_v2_app_key' });
const planOf = (event: unknown) => destination.plan([event]).plans[0];
const tagsOf = (event: unknown): unknown => planOf(event).operations[0];
const update = { type: 'update_user', user: { label: 'external_id', id: 'u1' }, tags: { plan: 'pro' } };

test("without the guide's help, the traits of RudderStack's identify are not read", () => {
  expect(planOf(identify)).toMatchObject({ status: 'skipped', reason: 'empty' });
});

test("the guide's transformation moves the traits of RudderStack's identify", async () => {
  const source = `data:text/javascript,${encodeURIComponent(codeWith('transformEvent'))}`;
  const { transformEvent } = await import(/* @vite-ignore */ source);
  expect(tagsOf(transformEvent(structuredClone(identify)))).toEqual(update);
  const track = { type: 'track', userId: 'u1', event: 'Paid', context: identify.context };
  expect(transformEvent(structuredClone(track))).toEqual(track);
});

test.skipIf(spawnSync('jq', ['--version']).status !== 0)("so does the guide's filter for jq", () => {
  const [, filter = ''] = /jq -c '(if[^']+)'/.exec(codeWith('rudder-logs')) ?? [];
  const { stdout } = spawnSync('jq', ['-c', filter], { input: JSON.stringify(identify), encoding: 'utf8' });
  expect(tagsOf(JSON.parse(stdout))).toEqual(update);
});
