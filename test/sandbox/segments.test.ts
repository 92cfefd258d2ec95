import { expect, test } from 'vitest';
import { startSandbox } from '../sandbox-server.js';
import { apiOf, app } from './api.js';

const id = '7ed2887d-bd24-4a81-8220-4b256a08ab19';
const filters = [{ field: 'tag', key: 'plan', relation: '=', value: 'pro' }];

test('a segment is created with 201, and its members are the users that match when it is read', async () => {
  const { sandbox } = await startSandbox();
  sandbox.addUser({ externalId: 'u2', tags: { plan: 'pro' } });
  sandbox.addUser({ externalId: 'u1', tags: { plan: 'pro' } });
  sandbox.addUser({ externalId: 'u3', tags: { plan: 'free' } });
  const call = apiOf(sandbox);
  expect(await call('POST', `${app}/segments`, { id, name: 'Pros', filters })).toMatchObject({
    status: 201,
    body: { success: true, id },
  });
  expect(sandbox.segments()).toEqual([{ id, name: 'Pros', filters, members: ['u2', 'u1'] }]);
  await call('PATCH', `${app}/users/by/external_id/u2`, { properties: { tags: { plan: '' } } });
  expect(sandbox.segments()[0]?.members).toEqual(['u1']);
});

test('a repeated id is a 409, even if the name also exists or the segment limit is reached', async () => {
  const { sandbox } = await startSandbox({ segmentLimit: 1 });
  const call = apiOf(sandbox);
  await call('POST', `${app}/segments`, { id, name: 'Pros', filters });
  expect(await call('POST', `${app}/segments`, { id: id.toUpperCase(), name: 'Pros', filters })).toMatchObject({
    status: 409,
    body: { success: false, errors: ['Segment with the given id already exists.'] },
  });
});

test('a repeated name is a 400', async () => {
  const { sandbox } = await startSandbox();
  const call = apiOf(sandbox);
  await call('POST', `${app}/segments`, { name: 'Pros', filters });
  expect(await call('POST', `${app}/segments`, { name: 'Pros', filters })).toMatchObject({
    status: 400,
    body: { success: false, errors: ['Segment name is already taken.'] },
  });
});

test('exceeding the segment limit of the plan is a 422, and a plan without the API is a 403', async () => {
  const capped = await startSandbox({ segmentLimit: 0 });
  expect(await apiOf(capped.sandbox)('POST', `${app}/segments`, { name: 'Pros', filters })).toMatchObject({
    status: 422,
    body: { errors: ['You have reached the maximum number of segments allowed for your plan.'] },
  });
  const free = await startSandbox({ segmentsRefused: true });
  const created = await apiOf(free.sandbox)('POST', `${app}/segments`, { name: 'Pros', filters });
  expect(created.status).toBe(403);
  expect(created.body).toEqual({ errors: ['This API is not available for applications on your plan.'] });
  expect(await apiOf(free.sandbox)('PATCH', `${app}/segments/${id}`, { name: 'Pros', filters })).toMatchObject({
    status: 403,
    body: { success: false, errors: ['This API is not available for applications on your plan.'] },
  });
});

test('segments are listed in pages of at most 300, oldest first, without filters', async () => {
  const { sandbox } = await startSandbox();
  const call = apiOf(sandbox);
  for (const name of ['a', 'b', 'c']) await call('POST', `${app}/segments`, { name, filters });
  const { status, body } = await call('GET', `${app}/segments?offset=1&limit=1`);
  expect(status).toBe(200);
  expect(body).toEqual({
    total_count: 3,
    offset: 1,
    limit: 1,
    segments: [
      {
        id: expect.any(String),
        name: 'b',
        description: '',
        created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
        updated_at: expect.any(String),
        app_id: app.slice('/apps/'.length),
        read_only: false,
        is_active: true,
      },
    ],
  });
  expect(await call('GET', `${app}/segments?limit=1000`)).toMatchObject({ body: { limit: 300 } });
});

test('a single segment shows its number of subscriptions and, on request, its filters', async () => {
  const { sandbox } = await startSandbox();
  const call = apiOf(sandbox);
  await call('POST', `${app}/users`, {
    identity: { external_id: 'u1' },
    properties: { tags: { plan: 'pro' } },
    subscriptions: [
      { type: 'Email', token: 'a@b.c' },
      { type: 'SMS', token: '+43123', enabled: false },
    ],
  });
  await call('POST', `${app}/segments`, { id, name: 'Pros', description: 'They pay', filters });
  expect((await call('GET', `${app}/segments/${id}`)).body).toEqual({ subscriber_count: 1 });
  expect((await call('GET', `${app}/segments/${id}?include-segment-detail=true`)).body).toEqual({
    subscriber_count: 1,
    payload: {
      id,
      name: 'Pros',
      description: 'They pay',
      created_at: expect.any(Number),
      source: 'custom',
      is_active: true,
      filters,
    },
  });
});

test('a paused segment is marked in the list and in its details until it is resumed', async () => {
  const { sandbox } = await startSandbox();
  sandbox.addUser({ externalId: 'u1', tags: { plan: 'pro' } });
  const call = apiOf(sandbox);
  await call('POST', `${app}/segments`, { id, name: 'Pros', filters });
  await call('POST', `${app}/segments`, { name: 'Others', filters });
  const states = async () => {
    const list = (await call('GET', `${app}/segments`)).body;
    const detail = (await call('GET', `${app}/segments/${id}?include-segment-detail=true`)).body;
    return [...JSON.stringify([list, detail]).matchAll(/"is_active":(\w+)/g)].map((match) => match[1]);
  };
  expect(await states()).toEqual(['true', 'true', 'true']);
  for (const nameOrId of ['Pros', id.toUpperCase()]) {
    const resume = sandbox.pauseSegment(nameOrId);
    expect(await states()).toEqual(['false', 'true', 'false']);
    // Renaming a segment does not resume it, and its members are still known.
    expect((await call('PATCH', `${app}/segments/${id}`, { name: 'Pros' })).status).toBe(200);
    expect(await states()).toEqual(['false', 'true', 'false']);
    expect(sandbox.segments()[0]?.members).toEqual(['u1']);
    resume();
    expect(await states()).toEqual(['true', 'true', 'true']);
  }
  expect(() => sandbox.pauseSegment('pros')).toThrow(
    new RangeError('No segment has the name or id "pros". Create the segment first, or correct the name.'),
  );
});

test('a paused segment does not count toward the limit of the plan', async () => {
  const { sandbox } = await startSandbox({ segmentLimit: 1 });
  const call = apiOf(sandbox);
  await call('POST', `${app}/segments`, { name: 'Pros', filters });
  expect((await call('POST', `${app}/segments`, { name: 'Others', filters })).status).toBe(422);
  sandbox.pauseSegment('Pros');
  expect((await call('POST', `${app}/segments`, { name: 'Others', filters })).status).toBe(201);
});

test('an update needs the name, and replaces all filters', async () => {
  const { sandbox } = await startSandbox({}, { validate: false });
  const call = apiOf(sandbox);
  await call('POST', `${app}/segments`, { id, name: 'Pros', filters });
  expect((await call('PATCH', `${app}/segments/${id}`, { filters })).body).toEqual({
    success: false,
    errors: ['name is required'],
  });
  const other = [{ field: 'tag', key: 'plan', relation: '=', value: 'free' }];
  expect(await call('PATCH', `${app}/segments/${id}`, { name: 'Free', filters: other })).toMatchObject({
    status: 200,
    body: { success: true, id },
  });
  expect(sandbox.segments()).toEqual([{ id, name: 'Free', filters: other, members: [] }]);
});

test('a missing segment is a 404, with a different body on each endpoint', async () => {
  const { sandbox } = await startSandbox();
  const call = apiOf(sandbox);
  expect(await call('GET', `${app}/segments/${id}`)).toMatchObject({
    status: 404,
    body: { errors: ['segment not found'] },
  });
  expect(await call('PATCH', `${app}/segments/${id}`, { name: 'a' })).toMatchObject({
    status: 404,
    body: { success: false, errors: ['segment not found'] },
  });
  const gone = await call('DELETE', `${app}/segments/${id}`);
  expect(gone.status).toBe(404);
  expect(gone.body).toEqual({ success: false });
});

test('a deleted segment is gone', async () => {
  const { sandbox } = await startSandbox();
  const call = apiOf(sandbox);
  await call('POST', `${app}/segments`, { id, name: 'Pros', filters });
  expect(await call('DELETE', `${app}/segments/${id}`)).toMatchObject({ status: 200, body: { success: true } });
  expect(sandbox.segments()).toEqual([]);
});

const filter = filters[0];
test.each<[string, object]>([
  ['no name', { filters }],
  ['a blank name', { name: ' ', filters }],
  ['a name of 129 characters', { name: 'n'.repeat(129), filters }],
  ['an id that is not a UUID', { id: 'pros', name: 'n', filters }],
  ['no filters', { name: 'n' }],
  ['empty filters', { name: 'n', filters: [] }],
  ['201 filters', { name: 'n', filters: Array(201).fill(filter) }],
  ['an operator at the end', { name: 'n', filters: [filter, { operator: 'OR' }] }],
  ['an operator at the start', { name: 'n', filters: [{ operator: 'AND' }, filter] }],
  ['two operators in a row', { name: 'n', filters: [filter, { operator: 'AND' }, { operator: 'OR' }, filter] }],
  ['an unknown operator', { name: 'n', filters: [filter, { operator: 'XOR' }, filter] }],
  ['an unknown field', { name: 'n', filters: [{ field: '__proto__', relation: '=', value: '1' }] }],
  [
    'a relation that the field does not support',
    { name: 'n', filters: [{ field: 'country', relation: '>', value: 'AT' }] },
  ],
  ['a tag without a key', { name: 'n', filters: [{ field: 'tag', relation: 'exists' }] }],
  ['a value that is not a string', { name: 'n', filters: [{ field: 'tag', key: 'a', relation: '=', value: 1 }] }],
  ['no value where one is needed', { name: 'n', filters: [{ field: 'tag', key: 'a', relation: '=' }] }],
  [
    '21 values in an array',
    { name: 'n', filters: [{ field: 'tag', key: 'a', relation: 'in_array', value: 'x,'.repeat(20) }] },
  ],
  ['a session without hours', { name: 'n', filters: [{ field: 'last_session', relation: '>' }] }],
  ['a place without a radius', { name: 'n', filters: [{ field: 'location', lat: '1', long: '2' }] }],
])('%s is a 400 in the envelope of segments', async (_what, body) => {
  const { sandbox } = await startSandbox({}, { validate: false });
  expect(await apiOf(sandbox)('POST', `${app}/segments`, body)).toMatchObject({
    status: 400,
    body: { success: false, errors: [expect.any(String)] },
  });
  expect(sandbox.segments()).toEqual([]);
});

test('a request without the JSON content type is answered that its app is missing', async () => {
  const { sandbox } = await startSandbox();
  const call = apiOf(sandbox, { 'content-type': 'text/plain' });
  expect(await call('POST', `${app}/segments`, { name: 'n', filters })).toMatchObject({
    status: 400,
    body: { errors: ['app_id not found. You may be missing a Content-Type: application/json header.'] },
  });
});
