namespace Relais.Access.Contracts;

/// <summary>The keyboards that people may have, by the names that every desktop understands.</summary>
public static class KeyboardLayouts
{
    public const string FrenchAzerty = "fr-azerty";
    public const string BelgianAzerty = "be-azerty";
    public const string SwissFrench = "ch-qwertz";
    public const string CanadianFrench = "ca-qwerty";
    public const string BritishQwerty = "gb-qwerty";
    public const string AmericanQwerty = "us-qwerty";

    public const string Default = FrenchAzerty;

    public static readonly IReadOnlyList<string> All =
        [FrenchAzerty, BelgianAzerty, SwissFrench, CanadianFrench, BritishQwerty, AmericanQwerty];
}
