import '../styles/audience.css';

/** The pages of the explorer need the charts' styles alone. */
export function mount(): void {}
