/** @file A model that is not here yet: looked up by its name with size and licence before it comes, or taken from a file. */
import { Download, FileText } from 'lucide-react';
import { type FormEvent, useRef, useState } from 'react';
import type { ModelPreview } from '../../shared/models.ts';
import { useServices } from '../shell/services.ts';
import { useReturn } from '../shell/use-return.ts';
import { Disclosure } from '../states/disclosure.tsx';
import { bytes } from '../states/progress.ts';
import { typedName } from './typed-name.ts';

function Preview({ preview, onDone }: { preview: ModelPreview; onDone: () => void }) {
  const { actions } = useServices();
  const pull = () => {
    actions.models.pull(preview.model);
    onDone();
  };
  return (
    <div className="model-preview" role="status">
      <p>
        <b>{preview.label}</b> {preview.bytes === undefined ? 'Its size is not known yet.' : `${bytes(preview.bytes)} to download.`}{' '}
        {preview.freeBytes !== undefined && `${bytes(preview.freeBytes)} are free on this disk.`}
      </p>
      {preview.note && <p data-kind="no">{preview.note}</p>}
      {preview.licences.length === 0 && <p>Its licence is not told by the library; look at the page of its maker.</p>}
      {preview.licences.map(({ name, text }) =>
        text === '' ? (
          <p key={name}>Licence: {name}.</p>
        ) : (
          <Disclosure key={name} title={`Licence: ${name || 'its text'}`}>
            <pre>{text}</pre>
          </Disclosure>
        ),
      )}
      <div className="model-deeds">
        <button type="button" className="button primary" onClick={pull}>
          <Download aria-hidden />
          {preview.installed ? 'Look for a newer one' : 'Download'}
        </button>
        <button type="button" className="button" onClick={onDone}>
          Not now
        </button>
      </div>
    </div>
  );
}

const noName = 'That is no name of a model; nothing was asked, so type one such as qwen3:8b, or paste the address of its page.';

function NameField() {
  const { actions } = useServices();
  const [name, setName] = useState('');
  const field = useRef<HTMLInputElement>(null);
  const [state, setState] = useState<{ busy: boolean; preview?: ModelPreview; problem?: string }>({ busy: false });
  const look = async (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() === '' || state.busy) return;
    const wanted = typedName(name);
    if (wanted === undefined) return setState({ busy: false, problem: noName });
    setState({ busy: true });
    const found = await actions.models.lookUp(wanted);
    setState('code' in found ? { busy: false, problem: found.message } : { busy: false, preview: found });
  };
  const done = () => {
    setState({ busy: false });
    setName('');
    field.current?.focus();
  };
  return (
    <>
      <form className="model-add" onSubmit={(event) => void look(event)}>
        <input
          ref={field}
          className="field"
          aria-label="Name of a model to download"
          placeholder="Name of a model to download, such as qwen3:8b, or its page"
          spellCheck={false}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <button type="submit" className="button" disabled={name.trim() === '' || state.busy}>
          {state.busy ? <i className="spinner" /> : <Download aria-hidden />}
          Look it up
        </button>
      </form>
      {state.problem && (
        <p className="model-problem" role="alert">
          {state.problem}
        </p>
      )}
      {state.preview && <Preview preview={state.preview} onDone={done} />}
    </>
  );
}

function FileField({ onDone }: { onDone: () => void }) {
  const { actions } = useServices();
  const [path, setPath] = useState('');
  const [problem, setProblem] = useState<string>();
  const take = async (event: FormEvent) => {
    event.preventDefault();
    const fault = await actions.models.importFile(path.trim());
    setProblem(fault?.message);
    if (!fault) onDone();
  };
  return (
    <>
      <form className="model-add" onSubmit={(event) => void take(event)}>
        <input
          // biome-ignore lint/a11y/noAutofocus: it opens because the person asked to write here
          autoFocus
          className="field"
          aria-label="Path of a GGUF file on this computer"
          placeholder="Path of a GGUF file, for example ~/Downloads/model-Q4_K_M.gguf"
          spellCheck={false}
          value={path}
          onChange={(event) => setPath(event.target.value)}
        />
        <button type="submit" className="button" disabled={path.trim() === ''}>
          Add
        </button>
        <button type="button" className="button ghost" onClick={onDone}>
          Close
        </button>
      </form>
      <p className="model-small">
        It is checked and stays where it is; where the disk allows it, no second copy is made. Nothing leaves this computer.
      </p>
      {problem && (
        <p className="model-problem" role="alert">
          {problem}
        </p>
      )}
    </>
  );
}

/** In the desktop window the system asks for the file; a browser tells no page where one lies. */
function ChosenFile() {
  const { actions } = useServices();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const choose = async () => {
    setBusy(true);
    setProblem((await actions.models.chooseFile())?.message);
    setBusy(false);
  };
  return (
    <>
      <button type="button" className="button ghost" disabled={busy} onClick={() => void choose()}>
        <FileText aria-hidden />
        Add a GGUF file
      </button>
      <p className="model-small">
        It may be dropped on the window too. It is checked and stays where it is; where the disk allows it, no second copy is made.
      </p>
      {problem && (
        <p className="model-problem" role="alert">
          {problem}
        </p>
      )}
    </>
  );
}

function TypedFile() {
  const [open, setOpen] = useState(false);
  const opener = useReturn<HTMLButtonElement>(open);
  if (open) return <FileField onDone={() => setOpen(false)} />;
  return (
    <button ref={opener} type="button" className="button ghost" onClick={() => setOpen(true)}>
      <FileText aria-hidden />
      Add a GGUF file
    </button>
  );
}

export function AddModel({ canImport }: { canImport: boolean }) {
  return (
    <div className="model-adding">
      <NameField />
      {canImport && (window.companion ? <ChosenFile /> : <TypedFile />)}
    </div>
  );
}
