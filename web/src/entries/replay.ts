import '../styles/replay.css';
import { Player } from '../replay/player';
import type { Mounted } from '../shell/modules';

export function mount(element: HTMLElement): Mounted {
  const player = new Player(element);
  void player.start();
  return player;
}
