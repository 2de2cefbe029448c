interface Window {
  Blazor?: { addEventListener(name: 'enhancedload', listener: () => void): void; start?(): Promise<void> };
}

declare module 'virtual:fluent-tokens.css';

declare module '@novnc/novnc' {
  /** The part of noVNC's interface that is used here: its docs/API.md. */
  export default class RFB extends EventTarget {
    constructor(target: HTMLElement, channel: WebSocket, options?: { shared?: boolean });
    scaleViewport: boolean;
    viewOnly: boolean;
    resizeSession: boolean;
    disconnect(): void;
    focus(options?: FocusOptions): void;
    sendCtrlAltDel(): void;
    sendKey(keysym: number, code: string, down?: boolean): void;
    clipboardPasteFrom(text: string): void;
  }
}
