import { expect, test } from 'vitest';
import { startSandbox } from '../sandbox-server.js';
import { apiOf, app } from './api.js';

const path = `${app}/users/by/external_id/u1`;

async function start() {
  const { sandbox } = await startSandbox();
  sandbox.addUser({ externalId: 'u1', tags: { plan: 'free' } });
  const call = apiOf(sandbox);
  return {
    sandbox,
    set: (properties: object) => call('PATCH', path, { properties }),
    create: (properties: object) => call('POST', `${app}/users`, { identity: { external_id: 'u2' }, properties }),
  };
}

test.each(['en', 'de', 'nb', 'pa', 'az', 'zh-Hans', 'zh-Hant'])('the language %s is supported', async (language) => {
  const { set } = await start();
  expect(await set({ language })).toMatchObject({ status: 202, body: { properties: { language } } });
});

test.each(['se', 'zh', 'zh-CN', 'zh-hans', 'is-IS', 'en-US', 'eng', 'EN', 'xx', ''])(
  'the language %j is a 400 that refuses the whole request, tags included',
  async (language) => {
    const { sandbox, set, create } = await start();
    const refusal = {
      status: 400,
      body: { errors: [{ title: 'The provided language value is not a supported ISO 639-1 value' }] },
    };
    expect(await set({ language, tags: { plan: 'pro' } })).toMatchObject(refusal);
    expect(await create({ language, tags: { plan: 'pro' } })).toMatchObject(refusal);
    expect(sandbox.users().map(({ tags }) => tags)).toEqual([{ plan: 'free' }]);
  },
);

test.each(['Europe/Vienna', 'America/Argentina/Ushuaia', 'US/Pacific', 'Asia/Calcutta', 'UTC', 'Etc/GMT+5'])(
  'the time zone %s is in the tz database',
  async (timezone_id) => {
    const { set } = await start();
    expect((await set({ timezone_id })).status).toBe(202);
  },
);

test.each(['Mars/Olympus', 'Vienna', 'GMT+1', '+01:00', '-0300', ''])(
  'the time zone %j is a 400 that refuses the whole request, tags included',
  async (timezone_id) => {
    const { sandbox, set } = await start();
    expect(await set({ timezone_id, tags: { plan: 'pro' } })).toMatchObject({
      status: 400,
      body: { errors: [{ title: expect.stringContaining('timezone_id') }] },
    });
    expect(sandbox.user('u1')?.tags).toEqual({ plan: 'free' });
  },
);
