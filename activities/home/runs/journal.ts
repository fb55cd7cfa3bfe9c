import { z } from 'zod';
import type { Diagnostic, TerraformProgress } from '../../../src/contracts/documents/progress.ts';

/** A resource that terraform said it had created or changed, perhaps before it wrote so into the state. */
export interface CreatedResource {
  address: string;
  type: string;
  /** As terraform prints it; not always what `terraform import` wants. */
  id: string | null;
}

/**
 * What terraform's machine-readable output of one run says. It is ahead of the state, which terraform writes to its backend
 * at most every 20 s: after a kill, only this knows what has been created last.
 */
export interface Journal {
  /** Version of terraform, once it said so. */
  version: string | null;
  /** Command of the step that ran last. */
  command: string | null;
  /** Created or changed, and not destroyed since. */
  created: CreatedResource[];
  /** What the step that ran last plans to change, and how far that is. */
  resources: TerraformProgress['resources'];
  diagnostics: Diagnostic[];
  /** Of the last change summary of an apply or destroy, once that has ended without an error. */
  changes: { operation: string; add: number; change: number; remove: number } | null;
  /** Values by name, once an apply has ended well. */
  outputs: Record<string, unknown> | null;
  /** Whether terraform has got past taking the state lock. */
  pastLock: boolean;
  /** Lines that are no JSON: commands without `-json`, and panics. */
  text: string[];
  /** The last message, for a person who watches. */
  lastMessage: string | null;
}

const resource = z.object({ addr: z.string(), resource_type: z.string().default('') });
const hook = z.object({
  resource,
  action: z.string().default(''),
  id_key: z.string().optional(),
  id_value: z.string().optional(),
});
const lineSchema = z.object({
  '@message': z.string().optional(),
  '@timestamp': z.string().optional(),
  type: z.string().default(''),
  terraform: z.string().optional(),
  command: z.string().optional(),
  hook: z.unknown().optional(),
  change: z.unknown().optional(),
  diagnostic: z
    .object({
      severity: z.string(),
      summary: z.string(),
      detail: z.string().default(''),
      address: z.string().optional(),
    })
    .optional(),
  changes: z
    .object({ operation: z.string(), add: z.number(), change: z.number(), remove: z.number() })
    .optional(),
  outputs: z.record(z.string(), z.object({ value: z.unknown() })).optional(),
});

const maxTextLines = 200;

/** A journal with nothing in it. */
export function emptyJournal(): Journal {
  return {
    version: null,
    command: null,
    created: [],
    resources: [],
    diagnostics: [],
    changes: null,
    outputs: null,
    pastLock: false,
    text: [],
    lastMessage: null,
  };
}

/** Reads a journal. The last line may be cut short, and lines may be no JSON. */
export function parseJournal(text: string): Journal {
  const journal = emptyJournal();
  for (const line of text.split('\n')) readLine(journal, line);
  return journal;
}

/** Adds one line to a journal, in place. */
export function readLine(journal: Journal, line: string): void {
  if (line.trim() === '') return;
  const parsed = parseLine(line);
  if (!parsed) {
    journal.text.push(line);
    if (journal.text.length > maxTextLines) journal.text.shift();
    return;
  }
  journal.lastMessage = parsed['@message'] ?? journal.lastMessage;
  switch (parsed.type) {
    case 'comparator_step':
      journal.command = parsed.command ?? null;
      journal.pastLock = false;
      journal.resources = [];
      break;
    case 'version':
      journal.version = parsed.terraform ?? journal.version;
      break;
    case 'diagnostic':
      readDiagnostic(journal, parsed.diagnostic);
      break;
    case 'planned_change':
      journal.pastLock = true;
      readPlanned(journal, parsed.change);
      break;
    case 'resource_drift':
    case 'refresh_start':
      journal.pastLock = true;
      break;
    case 'change_summary':
      journal.pastLock = true;
      if (parsed.changes && parsed.changes.operation !== 'plan') journal.changes = parsed.changes;
      break;
    case 'outputs':
      // A plan prints outputs without values as well.
      if (journal.changes && parsed.outputs) {
        journal.outputs = Object.fromEntries(
          Object.entries(parsed.outputs).map(([name, { value }]) => [name, value]),
        );
      }
      break;
    case 'apply_start':
    case 'apply_complete':
    case 'apply_errored':
      readHook(journal, parsed.type, parsed.hook, parsed['@timestamp']);
      break;
    default:
  }
}

function parseLine(line: string): z.infer<typeof lineSchema> | null {
  if (!line.startsWith('{')) return null;
  try {
    const parsed = lineSchema.safeParse(JSON.parse(line));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

function readDiagnostic(journal: Journal, diagnostic: z.infer<typeof lineSchema>['diagnostic']): void {
  if (!diagnostic) return;
  journal.diagnostics.push({
    severity: diagnostic.severity === 'warning' ? 'warning' : 'error',
    summary: diagnostic.summary,
    detail: diagnostic.detail,
    address: diagnostic.address ?? null,
  });
}

/** Far more than any root of ours has: what is told of them goes into heartbeats. */
const mostResources = 100;

function readPlanned(journal: Journal, value: unknown): void {
  const address = z.object({ resource }).safeParse(value).data?.resource.addr;
  if (address !== undefined) resourceAt(journal, address);
}

function resourceAt(journal: Journal, address: string): Journal['resources'][number] | undefined {
  const known = journal.resources.find((one) => one.address === address);
  if (known || journal.resources.length === mostResources) return known;
  const added = { address, state: 'planned' as const, startedAt: null, endedAt: null };
  journal.resources.push(added);
  return journal.resources.at(-1);
}

const stateAfter = { apply_start: 'working', apply_complete: 'done', apply_errored: 'failed' } as const;

function readHook(
  journal: Journal,
  type: keyof typeof stateAfter,
  value: unknown,
  timestamp: string | undefined,
): void {
  const parsed = hook.safeParse(value);
  if (!parsed.success) return;
  const { resource, action, id_value: id } = parsed.data;
  const address = resource.addr;
  journal.pastLock = true;
  const at = z.iso.datetime().safeParse(timestamp).data ?? null;
  const about = resourceAt(journal, address);
  if (about) {
    about.state = stateAfter[type];
    if (type === 'apply_start') about.startedAt = at;
    else about.endedAt = at;
  }
  if (type !== 'apply_complete') return;
  journal.created = journal.created.filter((other) => other.address !== address);
  if (action !== 'delete') journal.created.push({ address, type: resource.resource_type, id: id ?? null });
}

/** Whether the run's last step ended well, by its output alone: for a run whose supervisor could not say. */
export function journalSucceeded(journal: Journal, kind: 'apply' | 'destroy'): boolean {
  const failed = journal.diagnostics.some(({ severity }) => severity === 'error');
  if (failed || journal.changes?.operation !== kind) return false;
  return kind === 'destroy' || journal.outputs !== null;
}

/** Terraform's diagnostics of a failed run; where it gave none, one made of its last words. */
export function failureDiagnostics(journal: Journal, what: string): Diagnostic[] {
  if (journal.diagnostics.some(({ severity }) => severity === 'error')) return journal.diagnostics;
  const detail = journal.text.slice(-20).join('\n') || journal.lastMessage || '';
  return [...journal.diagnostics, { severity: 'error', summary: what, detail, address: null }];
}
