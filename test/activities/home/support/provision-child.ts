/** Provisions in a process of its own, as a worker does, so that a test can kill that. */
import { endlessAttempt } from '../../../../activities/home/attempt.ts';
import { provision } from '../../../../activities/home/provision.ts';
import { createObjectStore, createS3Client } from '../../../../src/storage/object-store.ts';

const { deps, bucket, ref } = JSON.parse(process.argv[2] ?? '');
const store = createObjectStore(createS3Client(deps.aws), bucket);
await provision({ ...deps, store }, ref, endlessAttempt);
