import { execa } from 'execa';

export interface ToolResult {
  ok: boolean;
  /** Standard output and error, in the order they came. */
  output: string;
}

/** Runs a program to its end and keeps what it says. A program that cannot be started is a result too. */
export async function run(
  file: string,
  args: string[],
  {
    environment = {},
    timeoutMs = 20_000,
  }: { environment?: Record<string, string | undefined>; timeoutMs?: number } = {},
): Promise<ToolResult> {
  const result = await execa(file, args, {
    all: true,
    reject: false,
    stdin: 'ignore',
    timeout: timeoutMs,
    env: environment,
  });
  return { ok: !result.failed, output: result.all || (result.shortMessage ?? '') };
}

/** The last lines of a text, indented for showing below a message. */
export function lastLines(text: string, count: number): string {
  const lines = text.trimEnd().split('\n');
  return lines
    .slice(-count)
    .map((line) => `    ${line}`)
    .join('\n');
}
