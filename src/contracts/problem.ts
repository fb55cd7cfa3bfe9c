import { z } from 'zod';

/** RFC 9457 problem details. */
export const problemSchema = z.object({
  type: z.string().default('about:blank'),
  title: z.string(),
  status: z.int(),
  detail: z.string().optional(),
  /** For invalid input: a JSON pointer (RFC 6901) to each field at fault, and what is wrong with it. */
  errors: z.array(z.object({ pointer: z.string(), detail: z.string() })).optional(),
});
export type Problem = z.infer<typeof problemSchema>;
export type FieldError = NonNullable<Problem['errors']>[number];

/** RFC 6901 pointer of a path, `/workload/load/messagesPerSecond`; empty for the whole document. */
export function jsonPointer(path: readonly PropertyKey[]): string {
  return path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/** One line a field at fault, in the words of a person. */
export function fieldErrors(error: z.ZodError): FieldError[] {
  return error.issues.flatMap((issue) => {
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({
        pointer: jsonPointer([...issue.path, key]),
        detail: 'is not known here; remove it or correct its name',
      }));
    }
    if (issue.code === 'invalid_union' && issue.errors.length > 0) {
      // The branch that went furthest is the one the user meant.
      const branch = [...issue.errors].sort((a, b) => a.length - b.length)[0] ?? [];
      return fieldErrors({
        issues: branch.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] })),
      } as z.ZodError);
    }
    const missing = issue.code === 'invalid_type' && issue.message.endsWith('received undefined');
    return [{ pointer: jsonPointer(issue.path), detail: missing ? 'is required' : issue.message }];
  });
}
