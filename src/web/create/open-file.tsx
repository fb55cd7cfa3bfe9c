import { useRef, useState } from 'react';
import type { Draft } from './draft/draft.ts';
import { draftOfFile, FileRefusal } from './draft/draft-of-file.ts';

/** Opens a YAML or JSON file into the form. */
export function OpenFile({ onOpen }: { onOpen: (draft: Draft, fileName: string) => void }) {
  const input = useRef<HTMLInputElement>(null);
  const [fault, setFault] = useState<string | null>(null);
  const open = async (file: File) => {
    try {
      const library = await import('yaml');
      onOpen(draftOfFile(await file.arrayBuffer(), file.name, library), file.name);
      setFault(null);
    } catch (error) {
      setFault(error instanceof FileRefusal ? error.message : `${file.name}: ${(error as Error).message}`);
    }
  };
  return (
    <div className="at-end">
      <input
        ref={input}
        type="file"
        accept=".yaml,.yml,.json"
        hidden
        aria-label="YAML or JSON file"
        onChange={(event) => {
          const [file] = event.target.files ?? [];
          if (file) void open(file);
          event.target.value = '';
        }}
      />
      <button type="button" className="button" onClick={() => input.current?.click()}>
        Open a file
      </button>
      {fault && (
        <p role="alert" className="fault">
          {fault}
        </p>
      )}
    </div>
  );
}
