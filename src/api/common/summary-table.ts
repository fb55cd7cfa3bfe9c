import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import type { z } from 'zod';
import { s3Keys } from '../../contracts/storage/s3-keys.ts';
import type { IndexEntry, IndexPage } from '../../storage/record-index.ts';
import { HttpProblem } from '../http/problems.ts';

/** What places an item in the order of a list. */
export interface Listed {
  id: string;
  submittedAt: string;
  endedAt: string | null;
}

/** What of an item filters ask for; null where its kind has no such thing. */
export interface Facets {
  /** Whether it has begun with what it is for, or waits in line. */
  state: 'waiting' | 'active' | 'closed';
  technology: string | null;
  target: string | null;
  phase: string | null;
  outcome: string | null;
  comparison: string | null;
  name: string;
}

/** Fields that items must have; of the name, a part in any case. */
export type SummaryFilter = { [Field in Exclude<keyof Facets, 'state'>]?: string | undefined } & {
  open?: boolean | undefined;
};

export interface PageOptions {
  /** `nextCursor` of an earlier page; without, from the newest. */
  cursor?: string | undefined;
  limit: number;
  filter: SummaryFilter;
}

export interface Page<Summary> {
  items: Summary[];
  /** Opaque; null on the last page. */
  nextCursor: string | null;
}

/** A page, and the place of the first item beyond it: null where none is known. */
export interface PlacedPage<Summary> extends Page<Summary> {
  beyond: string | null;
}

const isOpen = "state IN ('waiting', 'active')";
const columns =
  'id, place, etag, state, ended, technology, target, phase, outcome, comparison, name, summary';

/** Summaries by id and in order, the newest first, in a database (summary-file.ts). */
export class SummaryTable<Summary extends Listed> {
  private readonly database: DatabaseSync;
  private readonly schema: z.ZodType<Summary>;
  private readonly facetsOf: (item: Summary) => Facets;
  private readonly statements = new Map<string, StatementSync>();

  constructor(
    database: DatabaseSync,
    { schema, facetsOf }: { schema: z.ZodType<Summary>; facetsOf: (item: Summary) => Facets },
  ) {
    this.database = database;
    this.schema = schema;
    this.facetsOf = facetsOf;
  }

  /** Something to remember beside the summaries. */
  note(name: string): string | null {
    return textOf(this.one('SELECT value AS text FROM about WHERE name = ?', name));
  }

  setNote(name: string, value: string): void {
    this.run('INSERT OR REPLACE INTO about VALUES (?, ?)', name, value);
  }

  /** Does several things at once, or none of them. */
  together(change: () => void): void {
    this.database.exec('BEGIN');
    try {
      change();
      this.database.exec('COMMIT');
    } catch (error) {
      this.database.exec('ROLLBACK');
      throw error;
    }
  }

  get(id: string): Summary | undefined {
    const text = textOf(this.one('SELECT summary AS text FROM work WHERE id = ?', id));
    // Written by this table, as the schema has it.
    return text === null ? undefined : JSON.parse(text);
  }

  /** @param entry the one in storage that it was read from; without, what was known of that stays */
  set(item: Summary, entry: { place: string; etag: string } | null = null): void {
    const { state, technology, target, phase, outcome, comparison, name } = this.facetsOf(item);
    const ended = item.endedAt ?? item.submittedAt;
    const fields = [state, ended, technology, target, phase, outcome, comparison, name.toLowerCase()];
    this.run(
      `INSERT INTO work (${columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET (${columns}) = (
         id, iif(excluded.etag IS NULL AND etag IS NOT NULL, place, excluded.place),
         coalesce(excluded.etag, etag), excluded.state, excluded.ended, excluded.technology, excluded.target, excluded.phase, excluded.outcome, excluded.comparison,
         excluded.name, excluded.summary)
       WHERE summary <> excluded.summary OR excluded.etag IS NOT NULL`,
      ...[item.id, entry?.place ?? placeOf(item), entry?.etag ?? null, ...fields, JSON.stringify(item)],
    );
  }

  delete(id: string): void {
    this.run('DELETE FROM work WHERE id = ?', id);
  }

  /** Ids of those that have not ended. */
  openIds(): string[] {
    return this.all(`SELECT id FROM work WHERE ${isOpen}`).map(({ id }) => String(id));
  }

  /** Ids of those that are beyond the queue, and have not ended. */
  activeIds(): string[] {
    return this.all("SELECT id FROM work WHERE state = 'active'").map(({ id }) => String(id));
  }

  openItems(): Summary[] {
    return this.all(`SELECT summary FROM work WHERE ${isOpen}`).map(({ summary }) => this.read(summary));
  }

  /** How many have closed, by how. */
  closedByOutcome(): Map<string, number> {
    const rows = this.all(
      "SELECT outcome, count(*) AS count FROM work WHERE state = 'closed' GROUP BY outcome",
    );
    return new Map(rows.map(({ outcome, count }) => [String(outcome), Number(count)]));
  }

  /** Ids of closed ones that ended before then. */
  endedBefore(instant: string): string[] {
    return this.all("SELECT id FROM work WHERE state = 'closed' AND ended < ?", instant).map(({ id }) =>
      String(id),
    );
  }

  /** @throws HttpProblem 422 for a cursor that is none of ours */
  page({ cursor, limit, filter }: PageOptions): PlacedPage<Summary> {
    const { where, values } = conditions(filter);
    const found = this.all(
      `SELECT place, summary FROM work WHERE rowid IN (
         SELECT rowid FROM work INDEXED BY work_in_order
         WHERE ${['place > ?', ...where].join(' AND ')} ORDER BY place LIMIT ?
       ) ORDER BY place`,
      ...[decodeCursor(cursor), ...values, limit + 1],
    );
    const rows = found.slice(0, limit);
    // Only one that is known to follow makes another page worth asking for.
    const beyond = found.length > limit ? String(found[limit]?.place) : null;
    return {
      items: rows.map(({ summary }) => this.read(summary)),
      nextCursor: beyond && Buffer.from(String(rows.at(-1)?.place)).toString('base64url'),
      beyond,
    };
  }

  /** Place of the newest that was read from storage; null without any. */
  newestStored(): string | null {
    return textOf(this.one('SELECT place AS text FROM work WHERE etag IS NOT NULL ORDER BY place LIMIT 1'));
  }

  /** Tags of those that were read from storage, at these places. */
  tagsAt(places: readonly string[]): Map<string, string> {
    const tags = new Map<string, string>();
    for (const place of places) {
      const tag = textOf(this.one('SELECT etag AS text FROM work WHERE place = ?', place));
      if (tag !== null) tags.set(place, tag);
    }
    return tags;
  }

  /** All that was read from storage, in order, each as JSON. */
  *stored(): Generator<IndexEntry<string>> {
    for (let last = ''; ; ) {
      const rows = this.all(
        'SELECT place, etag, summary FROM work WHERE place > ? AND etag IS NOT NULL ORDER BY place LIMIT 1000',
        last,
      );
      for (const { place, etag, summary } of rows) {
        last = String(place);
        yield { place: last, etag: String(etag), summary: String(summary) };
      }
      if (rows.length === 0) return;
    }
  }

  /**
   * Takes a page of the index as it is in storage: what is new or another, and what is no longer there.
   * @param after where the page before ended; empty for the first
   */
  takePage({ changed, same, through }: IndexPage<Summary>, after: string): void {
    this.together(() => {
      const there = this.all(
        'SELECT id, place FROM work WHERE place > ? AND place <= ? AND etag IS NOT NULL',
        ...[after, through ?? beyondAll],
      );
      const listed = new Set([...same, ...changed.map(({ place }) => place)]);
      for (const { id, place } of there) if (!listed.has(String(place))) this.delete(String(id));
      for (const { summary, ...entry } of changed) this.set(summary, entry);
    });
  }

  private read(summary: unknown): Summary {
    return this.schema.parse(JSON.parse(String(summary)));
  }

  private statement(sql: string): StatementSync {
    let statement = this.statements.get(sql);
    if (!statement) {
      statement = this.database.prepare(sql);
      this.statements.set(sql, statement);
    }
    return statement;
  }

  private run(sql: string, ...values: SQLInputValue[]): void {
    this.statement(sql).run(...values);
  }

  private one(sql: string, ...values: SQLInputValue[]) {
    return this.statement(sql).get(...values);
  }

  private all(sql: string, ...values: SQLInputValue[]) {
    return this.statement(sql).all(...values);
  }
}

/** Sorts behind every place. */
export const beyondAll = '~';

function textOf(row: Record<string, unknown> | undefined): string | null {
  return typeof row?.text === 'string' ? row.text : null;
}

function conditions({ open, name, ...equal }: SummaryFilter): { where: string[]; values: string[] } {
  const where: string[] = [];
  const values: string[] = [];
  if (open !== undefined) where.push(open ? "state <> 'closed'" : "state = 'closed'");
  for (const [field, value] of Object.entries(equal)) {
    if (value === undefined) continue;
    where.push(`${field} = ?`);
    values.push(value);
  }
  if (name !== undefined) {
    where.push('instr(name, ?) > 0');
    values.push(name.toLowerCase());
  }
  return { where, values };
}

/** Place in the order of the index in storage, which sorts the newest first. */
function placeOf({ id, submittedAt }: Listed): string {
  return s3Keys.index('experiments', new Date(submittedAt), id).slice('index/experiments/'.length);
}

function decodeCursor(cursor: string | undefined): string {
  if (cursor === undefined) return '';
  const place = Buffer.from(cursor, 'base64url').toString();
  if (/^\d{13}-[\w-]+\.json$/.test(place)) return place;
  throw new HttpProblem(422, 'The query is not valid: one field must be corrected, see errors.', {
    errors: [{ pointer: '/cursor', detail: 'must be the nextCursor of an earlier page, unchanged' }],
  });
}
