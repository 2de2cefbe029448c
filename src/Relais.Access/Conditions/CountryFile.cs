using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Numerics;

namespace Relais.Access.Conditions;

/// <summary>What is wrong with a line of a file of countries.</summary>
/// <param name="File">Its name, as there may be two.</param>
/// <param name="Line">From 1; 0 for the whole file.</param>
/// <param name="Code">The words are under "Country." in the texts.</param>
internal sealed record CountryFault(string File, int Line, string Code, string Value);

/// <summary>
/// Files of address ranges with their countries, as free ones come: <c>first,last,country</c> or <c>network,country</c>, addresses written
/// out or as numbers, with or without quotes, a line of names, more columns, and comments.
/// </summary>
internal static class CountryFile
{
    public const int MostFaults = 100;
    public const int MostRanges = 1_500_000;
    private const int LongestLine = 1000;

    private static readonly string[] Firsts = ["first", "start", "start_ip", "ip_start", "ip_from", "range_start"];
    private static readonly string[] Lasts = ["last", "end", "end_ip", "ip_end", "ip_to", "range_end"];
    private static readonly string[] Networks = ["network", "cidr", "prefix"];
    private static readonly string[] Countries = ["country_code", "country_iso_code", "cc", "country"];

    private sealed record Columns(int First, int? Last, int Country);

    /// <summary>Adds the ranges and the faults of one file; after <see cref="MostFaults"/> it stops reading.</summary>
    public static void Read(string name, TextReader text, List<CountryRange> ranges, List<CountryFault> faults)
    {
        var (number, before, separator, columns) = (0, ranges.Count, ',', (Columns?)null);
        while (text.ReadLine() is { } line && faults.Count < MostFaults)
        {
            number++;
            line = line.Trim('\uFEFF', ' ', '\r');
            if (line.Length == 0 || line[0] == '#')
                continue;
            if (line.Length > LongestLine)
            {
                faults.Add(new CountryFault(name, number, "long", ""));
                continue;
            }

            if (columns is null)
            {
                separator = line.Contains('\t', StringComparison.Ordinal) ? '\t' : line.Contains(';', StringComparison.Ordinal) ? ';' : ',';
                if (OfNames(Cells(line, separator)) is { } named)
                {
                    columns = named;
                    continue;
                }
            }

            var cells = Cells(line, separator);
            columns ??= cells.Length == 2 || cells[0].Contains('/', StringComparison.Ordinal) ? new Columns(0, null, 1) : new Columns(0, 1, 2);
            if (Parse(cells, columns, out var range) is { } fault)
                faults.Add(new CountryFault(name, number, fault.Code, fault.Value));
            else if (range is not null && ranges.Count >= MostRanges)
                faults.Add(new CountryFault(name, number, "many", MostRanges.ToString(CultureInfo.InvariantCulture)));
            else if (range is not null)
                ranges.Add(range);
        }

        if (ranges.Count == before && faults.Count == 0)
            faults.Add(new CountryFault(name, 0, "empty", ""));
    }

    /// <summary>In their order; a range that begins inside another one is a fault, because the file then says two things of one address.</summary>
    public static void Order(List<CountryRange> ranges, List<CountryFault> faults)
    {
        ranges.Sort((a, b) => a.First.AsSpan().SequenceCompareTo(b.First));
        for (var i = 1; i < ranges.Count && faults.Count < MostFaults; i++)
        {
            if (ranges[i].First.AsSpan().SequenceCompareTo(ranges[i - 1].Last) <= 0)
                faults.Add(new CountryFault("", 0, "overlap", $"{Shown(ranges[i].First)} {ranges[i].Country}, {Shown(ranges[i - 1].First)} – {Shown(ranges[i - 1].Last)} {ranges[i - 1].Country}"));
        }
    }

    private static Columns? OfNames(string[] cells)
    {
        var names = cells.Select(c => c.ToLowerInvariant()).ToArray();
        var country = Countries.Select(c => Array.IndexOf(names, c)).FirstOrDefault(i => i >= 0, -1);
        if (country < 0)
            return null;
        var (first, last, network) = (Find(Firsts), Find(Lasts), Find(Networks));
        return network >= 0 ? new Columns(network, null, country) : first >= 0 && last >= 0 ? new Columns(first, last, country) : null;

        int Find(string[] known) => Array.FindIndex(names, known.Contains);
    }

    // No quoted cell that is looked at has a separator in it; of those after it nothing is read.
    private static string[] Cells(string line, char separator) => [.. line.Split(separator).Select(c => c.Trim().Trim('"').Trim())];

    private static (string Code, string Value)? Parse(string[] cells, Columns columns, out CountryRange? range)
    {
        range = null;
        if (cells.Length <= Math.Max(columns.Country, columns.Last ?? 0))
            return ("cells", string.Join(" ", cells));
        var country = cells[columns.Country].ToUpperInvariant();
        if (!(country.Length == 2 && country.All(char.IsAsciiLetterUpper)) && country is not ("" or "-" or "??"))
            return ("country", cells[columns.Country]);
        byte[] first, last;
        if (columns.Last is { } end)
        {
            if (Address(cells[columns.First]) is not { } begin)
                return ("address", cells[columns.First]);
            if (Address(cells[end]) is not { } until)
                return ("address", cells[end]);
            (first, last) = (begin, until);
            if (first.AsSpan().SequenceCompareTo(last) > 0 || IsIPv4(first) != IsIPv4(last))
                return ("backwards", $"{cells[columns.First]} – {cells[end]}");
        }
        else if (NetworkRange.TryParse(cells[columns.First], out var network, out _) == NetworkFault.None)
        {
            first = network.First.MapToIPv6().GetAddressBytes();
            last = LastOf(first, network.Prefix + (network.First.AddressFamily == AddressFamily.InterNetwork ? 96 : 0));
        }
        else
        {
            return ("network", cells[columns.First]);
        }

        // Ranges of nobody, which some files list: as if they were not there.
        if (country is not ("" or "-" or "??" or "ZZ"))
            range = new CountryRange { First = first, Last = last, Country = country };
        return null;
    }

    private static byte[]? Address(string cell)
    {
        if (cell.All(char.IsAsciiDigit) && BigInteger.TryParse(cell, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            if (number <= uint.MaxValue)
                number += (BigInteger)0xffff << 32;
            var bytes = number.ToByteArray(isUnsigned: true, isBigEndian: true);
            return bytes.Length > 16 ? null : [.. new byte[16 - bytes.Length], .. bytes];
        }

        return NetworkRange.TryParse(cell, out var range, out _) == NetworkFault.None && !cell.Contains('/', StringComparison.Ordinal)
            ? range.First.MapToIPv6().GetAddressBytes()
            : null;
    }

    private static bool IsIPv4(byte[] bytes) => new IPAddress(bytes).IsIPv4MappedToIPv6;

    private static byte[] LastOf(byte[] first, int prefix)
    {
        var last = first.ToArray();
        for (var i = 0; i < last.Length; i++)
            last[i] |= (byte)(0xff >> Math.Clamp(prefix - (8 * i), 0, 8));
        return last;
    }

    private static string Shown(byte[] bytes) => NetworkRange.Plain(new IPAddress(bytes)).ToString();
}
