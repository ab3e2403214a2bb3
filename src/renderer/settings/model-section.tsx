/** @file The models, and the engine that runs them. */
import { ModelsPart, placeWords } from '../models/models-part.tsx';
import { RuntimePart } from '../runtime/runtime-part.tsx';
import { useWindow } from '../shell/services.ts';
import { Section } from './rows.tsx';

export function ModelSection() {
  const words = useWindow((state) => placeWords(state.models));
  // What is missing, comes or failed is what somebody comes here for.
  const toInstall = useWindow(({ runtime }) => runtime !== null && !['installed', 'not-offered'].includes(runtime.install.state));
  return (
    <Section title="Model" words={words}>
      {toInstall && <RuntimePart />}
      <ModelsPart />
      {!toInstall && <RuntimePart />}
    </Section>
  );
}
