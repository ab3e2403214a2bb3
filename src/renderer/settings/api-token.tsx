/** @file The token: hidden until it is asked for, copied, replaced after a word about what that does. */
import { Check, Copy, Eye, EyeOff, RefreshCw } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { DoorStatus } from '../../shared/door.ts';
import { stamp } from '../conversation/when.ts';
import { useCopy } from '../shell/copy.ts';
import { useServices } from '../shell/services.ts';
import { Row } from './rows.tsx';

const HIDDEN = '•'.repeat(12);

function whoNeedsIt({ requireToken, token }: DoorStatus): string {
  const need = requireToken ? 'Every program needs it.' : 'Web pages need it; programs on this computer do not.';
  return token?.madeAt === undefined ? need : `${need} Made ${stamp(token.madeAt, Date.now())}.`;
}

export function TokenRow({ door }: { door: DoorStatus }) {
  const { actions } = useServices();
  const { copied, copy } = useCopy();
  const [shown, setShown] = useState<string>();
  const [asking, setAsking] = useState(false);
  const ending = door.token?.ending ?? '';
  const fixedBy = door.token?.fixedBy;
  // Another window may have replaced it.
  useEffect(() => setShown((token) => (token?.endsWith(ending) ? token : undefined)), [ending]);
  const look = async () => setShown(shown === undefined ? await actions.door.token() : undefined);
  const take = async () => {
    const token = shown ?? (await actions.door.token());
    if (token !== undefined) copy(token);
  };
  const replace = async () => {
    setAsking(false);
    const wasShown = shown !== undefined;
    const made = await actions.door.replaceToken();
    setShown(wasShown ? made : undefined);
  };
  return (
    <>
      <Row label="Token" words={whoNeedsIt(door)} fixedBy={fixedBy}>
        <div className="token-tools">
          <output className="field token" aria-label="Token" data-shown={shown !== undefined || undefined}>
            {shown ?? HIDDEN + ending}
          </output>
          <button
            type="button"
            className="tool"
            aria-label={shown === undefined ? 'Show the token' : 'Hide the token'}
            onClick={() => void look()}
          >
            {shown === undefined ? <Eye aria-hidden /> : <EyeOff aria-hidden />}
          </button>
          <button type="button" className="tool" aria-label={copied ? 'Copied' : 'Copy the token'} onClick={() => void take()}>
            {copied ? <Check aria-hidden /> : <Copy aria-hidden />}
          </button>
          {fixedBy === undefined && (
            <button type="button" className="button" aria-expanded={asking} onClick={() => setAsking(!asking)}>
              <RefreshCw aria-hidden />
              Replace
            </button>
          )}
        </div>
      </Row>
      {asking && (
        <div className="setting setting-question" role="alert">
          <div className="setting-words">
            <b>Replace the token?</b>
            <span>
              Programs that use this one are disconnected at once and need the new one. Others stay. The old token does not come back.
            </span>
          </div>
          <button type="button" className="button" onClick={() => setAsking(false)}>
            Keep it
          </button>
          <button type="button" className="button danger" onClick={() => void replace()}>
            Replace the token
          </button>
        </div>
      )}
    </>
  );
}
