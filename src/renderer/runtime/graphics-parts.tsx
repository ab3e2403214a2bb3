/** @file Parts for graphics cards of one maker: chosen before Ollama is installed, or fetched for one that is here. */
import { useState } from 'react';
import type { GraphicsPart, RuntimeOffer } from '../../shared/runtime.ts';
import { useServices } from '../shell/services.ts';
import { Disclosure } from '../states/disclosure.tsx';
import { bytes } from '../states/progress.ts';

const makers: Readonly<Record<GraphicsPart, string>> = { cuda: 'NVIDIA (CUDA)', rocm: 'AMD (ROCm)' };

type Ticks = { offer: RuntimeOffer; chosen: readonly GraphicsPart[]; onChoose: (parts: readonly GraphicsPart[]) => void };

function Ticks({ offer, chosen, onChoose }: Ticks) {
  const toggle = (part: GraphicsPart) => onChoose(chosen.includes(part) ? chosen.filter((one) => one !== part) : [...chosen, part]);
  return offer.graphics.map((part) => (
    <label key={part} className="runtime-tick">
      <input type="checkbox" checked={chosen.includes(part)} onChange={() => toggle(part)} />
      {makers[part]}
    </label>
  ));
}

/** Nothing where the release has none for this machine. */
export function GraphicsChoice({ offer, chosen, onChoose }: Ticks) {
  if (offer.graphics.length === 0) return null;
  return (
    <Disclosure title="Graphics cards: what fits all of them is unpacked">
      <p>The processor and Vulkan are used, which is every common card. Parts for one maker are faster there and take gigabytes more.</p>
      <Ticks offer={offer} chosen={chosen} onChoose={onChoose} />
    </Disclosure>
  );
}

/** For an Ollama that was installed by this program: it is fetched anew with what is chosen. */
export function GraphicsChange({ offer, has }: { offer: RuntimeOffer; has: readonly GraphicsPart[] }) {
  const { actions } = useServices();
  const [chosen, setChosen] = useState(has);
  const same = offer.graphics.every((part) => chosen.includes(part) === has.includes(part));
  const names = has.map((part) => makers[part]).join(', ');
  const size = offer.bytes === undefined ? '' : `, ${bytes(offer.bytes)}`;
  return (
    <div className="setting runtime-block">
      <Disclosure title={`Graphics cards: ${names === '' ? 'what fits all of them is here' : `${names} too`}`}>
        <p>
          Every common card is used as it is. Parts for one maker are faster there and take gigabytes more; Ollama is fetched anew with them
          {size}, and answers meanwhile as before.
        </p>
        <Ticks offer={offer} chosen={chosen} onChoose={setChosen} />
        <button type="button" className="button" disabled={same} onClick={() => actions.runtime.install(chosen, false)}>
          Install Ollama with this choice
        </button>
      </Disclosure>
    </div>
  );
}
