import type { Context, MiddlewareHandler } from 'hono';
import { s3Keys } from '../../contracts/storage/s3-keys.ts';
import type { ObjectStore } from '../../storage/object-store.ts';
import type { Logger } from '../http/logger.ts';
import { calledBy } from './access.ts';

/** One change that was asked for. */
export interface AuditLine {
  at: string;
  /** Name of the key; null where the service asks for none; `retention` where it deletes by itself. */
  who: string | null;
  /** The call, by the names of the OpenAPI document. */
  what: string;
  /** Of the experiment or comparison; null where it is of none, or none came to be. */
  id: string | null;
  /** `unknown` where a server behind did not answer: it may have been done all the same. */
  outcome: 'accepted' | 'refused' | 'unknown';
  status: number;
}

/** What is gathered before it is written, so that a burst of changes is a few objects. */
const gatherMs = 1_000;
/** Beyond this, S3 has been away for long; the log has all of it. */
const mostKept = 10_000;

/**
 * Every change, with who asked for it. Each line goes to the log at once; and to the results bucket a second later, many
 * lines an object: processes of the API come and go, and a home with them, while the bucket is versioned, encrypted, one
 * for all of them, and kept for longer than logs. Objects are only ever added.
 */
export class AuditTrail {
  private readonly store: Pick<ObjectStore, 'put'>;
  private readonly log: Logger;
  private readonly newId: () => string;
  private waiting: AuditLine[] = [];
  private timer: NodeJS.Timeout | null = null;
  private writing: Promise<void> = Promise.resolve();

  constructor(deps: { store: Pick<ObjectStore, 'put'>; log: Logger; newId: () => string }) {
    this.store = deps.store;
    this.log = deps.log;
    this.newId = deps.newId;
  }

  note(line: AuditLine): void {
    this.log.info({ audit: line }, 'audit');
    if (this.waiting.push(line) > mostKept) this.waiting.shift();
    this.timer ??= setTimeout(() => void this.flush(), gatherMs).unref();
  }

  /** Writes down what has not been; what S3 does not take is tried again with the next. */
  flush(): Promise<void> {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    this.writing = this.writing.then(() => this.write());
    return this.writing;
  }

  private async write(): Promise<void> {
    const lines = this.waiting;
    const [first] = lines;
    if (!first) return;
    this.waiting = [];
    const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
    try {
      await this.store.put(s3Keys.audit(new Date(first.at), this.newId()), text, 'application/x-ndjson');
    } catch (error) {
      this.log.error(
        { err: error, lines: lines.length },
        'the audit trail cannot be written to S3; the log has it',
      );
      this.waiting = [...lines, ...this.waiting].slice(-mostKept);
      this.timer ??= setTimeout(() => void this.flush(), 10 * gatherMs).unref();
    }
  }
}

/** Notes every change that somebody who is known asks for; what only looks, and who has no key, is in the log alone. */
export function audit(trail: AuditTrail, now: () => Date): MiddlewareHandler {
  return async (c, next) => {
    await next();
    const caller = c.get('caller');
    if (!isChange(c) || caller === undefined || c.res.status === 429) return;
    const { status } = c.res;
    trail.note({
      at: now().toISOString(),
      who: caller?.name ?? null,
      what: calledBy(c),
      id: idOf(c),
      outcome: status < 400 ? 'accepted' : status < 500 ? 'refused' : 'unknown',
      status,
    });
  };
}

/** By the address; of what was only just started, by where it is. */
function idOf({ req, res }: Context): string | null {
  const place = /^\/api\/\w+\/([^/]{1,100})/;
  return (place.exec(req.path) ?? place.exec(res.headers.get('Location') ?? ''))?.[1] ?? null;
}

function isChange(c: Context): boolean {
  const { method } = c.req;
  return (
    !['GET', 'HEAD', 'OPTIONS'].includes(method) &&
    c.req.query('dryRun') !== 'true' &&
    !calledBy(c).includes('*')
  );
}
