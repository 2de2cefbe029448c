using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Relais.Telephony.Numbers;

namespace Relais.Telephony.Trunks;

/// <summary>What is wrong with a field; the code is the key of its words.</summary>
internal sealed record TrunkFault(string Field, string Code);

/// <summary>The fields of a trunk as somebody typed them.</summary>
/// <param name="Password">Empty: the one that is kept stays.</param>
internal sealed partial record TrunkFields(
    string? Name, string? Host, string? Port, string? Domain, bool Registers, string? UserName, string? Password, string? Caller, string? CallerName,
    string? NumberForm, string? MostCalls, string? CallsPerSecond, string? Order, bool Foreign, bool Premium, string? Forbidden, bool Enabled, string? VerifiedCaller = null)
{
    public static readonly TrunkFields New = new(
        null, null, "5060", null, Registers: false, null, null, null, null, nameof(Numbers.NumberForm.National), "30", "5", "100", Foreign: false, Premium: false, null, Enabled: true);

    public string? Transport { get; init; } = nameof(TrunkTransport.Udp);

    /// <summary>Certificates in PEM; empty for the authorities that everybody trusts.</summary>
    public string? Authority { get; init; }

    /// <summary>What people hear who call back; empty to refuse them.</summary>
    public string? CallBack { get; init; }

    public static TrunkFields Of(Trunk trunk) => new(
        trunk.Name, trunk.Host, Text(trunk.Port), trunk.Domain, trunk.Registers, trunk.UserName, null, trunk.Caller, trunk.CallerName, trunk.NumberForm.ToString(),
        Text(trunk.MostCalls), Text(trunk.CallsPerSecond), Text(trunk.Order), trunk.Foreign, trunk.Premium, string.Join(' ', trunk.Forbidden.Select(f => "+" + f)), trunk.Enabled,
        trunk.VerifiedCaller)
    {
        Transport = trunk.Transport.ToString(), Authority = trunk.Authority, CallBack = trunk.CallBack,
    };

    /// <summary>All that is wrong; none makes it fit to be saved.</summary>
    public IReadOnlyList<TrunkFault> Check(bool hasPassword)
    {
        var faults = new List<TrunkFault>();
        Need(nameof(Name), Length(Name, 60));
        Need(nameof(Host), string.IsNullOrWhiteSpace(Host) ? "empty" : IPAddress.TryParse(Host.Trim(), out _) || HostName().IsMatch(Host.Trim()) ? null : "host");
        Need(nameof(Domain), string.IsNullOrWhiteSpace(Domain) || IPAddress.TryParse(Domain.Trim(), out _) || HostName().IsMatch(Domain.Trim()) ? null : "host");
        Need(nameof(Port), Number(Port) is >= 1 and <= 65_535 ? null : "port");
        Need(nameof(Transport), Way is null ? "choice" : null);
        Need(nameof(Authority), string.IsNullOrWhiteSpace(Authority) ? null : Authority.Length > 100_000 ? "long" : TrunkTls.Authorities(Authority) is null ? "certificate" : null);
        Need(nameof(UserName), Registers && string.IsNullOrWhiteSpace(UserName) ? "empty" : (UserName ?? "").Any(c => c is <= ' ' or '"' or '<' or '>' or '@') ? "characters" : null);
        Need(nameof(Password), Registers && string.IsNullOrEmpty(Password) && !hasPassword ? "empty" : Password?.Length > 200 ? "long" : null);
        Need(nameof(Caller), DialledNumber.TryParse(Caller) is null ? "number" : null);
        Need(nameof(VerifiedCaller), string.IsNullOrWhiteSpace(VerifiedCaller) || DialledNumber.TryParse(VerifiedCaller) is { Verified: true } ? null : "verified");
        Need(nameof(CallerName), CallerName?.Length > 60 ? "long" : (CallerName ?? "").Any(char.IsControl) ? "characters" : null);
        Need(nameof(CallBack), CallBack?.Length > 500 ? "long" : null);
        Need(nameof(NumberForm), Form is null ? "choice" : null);
        Need(nameof(MostCalls), Number(MostCalls) is >= 1 and <= 10_000 ? null : "count");
        Need(nameof(CallsPerSecond), Number(CallsPerSecond) is >= 1 and <= 1_000 ? null : "count");
        Need(nameof(Order), Number(Order) is >= 0 and <= 10_000 ? null : "count");
        Need(nameof(Forbidden), Prefixes.All(p => p.Length is > 0 and <= 15 && p.All(char.IsAsciiDigit)) ? null : "prefixes");
        return faults;

        void Need(string field, string? code)
        {
            if (code is not null)
                faults.Add(new TrunkFault(field, code));
        }
    }

    /// <summary>Makes the trunk like this, once nothing is wrong; the password is not among it.</summary>
    public void ApplyTo(Trunk trunk)
    {
        (trunk.Name, trunk.NormalizedName, trunk.Enabled) = (Name!.Trim(), Trunk.Normalize(Name), Enabled);
        (trunk.Host, trunk.Port, trunk.Domain) = (Host!.Trim().ToLowerInvariant(), Number(Port) ?? 5060, Blank(Domain)?.ToLowerInvariant());
        (trunk.Transport, trunk.Authority) = (Way ?? TrunkTransport.Udp, Blank(Authority));
        (trunk.Registers, trunk.UserName) = (Registers, Blank(UserName));
        (trunk.Caller, trunk.CallerName, trunk.NumberForm) = (DialledNumber.TryParse(Caller).ToString()!, Blank(CallerName), Form ?? Numbers.NumberForm.National);
        trunk.VerifiedCaller = DialledNumber.TryParse(VerifiedCaller)?.ToString();
        (trunk.MostCalls, trunk.CallsPerSecond, trunk.Order) = (Number(MostCalls) ?? 30, Number(CallsPerSecond) ?? 5, Number(Order) ?? 100);
        (trunk.Foreign, trunk.Premium, trunk.Forbidden) = (Foreign, Premium, [.. Prefixes]);
    }

    private NumberForm? Form => Enum.TryParse<NumberForm>(NumberForm, ignoreCase: true, out var form) && Enum.IsDefined(form) ? form : null;

    private TrunkTransport? Way => Enum.TryParse<TrunkTransport>(Transport, ignoreCase: true, out var way) && Enum.IsDefined(way) ? way : null;

    // +44 207, 0044207 and 44207 are the same beginning; 0899 is one of France.
    private IEnumerable<string> Prefixes => (Forbidden ?? "").Split((char[])[' ', ',', ';', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        .Select(p => p switch
        {
            ['+', ..] => p[1..],
            ['0', '0', ..] => p[2..],
            ['0', ..] => "33" + p[1..],
            _ => p,
        });

    private static string? Length(string? text, int most) => string.IsNullOrWhiteSpace(text) ? "empty" : text.Trim().Length > most ? "long" : text.Any(char.IsControl) ? "characters" : null;

    private static string? Blank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    private static int? Number(string? text) => int.TryParse(text?.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^(?:(?!-)[A-Za-z0-9-]{1,63}(?<!-)\.)*(?!-)[A-Za-z0-9-]{1,63}(?<!-)\z", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex HostName();
}
