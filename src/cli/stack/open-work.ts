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
  phase?: string;
  comparisonId?: string | null;
}

/** The work that is open on an API. */
export class ApiOpenWork implements OpenWorkClient {
  private readonly client: ApiClient;

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

  /** Newest first, however many. */
  private async listOpen(kind: WorkKind): Promise<Listed[]> {
    const open: Listed[] = [];
    let cursor: string | undefined;
    do {
      const page: { items: Listed[]; nextCursor: string | null } = await this.client.list(kind, {
        open: 'true',
        limit: '100',
        cursor,
      });
      open.push(...page.items);
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    return open;
  }
}
