import { describe, expect, test } from 'vitest';
import { parseEvent } from '../../src/segment/parse.js';

describe('parseEvent', () => {
  test('returns the input itself where nothing has to be put right', () => {
    const input = { type: 'identify', userId: 'u1', traits: [] };
    const result = parseEvent(input);
    expect(result.ok && result.event).toBe(input);
  });
});
