import type { Chunk, Facts } from './recording';

/** What shows a recording: a terminal or a screen, fed with what once went to the person's client. */
export interface Stage {
  /** Shows what happened next. */
  feed(chunk: Chunk): void;
  dispose(): void;
}

/** Loads what shows recordings of that protocol. Each call of what it gives makes an empty stage. */
export async function loadStage(client: string): Promise<(place: HTMLElement, facts: Facts) => Stage> {
  switch (client) {
    case 'ssh':
      return (await import('./terminalStage')).createTerminalStage;
    case 'vnc':
      return (await import('./vncStage')).createVncStage;
    default:
      return (await import('./rdpStage')).createRdpStage;
  }
}
