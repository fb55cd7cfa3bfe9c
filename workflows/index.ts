/** Every workflow type, by the name that Temporal knows it by. */
export { comparison } from './comparison.ts';
export { experiment } from './experiment.ts';
export { reaper } from './reaper.ts';
export { runQueue } from './run-queue.ts';
