import '../styles/replay.css';
import { Watch } from '../replay/watch';
import type { Mounted } from '../shell/modules';

export function mount(element: HTMLElement): Mounted {
  const watch = new Watch(element);
  void watch.start();
  return watch;
}
