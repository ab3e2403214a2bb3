/** @file Words that are not answered yet: on their way, waiting for the reply before, or refused and given back. */
import { CircleAlert, Clock } from 'lucide-react';
import { memo } from 'react';
import { writeDraft } from '../composer/draft.ts';
import { useServices, useWindow } from '../shell/services.ts';
import { rowAttributes, useRowStop } from './row-focus.ts';
import type { WaitingRow } from './rows.ts';
import { Words } from './user-message.tsx';

function Refused({ turnId, reason }: { turnId: string; reason: string }) {
  const { actions, keepsakes } = useServices();
  const openId = useWindow((state) => state.openId);
  const takeBack = () => writeDraft(keepsakes, openId, actions.talk.takeBack(turnId));
  return (
    <div className="ended yours" data-tone="trouble">
      <CircleAlert aria-hidden />
      <p>
        {reason}
        <button type="button" className="link" onClick={() => actions.talk.sendAgain(turnId)}>
          Send again
        </button>
        <button type="button" className="link" onClick={takeBack}>
          Back to the writing box
        </button>
      </p>
    </div>
  );
}

function Waiting({ name }: { name: string }) {
  const connection = useWindow((state) => state.connection);
  const busy = useWindow((state) => Boolean(state.thread?.live));
  const lost = connection !== 'open' && 'Not sent yet. It goes out by itself when the connection is back.';
  const words = lost || (busy ? `Waits until ${name} is done` : null);
  return (
    <p className="waits">
      {words && <Clock aria-hidden />}
      {words}
    </p>
  );
}

export const WaitingMessage = memo(function WaitingMessage({ row, name, last }: { row: WaitingRow; name: string; last: boolean }) {
  const stop = useRowStop(row.key, last);
  const fault = row.outgoing?.fault;
  return (
    <article {...rowAttributes(row, stop, fault ? 'You, not sent' : 'You, waiting')}>
      <i className="bead" data-mood="none" />
      <div className="said">
        <div className="bubble" data-waiting={!fault || undefined} data-refused={Boolean(fault) || undefined}>
          <Words text={row.text} />
        </div>
      </div>
      {fault ? <Refused turnId={row.turnId} reason={fault.message} /> : <Waiting name={name} />}
    </article>
  );
});
