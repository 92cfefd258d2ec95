import { describe, expect, test } from 'vitest';
import { mapEvent } from '../../src/mapping/map-event.js';

describe('mapEvent', () => {
  test('turns an identify into tags and reports what it drops', () => {
    expect(
      mapEvent({ type: 'identify', messageId: 'm1', userId: 'u1', traits: { plan: 'pro', address: { city: 'Graz' } } }),
    ).toStrictEqual({
      status: 'planned',
      messageId: 'm1',
      operations: [{ type: 'update_user', user: { label: 'external_id', id: 'u1' }, tags: { plan: 'pro' } }],
      dropped: [{ path: 'traits.address', reason: 'nested' }],
    });
  });
});
