import Sequencer from '@jest/test-sequencer';
import { lanes } from '../../../jest.config.js';

const known = [...lanes.long, ...lanes.real];

/** Where a file stands among those that take long, the longest first; the rest come after them. */
function rankOf({ path }) {
  const rank = known.findIndex((start) => path.includes(`/${start}`));
  return rank === -1 ? known.length : rank;
}

/**
 * Begins what takes longest first, so that no single file is waited for at the end. Jest does so itself once it has run
 * them all; in a fresh clone it knows their sizes only.
 */
export default class LongestFirst extends Sequencer {
  sort(tests) {
    const sorted = super.sort(tests);
    if (sorted.every(({ duration }) => duration !== undefined)) return sorted;
    return [...sorted].sort((one, other) => rankOf(one) - rankOf(other));
  }
}
