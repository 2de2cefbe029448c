using System.Collections.Concurrent;
using System.Net;
using Microsoft.EntityFrameworkCore;

namespace Relais.Access.Conditions;

/// <summary>A range of addresses that is said to be of a country. IPv4 as it is written in IPv6, so that bytes compare.</summary>
internal sealed class CountryRange
{
    public required byte[] First { get; init; }

    public required byte[] Last { get; init; }

    public required string Country { get; init; }
}

/// <summary>The country of an address by the institute's file. What was asked lately is remembered for as long as that file is in.</summary>
internal sealed class CountryLookup
{
    private const int Remembered = 10_000;

    private readonly ConcurrentDictionary<(Guid File, IPAddress Address), string?> _known = new();

    public async Task<string?> OfAsync(AccessDb db, Guid file, IPAddress address, CancellationToken cancel)
    {
        var plain = NetworkRange.Plain(address);
        if (_known.TryGetValue((file, plain), out var known))
            return known;
        var bytes = plain.MapToIPv6().GetAddressBytes();
        // Ranges do not overlap: the last one that begins before the address holds it, or none does.
        var found = await db.CountryRanges.FromSql($"SELECT * FROM access.country_range WHERE first <= {bytes} ORDER BY first DESC LIMIT 1")
            .AsNoTracking().SingleOrDefaultAsync(cancel);
        var country = found is not null && found.Last.AsSpan().SequenceCompareTo(bytes) >= 0 ? found.Country : null;
        if (_known.Count >= Remembered)
            _known.Clear();
        _known[(file, plain)] = country;
        return country;
    }
}
