using System.Globalization;

namespace Relais.Telephony.Protocols.Sip;

/// <summary>The headers of a message, in their order. Names compare without regard to case, and compact forms are their long ones.</summary>
public sealed class SipHeaders
{
    // RFC 3261, 7.3.3 and 20, and the extensions that were given a letter since.
    private static readonly Dictionary<char, string> Compact = new()
    {
        ['a'] = "Accept-Contact", ['b'] = "Referred-By", ['c'] = "Content-Type", ['d'] = "Request-Disposition", ['e'] = "Content-Encoding", ['f'] = "From",
        ['i'] = "Call-ID", ['j'] = "Reject-Contact", ['k'] = "Supported", ['l'] = "Content-Length", ['m'] = "Contact", ['n'] = "Identity-Info", ['o'] = "Event",
        ['r'] = "Refer-To", ['s'] = "Subject", ['t'] = "To", ['u'] = "Allow-Events", ['v'] = "Via", ['x'] = "Session-Expires", ['y'] = "Identity",
    };

    private readonly List<(string Name, string Value)> _all = [];

    public IReadOnlyList<(string Name, string Value)> All => _all;

    /// <summary>The first of this name, or null.</summary>
    public string? this[string name]
    {
        get
        {
            var at = IndexOf(name);
            return at < 0 ? null : _all[at].Value;
        }
    }

    /// <summary>All of this name, as they stand.</summary>
    public IEnumerable<string> Of(string name) => _all.Where(h => Same(h.Name, name)).Select(h => h.Value);

    /// <summary>All values of this name, those that share a line by commas taken apart.</summary>
    public IEnumerable<string> Each(string name) => Of(name).SelectMany(value => SipText.Split(value, ','));

    /// <summary>A whole number up to 2^32 - 1; null where there is none or it is no number.</summary>
    public uint? Number(string name) =>
        uint.TryParse(this[name], NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var number) ? number : null;

    public SipHeaders Add(string name, string value)
    {
        // A line end in a value would be a header of somebody else's.
        if (name.AsSpan().IndexOfAny("\r\n:") >= 0 || value.AsSpan().IndexOfAny('\r', '\n', '\0') >= 0)
            throw new ArgumentException("A header holds no line end.", nameof(value));
        _all.Add((name, value));
        return this;
    }

    /// <summary>Before all others: where a Via goes.</summary>
    public SipHeaders AddFirst(string name, string value)
    {
        Add(name, value);
        _all.Insert(0, _all[^1]);
        _all.RemoveAt(_all.Count - 1);
        return this;
    }

    /// <summary>In the place of the first of this name, or at the end.</summary>
    public SipHeaders Set(string name, string value)
    {
        var at = IndexOf(name);
        Add(name, value);
        if (at < 0)
            return this;
        _all[at] = _all[^1];
        _all.RemoveAt(_all.Count - 1);
        return this;
    }

    public SipHeaders Remove(string name)
    {
        _all.RemoveAll(h => Same(h.Name, name));
        return this;
    }

    /// <summary>The long form of a name.</summary>
    public static string LongForm(string name) => name.Length == 1 && Compact.TryGetValue(char.ToLowerInvariant(name[0]), out var whole) ? whole : name;

    private int IndexOf(string name) => _all.FindIndex(h => Same(h.Name, name));

    private static bool Same(string name, string other) => string.Equals(name, other, StringComparison.OrdinalIgnoreCase);
}
