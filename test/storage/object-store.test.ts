import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { createObjectStore, createS3Client, type ObjectStore } from '../../src/storage/object-store.ts';

/** What the stand-in for S3 answers next; the last one stays. */
let answers: { status: number; body: string }[];
let asked = 0;
let server: Server;
let store: ObjectStore;

beforeAll(async () => {
  server = createServer((request, response) => {
    request.resume().on('end', () => {
      asked += 1;
      const { status, body } = (answers.length > 1 ? answers.shift() : answers[0]) ?? {
        status: 500,
        body: '',
      };
      response.writeHead(status, { 'Content-Type': 'application/xml' }).end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const client = createS3Client({
    region: 'us-east-1',
    endpointUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  store = createObjectStore(client, 'bucket');
});
beforeEach(() => {
  asked = 0;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const ok = { status: 200, body: '' };
const conflict = { status: 409, body: '<Error><Code>ConditionalRequestConflict</Code></Error>' };
const exists = { status: 412, body: '<Error><Code>PreconditionFailed</Code></Error>' };

test.each([
  ['nothing is there', [ok], true, 1],
  ['something is there', [exists], false, 1],
  ['another writer was at it, and failed', [conflict, conflict, ok], true, 3],
  ['another writer was at it, and was first', [conflict, exists], false, 2],
])('a conditional put, where %s', async (_, given, written, times) => {
  answers = [...given];
  expect(await store.putJsonIfAbsent('a', 1)).toBe(written);
  expect(asked).toBe(times);
});

test('a conditional put that only ever meets conflicts says nothing of what is there', async () => {
  answers = [conflict];
  await expect(store.putJsonIfAbsent('a', 1)).rejects.toMatchObject({ name: 'ConditionalRequestConflict' });
});

test('what S3 has not deleted is told, though it answers 200', async () => {
  const error = '<Error><Key>state/a</Key><Code>AccessDenied</Code><Message>no</Message></Error>';
  answers = [{ status: 200, body: `<DeleteResult>${error}</DeleteResult>` }];
  await expect(store.delete(['state/a', 'state/b'])).rejects.toThrow(
    'S3 has not deleted state/a: AccessDenied, no',
  );
  answers = [{ status: 200, body: '<DeleteResult></DeleteResult>' }];
  await store.delete(['state/a']);
});
