/** Tells a person something that is not the command's answer; standard output stays clean for that. */
export function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
