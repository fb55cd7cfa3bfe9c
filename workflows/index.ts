/** Every workflow type, by the name that Temporal knows it by. */
export { comparison } from './comparison/comparison.ts';
export { experiment } from './experiment/experiment.ts';
export { orphan } from './reaper/orphan.ts';
export { reaper } from './reaper/reaper.ts';
export { runQueue } from './run-queue/run-queue.ts';
