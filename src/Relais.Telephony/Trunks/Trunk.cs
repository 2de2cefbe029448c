using Microsoft.AspNetCore.DataProtection;
using Relais.Telephony.Contracts;
using Relais.Telephony.Numbers;

namespace Relais.Telephony.Trunks;

/// <summary>Whether the operator's side answers our OPTIONS.</summary>
internal enum TrunkReach
{
    Unknown,
    Answers,
    Silent,
}

internal enum RegistrationState
{
    /// <summary>The operator knows us by our address.</summary>
    NotNeeded,
    Waiting,
    Registered,
    Refused,
}

/// <summary>A line to a telephone operator, over SIP.</summary>
internal sealed class Trunk
{
    public required Guid Id { get; init; }

    public required string Name { get; set; }

    public required string NormalizedName { get; set; }

    public bool Enabled { get; set; } = true;

    /// <summary>The operator's address: a name or numbers.</summary>
    public required string Host { get; set; }

    public int Port { get; set; } = 5060;

    public TrunkTransport Transport { get; set; }

    /// <summary>The authorities that the operator's certificate must come from, in PEM; null for those that everybody trusts.</summary>
    public string? Authority { get; set; }

    /// <summary>The name that stands in addresses; the host where the operator asks for none.</summary>
    public string? Domain { get; set; }

    /// <summary>Whether we register there; otherwise the operator knows our address.</summary>
    public bool Registers { get; set; }

    public string? UserName { get; set; }

    /// <summary>The password, encrypted for this trunk alone.</summary>
    public string? Secret { get; set; }

    /// <summary>The number that is shown, in the international form.</summary>
    public required string Caller { get; set; }

    /// <summary>The number that automated calls show, of the ranges that are meant for it; null: none, and no such call goes out here.</summary>
    public string? VerifiedCaller { get; set; }

    public string? CallerName { get; set; }

    public NumberForm NumberForm { get; set; }

    /// <summary>What people hear who call back; null: their calls are refused.</summary>
    public string? CallBack { get; set; }

    /// <summary>The same as sound: a-law, 8 kHz.</summary>
    public byte[]? CallBackSound { get; set; }

    public int MostCalls { get; set; } = 30;

    public int CallsPerSecond { get; set; } = 5;

    /// <summary>The lower, the earlier it is tried.</summary>
    public int Order { get; set; } = 100;

    public bool Foreign { get; set; }

    public bool Premium { get; set; }

    public List<string> Forbidden { get; set; } = [];

    public TrunkReach Reach { get; set; }

    public DateTimeOffset ReachSince { get; set; }

    public RegistrationState Registration { get; set; }

    /// <summary>The SIP code that refused us; null for none.</summary>
    public int? RegistrationStatus { get; set; }

    /// <summary>Counts changes by people, so that the nodes open the line anew.</summary>
    public int Revision { get; set; }

    public NumberRules Rules => new(Foreign, Premium, Forbidden);

    public string SipDomain => Domain ?? Host;

    /// <summary>Whether calls may be tried: not while the operator is silent or does not know us.</summary>
    public bool Usable => Enabled && Reach is not TrunkReach.Silent && (!Registers || Registration is RegistrationState.Registered);

    /// <summary>Null where it has none of the class.</summary>
    public string? CallerOf(CallerClass caller) => caller switch
    {
        CallerClass.Ordinary => Caller,
        CallerClass.Verified => VerifiedCaller,
    };

    public static string Normalize(string name) => name.Trim().ToUpperInvariant();

    public static IDataProtector Protector(IDataProtectionProvider protection, Guid id) => protection.CreateProtector("Relais.Telephony.TrunkSecret", id.ToString());
}
