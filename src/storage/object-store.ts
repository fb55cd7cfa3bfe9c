import { setTimeout as delay } from 'node:timers/promises';
import {
  CreateBucketCommand,
  type _Error as DeleteError,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadBucketCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { NodeHttpHandler } from '@smithy/node-http-handler';

export interface TaggedKey {
  key: string;
  etag: string;
}

/** One bucket, as the comparator uses it. Every method rejects with the SDK's error when S3 does not answer. */
export interface ObjectStore {
  bucket: string;
  put(key: string, body: string | Uint8Array, contentType?: string): Promise<void>;
  putJson(key: string, value: unknown): Promise<void>;
  /** Writes only where nothing is yet; returns whether it did: if not, something is there. */
  putJsonIfAbsent(key: string, value: unknown): Promise<boolean>;
  /** Writes only over what has this tag; returns whether it did: if not, another has written, or deleted it. */
  putJsonOver(key: string, value: unknown, etag: string): Promise<boolean>;
  /** null where there is no such object. */
  get(key: string): Promise<Uint8Array | null>;
  getText(key: string): Promise<string | null>;
  getJson(key: string): Promise<unknown>;
  /** Text with its tag; null where there is no such object. */
  getTagged(key: string): Promise<{ text: string; etag: string } | null>;
  /** Keys below a prefix in ascending order, at most `limit`, after `startAfter`. */
  list(prefix: string, options?: { limit?: number; startAfter?: string }): Promise<string[]>;
  /** Such keys, each with a tag that is another one once its object has changed. */
  listTagged(prefix: string, options?: { limit?: number; startAfter?: string }): Promise<TaggedKey[]>;
  /** Rejects also when S3 has deleted only some. */
  delete(keys: string[]): Promise<void>;
  /** Creates the bucket where it does not exist. */
  ensureBucket(): Promise<void>;
}

/** An S3 client that speaks HTTP/1.1 with keep-alive, against AWS or any endpoint. */
export function createS3Client(options: {
  region: string;
  endpointUrl: string | null;
  /** Without, as the AWS SDK finds them. */
  credentials?: { accessKeyId: string; secretAccessKey: string };
}): S3Client {
  return new S3Client({
    region: options.region,
    ...(options.credentials ? { credentials: options.credentials } : {}),
    ...(options.endpointUrl
      ? { endpoint: options.endpointUrl, forcePathStyle: true }
      : // Load generators on AWS may be in another region than the bucket.
        { followRegionRedirects: true }),
    requestHandler: new NodeHttpHandler({ connectionTimeout: 3_000, requestTimeout: 15_000 }),
    maxAttempts: 5,
  });
}

/** The results bucket behind an S3 client. */
export function createObjectStore(client: S3Client, bucket: string): ObjectStore {
  const store: ObjectStore = {
    bucket,
    async put(key, body, contentType = 'application/octet-stream') {
      await client.send(
        new PutObjectCommand({ Bucket: bucket, Key: key, Body: body, ContentType: contentType }),
      );
    },
    async putJson(key, value) {
      await store.put(key, JSON.stringify(value), jsonType);
    },
    putJsonIfAbsent: (key, value) => putJsonIf(client, bucket, key, value, { IfNoneMatch: '*' }),
    putJsonOver: (key, value, etag) => putJsonIf(client, bucket, key, value, { IfMatch: etag }),
    async get(key) {
      return (await getObject(client, bucket, key))?.body ?? null;
    },
    async getTagged(key) {
      const found = await getObject(client, bucket, key);
      return found && { text: new TextDecoder().decode(found.body), etag: found.etag };
    },
    async getText(key) {
      const body = await store.get(key);
      return body && new TextDecoder().decode(body);
    },
    async getJson(key) {
      const text = await store.getText(key);
      return text === null ? null : JSON.parse(text);
    },
    async list(prefix, options) {
      return (await listObjects(client, bucket, prefix, options)).map(({ key }) => key);
    },
    listTagged: (prefix, options) => listObjects(client, bucket, prefix, options),
    async delete(keys) {
      for (let from = 0; from < keys.length; from += 1_000) {
        const Objects = keys.slice(from, from + 1_000).map((Key) => ({ Key }));
        const { Errors = [] } = await client.send(
          new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects, Quiet: true } }),
        );
        if (Errors.length > 0) throw notDeleted(Errors);
      }
    },
    ensureBucket: () => ensureBucket(client, bucket),
  };
  return store;
}

const jsonType = 'application/json';

async function getObject(
  client: S3Client,
  bucket: string,
  key: string,
): Promise<{ body: Uint8Array; etag: string } | null> {
  try {
    const answer = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    const body = (await answer.Body?.transformToByteArray()) ?? new Uint8Array();
    return { body, etag: answer.ETag ?? '' };
  } catch (error) {
    if (hasStatus(error, 404)) return null;
    throw error;
  }
}

async function putJsonIf(
  client: S3Client,
  bucket: string,
  key: string,
  value: unknown,
  condition: { IfNoneMatch: string } | { IfMatch: string },
): Promise<boolean> {
  const Body = JSON.stringify(value);
  for (let attempt = 1; ; attempt += 1) {
    try {
      await client.send(
        new PutObjectCommand({ Bucket: bucket, Key: key, Body, ContentType: jsonType, ...condition }),
      );
      return true;
    } catch (error) {
      // 404 is S3's word for what was to be written over and is gone.
      if (hasStatus(error, 412) || ('IfMatch' in condition && hasStatus(error, 404))) return false;
      // Another writer was at it, and may fail as well: only another try tells.
      if (!hasStatus(error, 409) || attempt === mostConflicts) throw error;
      await delay(Math.random() * attempt * 50);
    }
  }
}

const mostConflicts = 10;

/** S3 answers 200 although it has not deleted some. */
function notDeleted(errors: DeleteError[]): Error {
  const list = errors.map(
    ({ Key, Code, Message }) => `${Key}: ${[Code, Message].filter(Boolean).join(', ')}`,
  );
  return new Error(`S3 has not deleted ${list.join('; ')}`);
}

async function listObjects(
  client: S3Client,
  bucket: string,
  prefix: string,
  { limit = Number.POSITIVE_INFINITY, startAfter }: { limit?: number; startAfter?: string } = {},
): Promise<TaggedKey[]> {
  const keys: TaggedKey[] = [];
  let token: string | undefined;
  do {
    const page = await client.send(
      new ListObjectsV2Command({
        Bucket: bucket,
        Prefix: prefix,
        MaxKeys: Math.min(1_000, limit - keys.length),
        ContinuationToken: token,
        StartAfter: token ? undefined : startAfter,
      }),
    );
    for (const { Key, ETag = '' } of page.Contents ?? []) if (Key) keys.push({ key: Key, etag: ETag });
    token = page.IsTruncated ? page.NextContinuationToken : undefined;
  } while (token && keys.length < limit);
  return keys;
}

async function ensureBucket(client: S3Client, bucket: string): Promise<void> {
  try {
    await client.send(new HeadBucketCommand({ Bucket: bucket }));
    return;
  } catch (error) {
    if (!hasStatus(error, 404)) throw error;
  }
  try {
    await client.send(new CreateBucketCommand({ Bucket: bucket }));
  } catch (error) {
    // Another part of the stack may have been first.
    if (!(error instanceof S3ServiceException && error.name.startsWith('BucketAlready'))) throw error;
  }
}

function hasStatus(error: unknown, status: number): boolean {
  return error instanceof S3ServiceException && error.$metadata.httpStatusCode === status;
}
