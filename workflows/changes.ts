/**
 * Where workflow code differs from that of a release whose workflows may still run: `patched(changes.…)` is true for
 * what is new, false for a history that an earlier release began. Names stay for as long as the golden histories do.
 */
export const changes = {
  /** A cancel no longer breaks off the first activity. Since 0.2.0. */
  acceptToItsEnd: 'accept-to-its-end',
  /** An experiment destroys even what it has not provisioned itself. Since 0.2.0. */
  alwaysDestroy: 'always-destroy',
  /** A comparison that is cancelled waits for the experiments that an earlier run of it left. Since 0.2.0. */
  settleWhenStopped: 'settle-when-stopped',
  /** The run queue signals grants only, and an experiment reads no position. Since 0.2.0. */
  positionsAreRead: 'positions-are-read',
  /** A waiter goes on as new before its history grows too long. Since 0.2.0. */
  waitAsNew: 'wait-as-new',
  /** What was provisioned and is gone is provisioned again ever later, and not for ever. Since 0.2.0. */
  boundedProvisioning: 'bounded-provisioning',
  /** A variant that needs an operator tells its comparison. Since 0.2.0. */
  tellParent: 'tell-parent',
  /** The reaper destroys each orphan in a workflow of its own, and only the run that it found dead. Since 0.2.0. */
  orphansByThemselves: 'orphans-by-themselves',
  /** An input that is refused does not leave alive what an earlier run of the id had started. Since 0.2.0. */
  destroyThoughRefused: 'destroy-though-refused',
  /** What is bound to a machine is done on the queue of its home, and waits for quiet in the workflow. Since 0.3.0. */
  homeQueue: 'home-queue',
  /** A comparison records what has changed, not all of it each time. Since 0.3.0. */
  recordChanges: 'record-changes',
  /** What is rented is destroyed once its budget's time is over. Since 0.4.0. */
  timeLimit: 'time-limit',
  /** The reaper asks experiments to end whose infrastructure may stand no longer. Since 0.4.0. */
  endExpired: 'end-expired',
  /** Load generators that start on another machine are given more time to take up their work. Since 0.4.0. */
  remoteGenerators: 'remote-generators',
  /** What was measured may be kept for a while, to look inside. Since 0.4.0. */
  keep: 'keep',
  /** The run queue gives no place to what is no request. Since 0.4.0. */
  checkedRequests: 'checked-requests',
} as const;
