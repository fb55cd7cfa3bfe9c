import { upsertSearchAttributes } from '@temporalio/workflow';
import type { OperatorNotice, Phase } from '../../src/contracts/documents/progress.ts';
import { searchAttributeNames } from '../../src/contracts/temporal/names.ts';
import { showDetails } from './current-details.ts';
import { type AcceptedState, phaseOf, type State } from './state.ts';
import { enterPhase } from './timeline.ts';

/** Changes of the state that lists of experiments show too. Each is a command, so their order is part of a history. */

export function enter(state: State, phase: Phase): void {
  const before = phaseOf(state);
  state.timeline = enterPhase(state.timeline, phase, Date.now());
  showDetails(state);
  // While it has been queued only, each entry is told: histories have it so.
  if (phase === before && state.timeline.length > 1) return;
  upsertSearchAttributes({ [searchAttributeNames.phase]: [phase] });
}

export function showAccepted(state: AcceptedState): void {
  const { spec } = state.ref;
  showDetails(state);
  upsertSearchAttributes({
    [searchAttributeNames.technology]: [spec.technology],
    [searchAttributeNames.target]: [spec.target],
    [searchAttributeNames.needsOperator]: [false],
  });
}

export function setOperator(state: State, operator: OperatorNotice | null): void {
  if (operator === null && state.operator === null) return;
  state.operator = operator;
  showDetails(state);
  upsertSearchAttributes({ [searchAttributeNames.needsOperator]: [operator !== null] });
}

export function setOutcome(state: State, outcome: NonNullable<State['outcome']>): void {
  state.outcome = outcome;
  showDetails(state);
  upsertSearchAttributes({ [searchAttributeNames.outcome]: [outcome] });
}
