namespace Relais.Traffic.Measures.Logs;

/// <summary>What a server noted of one request, or of one listener who has left.</summary>
/// <param name="At">Seconds since 1970, UTC.</param>
/// <param name="Address">Who asked: never kept, only hashed.</param>
/// <param name="Method">In capitals.</param>
/// <param name="Path">What was asked for, without query.</param>
/// <param name="Agent">As the browser or player calls itself; empty if it does not.</param>
/// <param name="Host">The site, where the log has it; else empty.</param>
/// <param name="Region">Where the listener is, where the log has it; else empty.</param>
/// <param name="Seconds">How long somebody was connected; null where the log does not say.</param>
public sealed record LogEntry(long At, string Address, string Method, string Path, int Status, string Agent, string Host, string Region, long? Seconds);
