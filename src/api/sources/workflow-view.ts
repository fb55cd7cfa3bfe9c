import type { WorkflowExecutionInfo } from '@temporalio/client';
import {
  defaultPayloadConverter,
  defineSearchAttributeKey,
  type Payload,
  SearchAttributeType,
} from '@temporalio/common';
import { outcomeSchema } from '../../contracts/documents/progress.ts';
import { searchAttributeNames } from '../../contracts/temporal/names.ts';
import type { WorkflowView } from './temporal-gateway.ts';

const keyword = SearchAttributeType.KEYWORD;
export const attributeKeys = {
  technology: defineSearchAttributeKey(searchAttributeNames.technology, keyword),
  target: defineSearchAttributeKey(searchAttributeNames.target, keyword),
  phase: defineSearchAttributeKey(searchAttributeNames.phase, keyword),
  outcome: defineSearchAttributeKey(searchAttributeNames.outcome, keyword),
  needsOperator: defineSearchAttributeKey(searchAttributeNames.needsOperator, SearchAttributeType.BOOL),
};

const statuses: Record<string, WorkflowView['status']> = {
  COMPLETED: 'completed',
  FAILED: 'failed',
  CANCELLED: 'cancelled',
  TERMINATED: 'terminated',
  TIMED_OUT: 'timed-out',
};

/** A workflow as the SDK tells of it. */
export function viewOf(info: Omit<WorkflowExecutionInfo, 'raw'>): WorkflowView {
  const attributes = info.typedSearchAttributes;
  return {
    id: info.workflowId,
    runId: info.runId,
    type: info.type,
    // A run that continues as new, and one that a person has paused, are still open.
    status: statuses[info.status.name] ?? 'running',
    startedAt: info.startTime,
    closedAt: info.closeTime ?? null,
    technology: attributes.get(attributeKeys.technology) ?? null,
    target: attributes.get(attributeKeys.target) ?? null,
    phase: attributes.get(attributeKeys.phase) ?? null,
    outcome: outcomeSchema.safeParse(attributes.get(attributeKeys.outcome)).data ?? null,
    name: typeof info.memo?.name === 'string' ? info.memo.name : null,
    parentId: info.parentExecution?.workflowId || null,
  };
}

/** What a payload holds; undefined when there is none, or none of ours. */
export function decode(payload: unknown): unknown {
  if (!payload) return undefined;
  try {
    return defaultPayloadConverter.fromPayload(payload as Payload);
  } catch {
    return undefined;
  }
}
