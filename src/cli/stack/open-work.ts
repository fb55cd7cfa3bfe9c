import type { ApiClient, WorkKind } from '../api/api-client.ts';
import { ApiError } from '../api/api-connection.ts';

/** An experiment that is not closed. */
export interface OpenExperiment {
  id: string;
  phase: string;
  comparisonId: string | null;
}

/** Experiments and comparisons that are not closed. */
export interface OpenWork {
  experiments: OpenExperiment[];
  comparisonIds: string[];
}

/** What the orchestrator asks of the API. Errors mean that the API does not answer. */
export interface OpenWorkClient {
  list(): Promise<OpenWork>;
  /** False when it had closed meanwhile, or the API refused. */
  cancel(kind: WorkKind, id: string): Promise<boolean>;
}

/** An item of a list, experiment or comparison. */
interface Listed {
  id: string;
  outcome: string | null;
  phase?: string;
  comparisonId?: string | null;
}

/** The work that is open on an API. Remembers what it has seen open, so that only its first look goes through all lists. */
export class ApiOpenWork implements OpenWorkClient {
  private readonly client: ApiClient;
  private readonly open: Record<WorkKind, Map<string, Listed> | null> = {
    experiments: null,
    comparisons: null,
  };

  constructor(client: ApiClient) {
    this.client = client;
  }

  async list(): Promise<OpenWork> {
    const [experiments, comparisons] = await Promise.all([
      this.listOpen('experiments'),
      this.listOpen('comparisons'),
    ]);
    return {
      experiments: experiments.map(({ id, phase = 'unknown', comparisonId = null }) => ({
        id,
        phase,
        comparisonId,
      })),
      comparisonIds: comparisons.map(({ id }) => id),
    };
  }

  async cancel(kind: WorkKind, id: string): Promise<boolean> {
    try {
      await this.client.cancel(kind, id);
      return true;
    } catch (error) {
      if (error instanceof ApiError) return false;
      throw error;
    }
  }

  /** Newest first. */
  private async listOpen(kind: WorkKind): Promise<Listed[]> {
    const known = this.open[kind];
    const seen = new Map<string, Listed>();
    let cursor: string | null = null;
    do {
      const page: { items: Listed[]; nextCursor: string | null } = await this.client.list(kind, {
        limit: '100',
        cursor: cursor ?? undefined,
      });
      const openHere = page.items.filter(isOpen);
      for (const item of openHere) seen.set(item.id, item);
      // Whatever is new is on the first pages; one that has waited for an operator since long may be on the last.
      if (known && openHere.length === 0) break;
      cursor = page.nextCursor;
    } while (cursor !== null);
    for (const id of known?.keys() ?? []) {
      if (seen.has(id)) continue;
      const item: Listed = await this.client.detail(kind, id);
      if (isOpen(item)) seen.set(id, item);
    }
    this.open[kind] = seen;
    return [...seen.values()];
  }
}

function isOpen({ outcome, phase = 'closed' }: Listed): boolean {
  return outcome === null || phase !== 'closed';
}
