/** An experiment by its name, whose code fails at each step. */
export async function experiment(): Promise<void> {
  throw new Error('a deploy went wrong');
}
