using System.Security.Cryptography;

namespace Relais.Access.Passwords;

/// <summary>A password to hand over once, easy to read aloud: four groups of four letters and digits that can't be confused (79 bits).</summary>
internal static class OneTimePassword
{
    private const string Alphabet = "abcdefghjkmnpqrstuvwxyz23456789";

    public static string Create() => string.Join('-', Enumerable.Range(0, 4).Select(_ => RandomNumberGenerator.GetString(Alphabet, 4)));
}
