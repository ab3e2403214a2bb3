/** @file Draws one row of the log, whatever it is. */
import { memo } from 'react';
import { Onward } from './onward.tsx';
import { Reply } from './reply.tsx';
import type { Row } from './rows.ts';
import { UserMessage } from './user-message.tsx';
import { WaitingMessage } from './waiting-message.tsx';

export const RowView = memo(function RowView({ row, name, last }: { row: Row; name: string; last: boolean }) {
  switch (row.kind) {
    case 'user':
      return <UserMessage row={row} last={last} />;
    case 'reply':
      return <Reply row={row} name={name} last={last} />;
    case 'waiting':
      return <WaitingMessage row={row} name={name} last={last} />;
    case 'onward':
      return <Onward messageId={row.messageId} />;
    case 'boundary':
      return (
        <p className="boundary">
          <span>{name} can see the conversation from here on.</span>
        </p>
      );
  }
});
