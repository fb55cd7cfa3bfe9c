const few = 8;

/** Sentences as a list; of many, the rest is one click away. */
export function FewOfMany({ texts }: { texts: readonly string[] }) {
  const list = (shown: readonly string[]) => (
    <ul>
      {shown.map((text) => (
        <li key={text}>{text}</li>
      ))}
    </ul>
  );
  const rest = texts.slice(few);
  return (
    <>
      {list(texts.slice(0, few))}
      {rest.length > 0 && (
        <details>
          <summary>{rest.length} more</summary>
          {list(rest)}
        </details>
      )}
    </>
  );
}
