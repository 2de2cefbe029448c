import '../styles/audience.css';
import '../styles/traffic.css';
import type { Mounted } from '../shell/modules';
import { LiveWall } from '../traffic/liveWall';

/** The live wall: figures of each second, over server-sent events. */
export function mount(element: HTMLElement): Mounted {
  return new LiveWall(element);
}
