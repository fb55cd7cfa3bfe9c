import { createHash, timingSafeEqual } from 'node:crypto';
import { statSync } from 'node:fs';
import { keysOf, nameOfPlainKey, type Role } from '../../contracts/input/keys/key-file.ts';
import { readSettingsFile } from '../../machine/written/settings-file.ts';
import { UserError, wrongUse } from '../../user-error.ts';
import type { Logger } from '../http/logger.ts';

/** Whoever a request comes from, by the key that it brought. */
export interface Caller {
  /** Stands in records; never the key, nor anything that could be tried against it. */
  name: string;
  role: Role;
  /** Requests that it may make in a minute; null for as many as is usual. */
  requestsPerMinute: number | null;
}

/** The file of keys cannot be used. */
class KeyFileError extends UserError {
  override name = 'KeyFileError';

  constructor(message: string) {
    super(message, wrongUse);
  }
}

interface Entry {
  caller: Caller;
  digest: Buffer;
}

/** Keys are added and taken away while the service runs: the file is looked at again this often, when somebody calls. */
const lookAgainMs = 1_000;

/** Who may call: the keys of the environment, each of which may do everything, and those of a file. */
export class Keyring {
  private readonly plain: readonly Entry[];
  private readonly file: string | null;
  private readonly log: Logger;
  private ofFile: readonly Entry[] = [];
  private seen = '';
  private lookedAtMs = 0;

  /**
   * @param keys bearer keys themselves
   * @param file of `COMPARATOR_API_KEYS_FILE`, absolute; null where none is named
   * @throws UserError where the file cannot be used
   */
  constructor({ keys, file, log }: { keys: readonly string[]; file: string | null; log: Logger }) {
    this.plain = keys.map((key, index) => ({
      caller: { name: nameOfPlainKey(index), role: 'operate', requestsPerMinute: null },
      digest: sha256(key),
    }));
    this.file = file;
    this.log = log;
    if (file === null) return;
    this.seen = stampOf(file);
    this.ofFile = entriesOf(file);
    this.lookedAtMs = performance.now();
  }

  /** Whether whoever calls must bring a key. */
  get isAsked(): boolean {
    return this.plain.length > 0 || this.file !== null;
  }

  /** Whose key this is; null where it is nobody's. */
  find(token: string): Caller | null {
    this.lookAgain();
    const given = sha256(token);
    // All are compared, so that time tells nothing of which one nearly matched.
    const [first] = [...this.plain, ...this.ofFile].filter(({ digest }) => timingSafeEqual(digest, given));
    return first?.caller ?? null;
  }

  /** A file that is being written, or was written wrongly, lets in whom it let in before: neither more nor nobody. */
  private lookAgain(): void {
    if (this.file === null || performance.now() - this.lookedAtMs < lookAgainMs) return;
    this.lookedAtMs = performance.now();
    const stamp = stampOf(this.file);
    if (stamp === this.seen) return;
    this.seen = stamp;
    try {
      this.ofFile = entriesOf(this.file);
      this.log.info(
        { keys: this.ofFile.map(({ caller }) => caller.name) },
        'the file of keys was read again',
      );
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      this.log.error(
        { reason: error.message },
        'the file of keys has changed and cannot be used; those before it hold',
      );
    }
  }
}

function entriesOf(file: string): Entry[] {
  const { keys } = readSettingsFile(
    { path: file, variable: 'COMPARATOR_API_KEYS_FILE', topic: 'keys' },
    keysOf,
    (message) => new KeyFileError(message),
  );
  return keys.map(({ name, role, sha256: digest, requestsPerMinute = null }) => ({
    caller: { name, role, requestsPerMinute },
    digest: Buffer.from(digest, 'hex'),
  }));
}

/** Differs once the file does, also where it was replaced within a tick of the clock. */
function stampOf(file: string): string {
  try {
    const { ino, size, mtimeNs, ctimeNs } = statSync(file, { bigint: true });
    return [ino, size, mtimeNs, ctimeNs].join(' ');
  } catch (error) {
    return String((error as NodeJS.ErrnoException).code);
  }
}

/** Digests have one length, which a constant-time comparison needs. */
function sha256(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}
