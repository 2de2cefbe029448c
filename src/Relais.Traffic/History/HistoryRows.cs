using System.Runtime.InteropServices;

namespace Relais.Traffic.History;

/// <summary>A request as history keeps it: neither address nor agent nor query.</summary>
/// <param name="At">Seconds since 1970, UTC.</param>
/// <param name="Page">A page, not what pages are made of.</param>
/// <param name="Visitor">A keyed hash, different on each site.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct RequestRow(
    long At, string Site, string Path, string Method, int Status, bool Page, bool Bot, ulong Visitor, string Device, string Player, string Region);

/// <summary>A time that somebody was connected to a channel.</summary>
/// <param name="Start">Seconds since 1970, UTC.</param>
/// <param name="Stop">The first second after it.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ListenRow(
    long Start, long Stop, string Site, string Channel, bool Bot, ulong Listener, string Device, string Player, string Region);
