interface Window {
  Blazor?: { addEventListener(name: 'enhancedload', listener: () => void): void };
}

declare module 'virtual:fluent-tokens.css';
