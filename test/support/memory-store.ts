import { createHash } from 'node:crypto';
import type { ObjectStore } from '../../src/storage/object-store.ts';

/** A bucket in memory, with the atomicity of S3. */
export function memoryStore(): ObjectStore & { objects: Map<string, Buffer> } {
  const objects = new Map<string, Buffer>();
  const store = {
    bucket: 'test',
    objects,
    async put(key: string, body: string | Uint8Array) {
      objects.set(key, Buffer.from(body as Uint8Array));
    },
    async putJson(key: string, value: unknown) {
      objects.set(key, Buffer.from(JSON.stringify(value)));
    },
    async putJsonIfAbsent(key: string, value: unknown) {
      // A turn of the event loop, so that parallel writers meet.
      await new Promise(setImmediate);
      if (objects.has(key)) return false;
      objects.set(key, Buffer.from(JSON.stringify(value)));
      return true;
    },
    async putJsonOver(key: string, value: unknown, etag: string) {
      await new Promise(setImmediate);
      if (tagOf(objects.get(key)) !== etag) return false;
      objects.set(key, Buffer.from(JSON.stringify(value)));
      return true;
    },
    async getTagged(key: string) {
      const body = objects.get(key);
      return body === undefined ? null : { text: body.toString(), etag: tagOf(body) };
    },
    async get(key: string) {
      return objects.get(key) ?? null;
    },
    async getText(key: string) {
      return objects.get(key)?.toString() ?? null;
    },
    async getJson(key: string): Promise<unknown> {
      const body = objects.get(key);
      return body === undefined ? null : JSON.parse(body.toString());
    },
    async list(prefix: string, { limit = Number.POSITIVE_INFINITY, startAfter = '' } = {}) {
      const keys = [...objects.keys()].filter((key) => key.startsWith(prefix) && key > startAfter);
      return keys.sort().slice(0, limit);
    },
    async listTagged(prefix: string, options: { limit?: number; startAfter?: string } = {}) {
      return (await store.list(prefix, options)).map((key) => ({
        key,
        etag: tagOf(objects.get(key)),
      }));
    },
    async delete(keys: string[]) {
      for (const key of keys) objects.delete(key);
    },
    async ensureBucket() {},
  };
  return store;
}

function tagOf(body: Buffer | undefined): string {
  return body === undefined ? '' : createHash('md5').update(body).digest('hex');
}
