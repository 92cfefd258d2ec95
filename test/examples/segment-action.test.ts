import { expect, test } from 'vitest';
import { ActionError, type RequestClient, syncToOneSignal } from '../../examples/segment-action.js';
import { createSandbox } from '../../src/sandbox/index.js';

const settings = { appId: '3f1f9c1e-6d52-4c3b-9d0e-5f2b8a7c6d10', apiKey: 'os-key' };

function createAction() {
  const sandbox = createSandbox({ unknownUsers: 'known', apiKey: 'os-key' });
  const request: RequestClient = async (url, { json, headers, method, signal }) => {
    const typed = { ...headers, 'content-type': 'application/json' };
    const body = json === undefined ? {} : { body: JSON.stringify(json) };
    const response = await sandbox.fetch(url, { method, headers: typed, signal, ...body });
    return { status: response.status, headers: response.headers, data: await response.json() };
  };
  const perform = (rawData: unknown) => syncToOneSignal.perform(request, { rawData, settings });
  return { sandbox, perform };
}

const entered = {
  type: 'track',
  userId: 'u1',
  event: 'Audience Entered',
  properties: { vip: true, audience_key: 'vip' },
  context: { personas: { computation_class: 'audience', computation_key: 'vip' } },
};

test('an audience becomes a tag and a segment through Segment’s request, even the second time', async () => {
  const { sandbox, perform } = createAction();
  await perform(entered);
  await perform({ ...entered, userId: 'u2' });
  expect(sandbox.segments()).toEqual([expect.objectContaining({ name: 'vip', members: ['u1', 'u2'] })]);
});

test('a retryable event is a 500 for Segment, and a failed one a 400', async () => {
  const { sandbox, perform } = createAction();
  sandbox.fail({ status: 503, times: 1 });
  await expect(perform(entered)).rejects.toMatchObject({ status: 500, code: 'unavailable' });
  await expect(perform({ ...entered, type: undefined })).rejects.toBeInstanceOf(ActionError);
  await expect(perform({ ...entered, type: undefined })).rejects.toMatchObject({ status: 400, code: 'missing_type' });
});
