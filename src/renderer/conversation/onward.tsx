/** @file The end of a path that was gone back to: what came after is another branch, and one step away. */
import { GitBranch } from 'lucide-react';
import { useServices } from '../shell/services.ts';

export function Onward({ messageId }: { messageId: string }) {
  const { actions } = useServices();
  return (
    <p className="onward">
      <GitBranch aria-hidden />
      You go on from here. What came after is kept.
      <button type="button" className="link" onClick={() => actions.talk.choose(messageId)}>
        Show it
      </button>
    </p>
  );
}
