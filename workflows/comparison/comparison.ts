import {
  ApplicationFailure,
  CancellationScope,
  CancelledFailure,
  ChildWorkflowCancellationType,
  condition,
  continueAsNew,
  defineQuery,
  defineSignal,
  ParentClosePolicy,
  patched,
  setCurrentDetails,
  setHandler,
  startChild,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import { failureCodes } from '../../src/contracts/documents/failure-codes.ts';
import type {
  ComparisonProgress,
  Failure,
  Outcome,
  VariantState,
} from '../../src/contracts/documents/progress.ts';
import type { ComparisonSpec } from '../../src/contracts/input/comparison.ts';
import type { ExperimentSpec } from '../../src/contracts/input/experiment.ts';
import { gridOf, variantExperiment } from '../../src/contracts/input/grid/grid.ts';
import { experimentInWords, variantsInWords } from '../../src/contracts/temporal/in-words.ts';
import {
  controlTaskQueue,
  messageNames,
  searchAttributeNames,
  workflowTypes,
} from '../../src/contracts/temporal/names.ts';
import type {
  ComparisonWorkflowResult,
  ExperimentWorkflowInput,
  ExperimentWorkflowResult,
} from '../../src/contracts/temporal/workflows.ts';
import { control, settling } from '../activity-proxies.ts';
import { changes } from '../changes.ts';
import { describeFailure } from '../failures.ts';
import { fieldOf } from '../payload.ts';
import { Stopper, type StopRequest } from '../stopper.ts';

const cancelSignal = defineSignal<[{ reason?: unknown; by?: unknown } | undefined]>(messageNames.cancel);
const variantWaitsSignal = defineSignal<[unknown]>(messageNames.variantWaits);
const progressQuery = defineQuery<ComparisonProgress>(messageNames.progress);

/**
 * Several variants under the same load, each as often as is asked for, one after another; each time is an experiment of
 * its own.
 * @param resume what it goes on with as new; not for people
 */
export async function comparison(
  input: unknown,
  resume?: ResumeComparison,
): Promise<ComparisonWorkflowResult> {
  const run = new ComparisonRun(resume);
  return await CancellationScope.nonCancellable(() => run.main(input));
}

/** Of a run whose history grew long, for the next. */
export interface ResumeComparison {
  spec: ComparisonSpec;
  submittedAt: string;
  /** 0.3.0 did not say. */
  submittedBy?: string | null;
  variants: VariantState[];
  longHistoryEvents: number;
}

/** Far from where Temporal ends a history. */
const usualLongHistoryEvents = 4_000;

class ComparisonRun {
  private readonly id = workflowInfo().workflowId;
  private readonly submittedAt: string;
  private submittedBy: string | null;
  private readonly stopping: { stop: StopRequest | null } = { stop: null };
  private readonly stopper = new Stopper(this.stopping);
  private spec: ComparisonSpec | null = null;
  private variants: VariantState[] = [];
  private outcome: Outcome | null = null;
  private endedAt: string | null = null;
  private failure: Failure | null = null;
  private longHistoryEvents: number;
  /** What this run has recorded of each variant, by its experiment; `waiting` is what the first one began with. */
  private readonly recorded = new Map<string, VariantState['state']>();
  /** Experiments that have begun and not ended, those that wait for a person among them. */
  private readonly unended = new Set<Promise<void>>();

  constructor(resume?: ResumeComparison) {
    this.submittedAt = resume?.submittedAt ?? workflowInfo().startTime.toISOString();
    this.submittedBy = resume?.submittedBy ?? null;
    this.spec = resume?.spec ?? null;
    this.variants = resume?.variants ?? [];
    this.longHistoryEvents = resume?.longHistoryEvents ?? usualLongHistoryEvents;
    setHandler(cancelSignal, (payload) => this.stopper.stop(payload?.reason, payload?.by), {
      description: 'Stops the variant that runs, and starts no other; optionally {"reason": "…"}',
    });
    setHandler(
      variantWaitsSignal,
      (payload) => {
        const variant = this.variants.find((one) => one.experimentId === fieldOf(payload, 'experimentId'));
        if (variant?.state === 'running') this.show(variant, 'needs-operator');
      },
      { description: 'Of its experiments, not for people: one needs an operator' },
    );
    setHandler(progressQuery, () => this.progress(), { description: 'What became of each variant so far' });
  }

  async main(input: unknown): Promise<ComparisonWorkflowResult> {
    if (!this.spec && !(await this.accept(input))) return this.close();
    const spec = this.spec as ComparisonSpec;
    for (const [position, variant] of this.variants.entries()) {
      if (isSettled(variant)) continue;
      if (!this.stopping.stop) await this.runVariant(spec, variant.variant ?? position, variant);
      if (this.stopping.stop) await this.settleStopped(variant);
      else if (this.isHistoryLong() && this.unended.size === 0) return await this.goOnAsNew(input);
    }
    await Promise.all(this.unended);
    this.failure = this.failureOfVariants();
    return this.close();
  }

  /** Returns whether there is something to run. */
  private async accept(input: unknown): Promise<boolean> {
    try {
      const ask = () =>
        control.acceptComparison({ comparisonId: this.id, input, submittedAt: this.submittedAt });
      // A cancel waits for it: only the spec says which experiments an earlier run of this id may have left.
      const accepted = patched(changes.acceptToItsEnd) ? await ask() : await this.stopper.interruptible(ask);
      this.spec = accepted.spec;
      this.submittedBy = accepted.submittedBy ?? null;
      this.longHistoryEvents = accepted.limits?.longHistoryEvents ?? this.longHistoryEvents;
      const runs = accepted.runs ?? gridOf({ ...accepted.spec, repetitions: 1 }, this.id);
      this.variants = runs.map((run) => ({ ...run, state: 'waiting' }));
      return true;
    } catch (error) {
      if (!this.stopping.stop) this.failure = describeFailure(error, 'queued');
      return false;
    }
  }

  private isHistoryLong(): boolean {
    const { historyLength, continueAsNewSuggested } = workflowInfo();
    return historyLength > this.longHistoryEvents || continueAsNewSuggested;
  }

  /** Only with no experiment open: it would be asked to cancel, as by a parent that ends. */
  private async goOnAsNew(input: unknown): Promise<never> {
    return await continueAsNew<typeof comparison>(input, {
      spec: this.spec as ComparisonSpec,
      submittedAt: this.submittedAt,
      submittedBy: this.submittedBy,
      variants: this.variants,
      longHistoryEvents: this.longHistoryEvents,
    });
  }

  private failureOfVariants(): Failure | null {
    const failed = this.variants.filter(({ state }) => state === 'failed' || state === 'needs-operator');
    if (failed.length === 0) return null;
    const names = [...new Set(failed.map(({ name }) => name))].join(', ');
    const what = this.variants.some(({ repetition }) => repetition > 1) ? 'experiments' : 'variants';
    return {
      code: failureCodes.variantFailed,
      phase: 'closed',
      message: `${failed.length} of ${this.variants.length} ${what} failed: ${names}`,
      diagnostics: [],
    };
  }

  /** The state of a variant, also as Temporal's Web UI shows it. */
  private show(variant: VariantState, state: VariantState['state']): void {
    variant.state = state;
    setCurrentDetails(variantsInWords(this.variants));
  }

  /** Returns once the variant has closed, or waits for a person: then the next one need not. */
  private async runVariant(spec: ComparisonSpec, index: number, variant: VariantState): Promise<void> {
    this.show(variant, 'running');
    const ended = this.endOfVariant(spec, index, variant);
    this.unended.add(ended);
    ended.then(() => this.unended.delete(ended));
    await Promise.race([ended, condition(() => variant.state === 'needs-operator')]);
  }

  private async endOfVariant(spec: ComparisonSpec, index: number, variant: VariantState): Promise<void> {
    try {
      const state = await this.stopper.interruptible(async () => {
        // A run of this comparison that was reset may have left the variant running.
        const settled = await settling.settleExperiment({ experimentId: variant.experimentId });
        await this.recordVariants();
        if (settled?.needsOperator) return 'needs-operator';
        return (await this.runChild(spec, index, variant)).outcome;
      });
      this.show(variant, state);
    } catch {
      // The experiment's own record says what went wrong.
      this.show(variant, this.stopping.stop ? 'cancelled' : 'failed');
    }
  }

  private async recordVariants(): Promise<void> {
    if (!patched(changes.recordChanges)) return await control.recordComparison(this.record());
    const changed = this.variants.filter(
      ({ experimentId, state }) => state !== (this.recorded.get(experimentId) ?? 'waiting'),
    );
    const states = Object.fromEntries(changed.map(({ experimentId, state }) => [experimentId, state]));
    for (const { experimentId, state } of changed) this.recorded.set(experimentId, state);
    await control.recordVariants({ comparisonId: this.id, states });
  }

  /** A run of this comparison that was reset, or ended otherwise, may have left the variant running. */
  private async settleStopped(variant: VariantState): Promise<void> {
    if (variant.state === 'waiting') this.show(variant, 'cancelled');
    if (!patched(changes.settleWhenStopped)) return;
    const settled = await settling.settleExperiment({ experimentId: variant.experimentId });
    if (settled.needsOperator) this.show(variant, 'needs-operator');
  }

  private async runChild(
    spec: ComparisonSpec,
    index: number,
    variant: VariantState,
  ): Promise<ExperimentWorkflowResult> {
    const experiment = named(variantExperiment(spec, index), variant, spec);
    const { submittedBy } = this;
    const input: ExperimentWorkflowInput = {
      spec: experiment,
      comparisonId: this.id,
      ...(submittedBy === null ? {} : { submittedBy }),
    };
    const child = await startChild(workflowTypes.experiment, {
      workflowId: variant.experimentId,
      taskQueue: controlTaskQueue,
      args: [input],
      memo: { name: experiment.name },
      ...experimentInWords(experiment),
      // By default a parent that is terminated terminates its children too, which then destroy nothing.
      parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
      cancellationType: ChildWorkflowCancellationType.WAIT_CANCELLATION_COMPLETED,
      searchAttributes: {
        [searchAttributeNames.technology]: [experiment.technology],
        [searchAttributeNames.target]: [experiment.target],
        [searchAttributeNames.phase]: ['queued'],
        [searchAttributeNames.needsOperator]: [false],
      },
    });
    return (await child.result()) as ExperimentWorkflowResult;
  }

  private async close(): Promise<ComparisonWorkflowResult> {
    this.outcome = this.failure ? 'failed' : this.stopping.stop ? 'cancelled' : 'completed';
    this.endedAt = new Date(Date.now()).toISOString();
    if (this.spec) await control.recordComparison(this.record());
    upsertSearchAttributes({ [searchAttributeNames.outcome]: [this.outcome] });
    if (this.failure) {
      throw ApplicationFailure.nonRetryable(this.failure.message, this.failure.code, this.failure);
    }
    if (this.stopper.cancelledByTemporal) throw new CancelledFailure('cancelled, nothing left alive');
    return {
      outcome: this.outcome,
      experiments: this.variants.map(({ name, experimentId, state }) => ({
        name,
        experimentId,
        outcome: state === 'completed' ? 'completed' : 'cancelled',
      })),
    };
  }

  private progress(): ComparisonProgress {
    const request = this.stopping.stop;
    return {
      outcome: this.outcome,
      startedAt: this.spec ? this.submittedAt : null,
      endedAt: this.endedAt,
      cancelRequestedAt: request ? new Date(request.atEpochMs).toISOString() : null,
      cancelRequestedBy: request?.by ?? null,
      variants: this.variants,
      failure: this.failure,
    };
  }

  private record() {
    if (!this.spec) throw ApplicationFailure.nonRetryable('no comparison has been accepted');
    return {
      ...this.progress(),
      id: this.id,
      name: this.spec.name,
      submittedAt: this.submittedAt,
      submittedBy: this.submittedBy,
      spec: this.spec,
    };
  }
}

/** Whether an earlier run of this workflow has seen to it. */
function isSettled({ state }: VariantState): boolean {
  return state === 'completed' || state === 'failed' || state === 'cancelled';
}

/** Experiments of one variant are told apart by their number. */
function named(
  experiment: ExperimentSpec,
  { repetition }: VariantState,
  spec: ComparisonSpec,
): ExperimentSpec {
  return spec.repetitions > 1 ? { ...experiment, name: `${experiment.name} #${repetition}` } : experiment;
}
