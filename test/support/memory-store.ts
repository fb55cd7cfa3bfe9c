import type { ObjectStore } from '../../src/storage/object-store.ts';

/** A bucket in memory, with the atomicity of S3. */
export function memoryStore(): ObjectStore & { objects: Map<string, string> } {
  const objects = new Map<string, string>();
  const textOf = (body: string | Uint8Array) =>
    typeof body === 'string' ? body : new TextDecoder().decode(body);
  const store = {
    bucket: 'test',
    objects,
    async put(key: string, body: string | Uint8Array) {
      objects.set(key, textOf(body));
    },
    async putJson(key: string, value: unknown) {
      objects.set(key, JSON.stringify(value));
    },
    async putJsonIfAbsent(key: string, value: unknown) {
      // A turn of the event loop, so that parallel writers meet.
      await new Promise(setImmediate);
      if (objects.has(key)) return false;
      objects.set(key, JSON.stringify(value));
      return true;
    },
    async get(key: string) {
      const text = objects.get(key);
      return text === undefined ? null : new TextEncoder().encode(text);
    },
    async getText(key: string) {
      return objects.get(key) ?? null;
    },
    async getJson(key: string): Promise<unknown> {
      const text = objects.get(key);
      return text === undefined ? null : JSON.parse(text);
    },
    async list(prefix: string, { limit = Number.POSITIVE_INFINITY, startAfter = '' } = {}) {
      const keys = [...objects.keys()].filter((key) => key.startsWith(prefix) && key > startAfter);
      return keys.sort().slice(0, limit);
    },
    async delete(keys: string[]) {
      for (const key of keys) objects.delete(key);
    },
    async ensureBucket() {},
  };
  return store;
}
