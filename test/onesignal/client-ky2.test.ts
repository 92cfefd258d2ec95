import { describe, vi } from 'vitest';
import { describeClient } from './client-facts.js';

vi.mock('ky', () => import('ky2'));

describe('the default transport on ky 2', () => {
  describeClient({ networkErrorName: 'NetworkError' });
});
