/** Random numbers that are the same in every run with the same seed. */
export { createRandom as seededRandom } from '../src/sandbox/faults.js';
