import type { ObjectStore } from '../../storage/object-store.ts';

export class StorageUnavailable extends Error {
  override name = 'StorageUnavailable';
}

/** Makes every failure of a store a `StorageUnavailable`, so that it is answered with 503. */
export function guardStore(store: ObjectStore): ObjectStore {
  return {
    bucket: store.bucket,
    put: (...args) => guarded(() => store.put(...args)),
    putJson: (...args) => guarded(() => store.putJson(...args)),
    putJsonIfAbsent: (...args) => guarded(() => store.putJsonIfAbsent(...args)),
    putJsonOver: (...args) => guarded(() => store.putJsonOver(...args)),
    getTagged: (...args) => guarded(() => store.getTagged(...args)),
    get: (...args) => guarded(() => store.get(...args)),
    getText: (...args) => guarded(() => store.getText(...args)),
    getJson: (...args) => guarded(() => store.getJson(...args)),
    list: (...args) => guarded(() => store.list(...args)),
    listTagged: (...args) => guarded(() => store.listTagged(...args)),
    delete: (...args) => guarded(() => store.delete(...args)),
    ensureBucket: () => guarded(() => store.ensureBucket()),
  };
}

async function guarded<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    // What S3 did answer, and is no JSON, is no fault of S3.
    if (error instanceof SyntaxError) throw error;
    throw new StorageUnavailable(`S3 does not answer: ${(error as Error).message}`, { cause: error });
  }
}
