/** @file The models, and the engine that runs them. */
import { ModelsPart, placeWords } from '../models/models-part.tsx';
import { RuntimePart } from '../runtime/runtime-part.tsx';
import { useWindow } from '../shell/services.ts';
import { Section } from './rows.tsx';

export function ModelSection() {
  const words = useWindow((state) => placeWords(state.models));
  return (
    <Section title="Model" words={words}>
      <ModelsPart />
      <RuntimePart />
    </Section>
  );
}
