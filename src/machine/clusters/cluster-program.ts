/** What a description says of where a thing is to be made or deleted. */
interface Placed {
  clusters: readonly string[];
  /** Goes on where one of the clusters cannot be asked. */
  whereItCan: boolean;
}

/** A program that Terraform runs to make or delete a thing of ours, such as a topic, in clusters that are not ours. */
export interface ClusterProgram<Thing extends Placed> {
  /** The thing, in a word. */
  what: string;
  /** After this it gives up, with the last problem. */
  timeoutMs: number;
  /** @throws where the environment describes none */
  read(): Thing;
  create(cluster: string, thing: Thing): Promise<void>;
  remove(cluster: string, thing: Thing): Promise<void>;
  /** Why it was not done so far; empty where nothing was in its way. */
  lastProblem(): string;
}

/** Runs one by the command line's `create` or `delete`, and ends the process: with 0 once done, else with 1 and the reason. */
export function runClusterProgram<Thing extends Placed>(program: ClusterProgram<Thing>): void {
  const { what, timeoutMs } = program;
  setTimeout(() => {
    const problem = program.lastProblem() || 'none';
    console.error(`not done within ${timeoutMs / 1_000} s; the last problem was: ${problem}`);
    process.exit(1);
  }, timeoutMs).unref();
  onEveryCluster(program, process.argv[2]).then(
    () => process.exit(0),
    (error: Error) => {
      console.error(`the ${what} cannot be made or deleted: ${error.message}`);
      process.exit(1);
    },
  );
}

async function onEveryCluster<Thing extends Placed>(
  program: ClusterProgram<Thing>,
  command: string | undefined,
): Promise<void> {
  const thing = program.read();
  if (command !== 'create' && command !== 'delete') throw new Error(`unknown command ${command}`);
  for (const cluster of thing.clusters) {
    const done = command === 'create' ? program.create(cluster, thing) : program.remove(cluster, thing);
    await (thing.whereItCan ? done.catch((error: Error) => console.error(error.message)) : done);
  }
}
