import {
  ApplicationFailure,
  CancellationScope,
  CancelledFailure,
  ChildWorkflowCancellationType,
  condition,
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
import { type ComparisonSpec, variantExperiment } from '../../src/contracts/input/comparison.ts';
import { variantExperimentId } from '../../src/contracts/input/ids.ts';
import { experimentInWords, plain } from '../../src/contracts/temporal/in-words.ts';
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
import { Stopper, type StopRequest } from '../stopper.ts';

const cancelSignal = defineSignal<[{ reason?: string } | undefined]>(messageNames.cancel);
const variantWaitsSignal = defineSignal<[{ experimentId: string }]>(messageNames.variantWaits);
const progressQuery = defineQuery<ComparisonProgress>(messageNames.progress);

/** Several variants under the same load, one after another; each is an experiment of its own. */
export async function comparison(input: unknown): Promise<ComparisonWorkflowResult> {
  const run = new ComparisonRun();
  return await CancellationScope.nonCancellable(() => run.main(input));
}

class ComparisonRun {
  private readonly id = workflowInfo().workflowId;
  private readonly submittedAt = workflowInfo().startTime.toISOString();
  private readonly stopping: { stop: StopRequest | null } = { stop: null };
  private readonly stopper = new Stopper(this.stopping);
  private spec: ComparisonSpec | null = null;
  private variants: VariantState[] = [];
  private outcome: Outcome | null = null;
  private endedAt: string | null = null;
  private failure: Failure | null = null;
  /** Variants that have begun, those that wait for a person among them. */
  private readonly unended: Promise<void>[] = [];

  constructor() {
    setHandler(cancelSignal, (payload) => this.stopper.stop(payload?.reason ?? null), {
      description: 'Stops the variant that runs, and starts no other; optionally {"reason": "…"}',
    });
    setHandler(
      variantWaitsSignal,
      ({ experimentId }) => {
        const variant = this.variants.find((one) => one.experimentId === experimentId);
        if (variant?.state === 'running') this.show(variant, 'needs-operator');
      },
      { description: 'Of its experiments, not for people: one needs an operator' },
    );
    setHandler(progressQuery, () => this.progress(), { description: 'What became of each variant so far' });
  }

  async main(input: unknown): Promise<ComparisonWorkflowResult> {
    try {
      const ask = () =>
        control.acceptComparison({ comparisonId: this.id, input, submittedAt: this.submittedAt });
      // A cancel waits for it: only the spec says which experiments an earlier run of this id may have left.
      const { spec } = patched(changes.acceptToItsEnd) ? await ask() : await this.stopper.interruptible(ask);
      this.spec = spec;
    } catch (error) {
      if (!this.stopping.stop) this.failure = describeFailure(error, 'queued');
      return this.close();
    }
    this.variants = this.spec.variants.map(({ name }, index) => ({
      name,
      experimentId: variantExperimentId(this.id, index),
      state: 'waiting',
    }));
    for (const [index, variant] of this.variants.entries()) {
      if (!this.stopping.stop) await this.runVariant(this.spec, index, variant);
      if (this.stopping.stop) await this.settleStopped(variant);
    }
    await Promise.all(this.unended);
    const failed = this.variants.filter(({ state }) => state === 'failed' || state === 'needs-operator');
    if (failed.length > 0) {
      this.failure = {
        code: failureCodes.variantFailed,
        phase: 'closed',
        message: `${failed.length} of ${this.variants.length} variants failed: ${failed.map(({ name }) => name).join(', ')}`,
        diagnostics: [],
      };
    }
    return this.close();
  }

  /** The state of a variant, also as Temporal's Web UI shows it. */
  private show(variant: VariantState, state: VariantState['state']): void {
    variant.state = state;
    const rows = this.variants.map(
      (one) => `| ${plain(one.name)} | ${one.state} | \`${one.experimentId}\` |`,
    );
    setCurrentDetails(['| variant | state | experiment |', '| --- | --- | --- |', ...rows].join('\n'));
  }

  /** Returns once the variant has closed, or waits for a person: then the next one need not. */
  private async runVariant(spec: ComparisonSpec, index: number, variant: VariantState): Promise<void> {
    this.show(variant, 'running');
    const ended = this.endOfVariant(spec, index, variant);
    this.unended.push(ended);
    await Promise.race([ended, condition(() => variant.state === 'needs-operator')]);
  }

  private async endOfVariant(spec: ComparisonSpec, index: number, variant: VariantState): Promise<void> {
    try {
      const state = await this.stopper.interruptible(async () => {
        // A run of this comparison that was reset may have left the variant running.
        const settled = await settling.settleExperiment({ experimentId: variant.experimentId });
        await control.recordComparison(this.record());
        if (settled?.needsOperator) return 'needs-operator';
        return (await this.runChild(spec, index, variant)).outcome;
      });
      this.show(variant, state);
    } catch {
      // The experiment's own record says what went wrong.
      this.show(variant, this.stopping.stop ? 'cancelled' : 'failed');
    }
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
    const experiment = variantExperiment(spec, index);
    const input: ExperimentWorkflowInput = { spec: experiment, comparisonId: this.id };
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
    if (this.failure) this.outcome = 'failed';
    else this.outcome = this.stopping.stop ? 'cancelled' : 'completed';
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
      spec: this.spec,
    };
  }
}
