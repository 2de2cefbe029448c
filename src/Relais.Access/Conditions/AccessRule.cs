using Relais.Access.Contracts;

namespace Relais.Access.Conditions;

/// <summary>What a rule decides.</summary>
internal enum RuleDecision
{
    Allow = 0,
    AskSecondFactor = 1,
    Refuse = 2,
}

/// <summary>What is known of the device. A rule names some, or none for whichever.</summary>
[Flags]
internal enum DeviceStates
{
    None = 0,

    /// <summary>A browser that the person had signed in with before.</summary>
    Known = 1,

    /// <summary>A browser that is there for the first time, for the whole of that sign-in.</summary>
    New = 2,

    /// <summary>The sign-in was by a passkey, which its device holds.</summary>
    Passkey = 4,

    /// <summary>A native client; of its device nothing else is known.</summary>
    Native = 8,
}

[Flags]
internal enum WeekDays
{
    None = 0,
    Monday = 1,
    Tuesday = 2,
    Wednesday = 4,
    Thursday = 8,
    Friday = 16,
    Saturday = 32,
    Sunday = 64,
}

/// <summary>One rule of the list. What it leaves empty holds for all; the first one that holds decides.</summary>
internal sealed class AccessRule
{
    public const int NameLength = 80;
    public const int WordsLength = 300;
    public const int MostEntries = 200;
    public const int MostRules = 100;
    public const int LongestProofHours = 720;

    public Guid Id { get; init; }

    /// <summary>From 1, without gaps.</summary>
    public int Position { get; set; }

    public required string Name { get; set; }

    public bool Enabled { get; set; } = true;

    public string[] Roles { get; set; } = [];

    /// <summary>A group that was deleted stays named, so that its rule does not become everybody's.</summary>
    public Guid[] Groups { get; set; } = [];

    /// <summary>In the form of RFC 4632 and RFC 4291: 10.0.0.0/8, 2001:db8::/32.</summary>
    public string[] Networks { get; set; } = [];

    /// <summary>Two capitals each (ISO 3166-1).</summary>
    public string[] Countries { get; set; } = [];

    /// <summary>From anywhere but the networks and countries.</summary>
    public bool Elsewhere { get; set; }

    public DeviceStates Devices { get; set; }

    public AccessTarget Targets { get; set; }

    public WeekDays Days { get; set; }

    /// <summary>In the institute's time, in whole minutes; with <see cref="To"/>, or neither.</summary>
    public TimeOnly? From { get; set; }

    /// <summary>Not included. Not after <see cref="From"/>: on the next day.</summary>
    public TimeOnly? To { get; set; }

    public RuleDecision Decision { get; set; }

    /// <summary>How old a second factor may be when something is opened; null for however old.</summary>
    public int? ProofHours { get; set; }

    /// <summary>What a refused person reads besides what all do.</summary>
    public string Words { get; set; } = "";
}

/// <summary>What holds for all rules: one row.</summary>
internal sealed class AccessSetting
{
    public const int TheOne = 1;

    public int Id { get; init; }

    /// <summary>When no rule holds.</summary>
    public RuleDecision Default { get; set; }

    /// <summary>Which file of countries is in; null for none.</summary>
    public Guid? Countries { get; set; }

    public string CountriesName { get; set; } = "";

    public DateTimeOffset? CountriesAt { get; set; }

    public int CountryRanges { get; set; }
}
