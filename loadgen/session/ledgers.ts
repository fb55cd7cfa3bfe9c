import { addPlane, countOutcomes, type OutcomeCounts } from '../../src/analysis/ledger/ledger-planes.ts';
import type { RateStep } from '../../src/contracts/input/workload.ts';
import type { LedgerPart } from '../../src/contracts/storage/ledger-format.ts';
import type { OpenSessionInput } from '../../src/contracts/temporal/loadgen-activities.ts';
import {
  allocateLedger,
  countLostHere,
  countMissing,
  findMissing,
  type LedgerMemory,
  openLedger,
  type ProducerLedger,
} from '../measure/ledger.ts';
import { paceOf } from '../measure/pacer.ts';

/** What is known of each message of one round, one ledger for each producer of the session. */
export class RoundLedgers {
  /** To be handed to threads. */
  readonly memories: LedgerMemory[];
  /** Attempts in doubt of producers elsewhere, as far as they have told. */
  doubtsElsewhere = 0;
  private readonly ledgers: ProducerLedger[];
  /** Numbers of the producers here. */
  private readonly producersHere: number[];
  /** Of each ledger, the first word that may hold a message still to arrive. */
  private readonly missingFrom: number[];

  constructor(steps: RateStep[], { workload, producers: here }: OpenSessionInput) {
    const { producers } = workload;
    this.producersHere = here;
    this.memories = Array.from({ length: producers }, (_, producer) =>
      allocateLedger(paceOf({ steps, producers, producer }).total),
    );
    this.ledgers = this.memories.map(openLedger);
    this.missingFrom = this.ledgers.map(() => 0);
  }

  /** Outcomes over the producers here, of what each of them handed over. */
  outcomes(handed: readonly number[]): OutcomeCounts {
    const sums = { acknowledged: 0, failed: 0, indeterminate: 0 };
    this.producersHere.forEach((producer, index) => {
      const counts = countOutcomes(this.of(producer), handed[index] ?? 0);
      sums.acknowledged += counts.acknowledged;
      sums.failed += counts.failed;
      sums.indeterminate += counts.indeterminate;
    });
    return sums;
  }

  /** Acknowledged messages that have not arrived here, as far as their outcomes are known. */
  lostHere(): number {
    return this.ledgers.reduce((sum, ledger) => sum + countLostHere(ledger), 0);
  }

  /** Acknowledged messages that have arrived nowhere, as far as is known here. */
  missing(): number {
    return this.ledgers.reduce((sum, ledger) => sum + countMissing(ledger), 0);
  }

  /** Whether everything acknowledged has arrived; for asking again and again once the producers have ended. */
  everythingArrived(): boolean {
    return this.ledgers.every((ledger, index) => {
      const word = findMissing(ledger, this.missingFrom[index] ?? 0);
      // The outcomes are final by now, so what has arrived once need not be looked at again.
      if (word !== null) this.missingFrom[index] = word;
      return word === null;
    });
  }

  /** Takes over what another load generator knows. */
  learn(part: LedgerPart): void {
    if (part.kind === 'outcomes') {
      this.doubtsElsewhere += part.doubts ?? 0;
      for (const { producer, maybeTaken, notAcknowledged } of part.producers) {
        this.ledgers[producer]?.maybeTaken.set(maybeTaken);
        this.ledgers[producer]?.notAcknowledged.set(notAcknowledged);
      }
      return;
    }
    for (const { producer, received } of part.producers) {
      const ledger = this.ledgers[producer];
      if (!ledger) continue;
      if (ledger.elsewhere) addPlane(ledger.elsewhere, received);
      else ledger.elsewhere = received;
    }
  }

  /** What became of the messages of the producers here. */
  outcomesPart(doubts: number): LedgerPart {
    const producers = this.producersHere.map((producer) => {
      const { maybeTaken, notAcknowledged } = this.of(producer);
      return { producer, maybeTaken, notAcknowledged };
    });
    return { kind: 'outcomes', producers, doubts };
  }

  /** What has arrived at the consumers here so far. */
  receivedPart(): LedgerPart {
    return {
      kind: 'received',
      producers: this.ledgers.map(({ received }, producer) => ({ producer, received })),
    };
  }

  private of(producer: number): ProducerLedger {
    const ledger = this.ledgers[producer];
    if (!ledger) throw new Error(`no ledger for producer ${producer}`);
    return ledger;
  }
}
