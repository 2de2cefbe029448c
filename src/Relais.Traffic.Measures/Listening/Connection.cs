using System.Runtime.InteropServices;

namespace Relais.Traffic.Measures.Listening;

/// <summary>A time that a player was connected to a station, from its first second to the one after its last.</summary>
/// <param name="Listener">A number for each player; who it is has no meaning.</param>
/// <param name="Start">Seconds since 1970, UTC.</param>
/// <param name="End">Not before <paramref name="Start"/>; not counted itself.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Connection(int Listener, long Start, long End);
