/**
 * Records the golden histories of a release, one of each way an experiment, a comparison, the run queue and the reaper
 * can go, from a real Temporal server: `npm run test:golden -- --record`. replay.test.ts replays them on the present code.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { projectRoot } from '../../src/config.ts';
import { addRelease, assertRecordable } from './support/golden.ts';
import { recordHistories } from './support/golden-recorder.ts';

const { values: options } = parseArgs({
  options: {
    record: { type: 'boolean', default: false },
    /** The release that they are recorded as; that in package.json by default. */
    as: { type: 'string' },
  },
});

try {
  const { version } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8'));
  const release = options.as ?? version;
  assertRecordable(release);
  const histories = await recordHistories(console.log);
  addRelease(release, histories);
  console.log(`${histories.size} histories of release ${release} lie in test/golden/${release}`);
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 2;
}
process.exit();
