using System.Collections.Frozen;

namespace Relais.Access.Passwords;

/// <summary>What a password must be: long, and not the first thing somebody else would try. No rule on kinds of characters.</summary>
internal static class PasswordRules
{
    public const int ShortestLength = 12;

    // Hashing a megabyte for a stranger costs; nobody types one.
    public const int LongestLength = 256;

    private static readonly FrozenSet<string> Common = Load();

    /// <summary>The code of what is wrong, or null.</summary>
    public static string? Check(string password, params IEnumerable<string?> names)
    {
        if (password.Length < ShortestLength)
            return "password-short";
        if (password.Length > LongestLength)
            return "password-long";
        var plain = Plain(password);
        if (names.Any(name => name is { Length: > 2 } && string.Equals(plain, Plain(name), StringComparison.Ordinal)))
            return "password-is-name";
        return Common.Contains(plain) || RepeatsAShortPiece(password) ? "password-common" : null;
    }

    // "Motdepasse2026!!" is "motdepasse": digits and signs at the end are what everybody adds.
    private static string Plain(string text) => text.ToLowerInvariant().TrimEnd("0123456789!?.,;:*+-_#$@&%= ".ToCharArray());

    private static bool RepeatsAShortPiece(string password)
    {
        for (var piece = 1; piece <= 4; piece++)
        {
            if (!password.Where((c, i) => c != password[i % piece]).Any())
                return true;
        }

        return false;
    }

    private static FrozenSet<string> Load()
    {
        using var stream = typeof(PasswordRules).Assembly.GetManifestResourceStream("Relais.Access.Passwords.common.txt")
            ?? throw new InvalidOperationException("The list of common passwords is not in the assembly.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(Plain).ToFrozenSet(StringComparer.Ordinal);
    }
}
