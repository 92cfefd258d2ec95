import { describe } from 'vitest';
import { describeClient } from './client-facts.js';

describe('the default transport on ky 1', () => {
  describeClient({ networkErrorName: 'TypeError' });
});
