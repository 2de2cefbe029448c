import '../styles/calls.css';
import { CallPlayer } from '../calls/player';
import type { Mounted } from '../shell/modules';

/** Lists of calls need its styles alone; the page of a recorded call has a player. */
export function mount(element: HTMLElement): Mounted | void {
  return element.id === 'call-player' ? new CallPlayer(element) : undefined;
}
