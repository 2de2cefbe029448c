using Relais.Access.Contracts;

namespace Relais.Desktops.Bundles;

/// <summary>Keyboard layouts that a person may choose, as RDP and as X know them.</summary>
internal static class Keyboards
{
    /// <summary>Windows layout identifier, X layout and X variant by the name that a person's card carries.</summary>
    private static readonly Dictionary<string, Layout> ByName = new(StringComparer.Ordinal)
    {
        [KeyboardLayouts.FrenchAzerty] = new(0x040C, "fr", "oss"),
        [KeyboardLayouts.BelgianAzerty] = new(0x080C, "be", ""),
        [KeyboardLayouts.SwissFrench] = new(0x100C, "ch", "fr"),
        [KeyboardLayouts.CanadianFrench] = new(0x0C0C, "ca", ""),
        [KeyboardLayouts.AmericanQwerty] = new(0x0409, "us", ""),
        [KeyboardLayouts.BritishQwerty] = new(0x0809, "gb", ""),
    };

    public static uint IdentifierOf(string? name) => Of(name).Identifier;

    public static Layout Of(string? name) => name is not null && ByName.TryGetValue(name, out var layout) ? layout : ByName[KeyboardLayouts.Default];

    internal sealed record Layout(uint Identifier, string X, string Variant);
}
