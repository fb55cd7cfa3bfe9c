import { createHash } from 'node:crypto';
import { z } from 'zod';
import { s3Keys } from '../../contracts/storage/s3-keys.ts';
import type { ObjectStore } from '../../storage/object-store.ts';
import { HttpProblem } from '../http/problems.ts';
import type { WorkflowKind } from '../sources/temporal-gateway.ts';

/** What lies in storage under an idempotency key, for as long as results are kept. */
const claimSchema = z.object({
  id: z.string(),
  bodyHash: z.string(),
  /** Whether its workflow was started for certain; a crash in between leaves it false. */
  started: z.boolean(),
});

export interface Claim {
  id: string;
  /** Whether an earlier request made it. */
  replayed: boolean;
  started: boolean;
}

export interface IdempotencyKey {
  kind: WorkflowKind;
  /** As the client gave it. */
  key: string;
  /** The document as the client sent it. */
  body: unknown;
}

/**
 * Binds a key to an id, or finds the id that it is bound to; of many at once, one binds and all get its id.
 * @param newId used only where the key is new
 * @throws HttpProblem 409 when the key was used with another body
 */
export async function claim(
  store: ObjectStore,
  request: IdempotencyKey,
  newId: () => string,
): Promise<Claim> {
  const objectKey = claimKey(request);
  const bodyHash = digest(canonicalJson(request.body));
  const id = newId();
  // A store may refuse one of two writers at once before either is visible: look again until one is.
  for (let tries = 0; tries < 10; tries++) {
    if (await store.putJsonIfAbsent(objectKey, { id, bodyHash, started: false })) {
      return { id, replayed: false, started: false };
    }
    const json = await store.getJson(objectKey);
    if (json === null) continue;
    const existing = claimSchema.parse(json);
    if (existing.bodyHash === bodyHash) return { id: existing.id, replayed: true, started: existing.started };
    throw new HttpProblem(
      409,
      `The Idempotency-Key was already used with another body, for ${existing.id}; use a new key for a new ${request.kind}.`,
    );
  }
  throw new HttpProblem(503, 'The Idempotency-Key is being used by another request; try again.', {
    headers: { 'Retry-After': '1' },
  });
}

/** Notes that the workflow of a claim runs, or ran: from now on the key never starts one again. */
export async function markStarted(store: ObjectStore, request: IdempotencyKey, id: string): Promise<void> {
  const bodyHash = digest(canonicalJson(request.body));
  await store.putJson(claimKey(request), { id, bodyHash, started: true });
}

/** Gives up a claim of this very request, for which nothing was started. */
export async function giveUpClaim(store: ObjectStore, request: IdempotencyKey): Promise<void> {
  await store.delete([claimKey(request)]);
}

function claimKey({ kind, key }: IdempotencyKey): string {
  return s3Keys.idempotency(digest(`${kind}\n${key}`));
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** JSON with sorted keys, so that the same document written another way is the same. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
