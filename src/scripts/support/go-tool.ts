import { mustRun } from './python-tool.ts';

/**
 * What is built here runs for a second, and is compiled for minutes: unoptimised, and without what a debugger would want,
 * that takes two thirds of the processor's time.
 */
const quickBuild = {
  CGO_ENABLED: '0',
  GOFLAGS: "'-gcflags=all=-N -l -dwarf=false' '-ldflags=-s -w'",
};

/** Runs the machine's Go, which builds quickly. @throws SetupError where it is not there, or fails */
export async function mustRunGo(args: string[], environment: Record<string, string> = {}): Promise<void> {
  await mustRun('go', args, { ...quickBuild, ...environment });
}
