import { z } from 'zod';
import { type FieldError, jsonPointer, parseInput } from '../problem.ts';

/** What a key lets its holder do, each all that those before it do. */
export const roles = ['read', 'run', 'operate'] as const;
export type Role = (typeof roles)[number];

/** Keys that have no name of their own are called so, by their place in COMPARATOR_API_KEYS. */
export function nameOfPlainKey(index: number): string {
  return `key-${index + 1}`;
}
/** Also what the service itself is called in the audit trail. */
const takenName = /^(key-\d+|retention)$/;

const keySchema = z.strictObject({
  name: z
    .string()
    .regex(
      /^[A-Za-z0-9][A-Za-z0-9._@ -]{0,62}[A-Za-z0-9]$/,
      'must be 2 to 64 letters, digits, spaces and . _ @ -, with a letter or digit at both ends',
    )
    .describe('Whose it is: stands in records and in the audit trail'),
  role: z
    .enum(roles)
    .describe(
      'read: looks at everything; run: also starts, extends and cancels; operate: also deletes, reaps and retries destroys',
    ),
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/, 'must be 64 hexadecimal digits, as sha256sum prints them')
    .describe('Checksum of the key, as `printf %s "$KEY" | sha256sum` prints it; the key itself is not kept'),
  requestsPerMinute: z
    .int()
    .min(1)
    .max(1_000_000)
    .optional()
    .describe('Requests that it may make in a minute; COMPARATOR_REQUESTS_PER_MINUTE without'),
});
export type KeyEntry = z.infer<typeof keySchema>;

/** The file of `COMPARATOR_API_KEYS_FILE`. */
export const keyFileSchema = z.strictObject({
  keys: z.array(keySchema).min(1, 'holds no key').describe('Who may call the API'),
});

/**
 * The keys that a file names.
 * @param document what the file says
 * @returns the faults of the file instead, each with where it is
 */
export function keysOf(document: unknown): { keys: KeyEntry[] } | { faults: FieldError[] } {
  const parsed = parseInput(keyFileSchema, document);
  if (!parsed.ok) return { faults: parsed.errors };
  const { keys } = parsed.value;
  const faults = keys.flatMap((key, index) => keyFaults(key, index, keys));
  return faults.length > 0 ? { faults } : { keys };
}

function keyFaults({ name, sha256 }: KeyEntry, index: number, all: readonly KeyEntry[]): FieldError[] {
  const fault = (field: string, detail: string) => ({ pointer: jsonPointer(['keys', index, field]), detail });
  const sameName = all.findIndex((one) => one.name === name);
  const sameKey = all.findIndex((one) => one.sha256 === sha256);
  return [
    ...(sameName < index ? [fault('name', `is that of entry ${sameName + 1} already; choose another`)] : []),
    ...(takenName.test(name)
      ? [
          fault(
            'name',
            'is what a key of COMPARATOR_API_KEYS, or the service itself, is called; choose another',
          ),
        ]
      : []),
    ...(sameKey < index
      ? [fault('sha256', `is that of entry ${sameKey + 1} already; two cannot be told apart by one key`)]
      : []),
  ];
}
