import { join } from 'node:path';
import { z } from 'zod';
import type { Logger } from '../http/logger.ts';
import type { WorkflowKind } from '../sources/temporal-gateway.ts';
import { discardSummaries, isDatabaseFault, openSummaries } from './summary-file.ts';
import { type Facets, type Listed, SummaryTable } from './summary-table.ts';

/** Where copies of lists are kept, and of which servers. */
export interface ListsPlace {
  /** null where they are kept in memory. */
  folder: string | null;
  /** Names the bucket and the namespace. */
  subject: string;
  log: Logger;
}

export interface ListsOptions<Summary> {
  kind: WorkflowKind;
  schema: z.ZodType<Summary>;
  facetsOf: (item: Summary) => Facets;
}

/** The table of one kind of work: in a file while that can be used, else in memory. */
export class Lists<Summary extends Listed> {
  private readonly place: ListsPlace;
  private readonly options: ListsOptions<Summary>;
  private file: string | null;

  constructor(place: ListsPlace, options: ListsOptions<Summary>) {
    this.place = place;
    this.options = options;
    this.file = place.folder && join(place.folder, `${options.kind}s.sqlite`);
  }

  open(): SummaryTable<Summary> {
    const { schema } = this.options;
    // What another release has kept may lack a field.
    const subject = `${this.place.subject}\n${JSON.stringify(z.toJSONSchema(schema, { io: 'input' }))}`;
    const database = openSummaries(this.file, subject, (reason) => this.tell(reason));
    return new SummaryTable(database, this.options);
  }

  hasFailed(error: unknown): boolean {
    return isDatabaseFault(error);
  }

  /** An empty one in memory, instead of one that has failed. */
  openAnew(error: Error): SummaryTable<Summary> {
    this.tell(error);
    if (this.file !== null) discardSummaries(this.file);
    this.file = null;
    return this.open();
  }

  isClosed(item: Summary): boolean {
    return this.options.facetsOf(item).state === 'closed';
  }

  private tell(reason: Error): void {
    const { file } = this;
    this.place.log.warn({ file, reason: reason.message }, 'the copy of the lists cannot be used');
  }
}
