using System.Security.Cryptography;
using System.Text;

namespace Relais.Access.NativeClients;

/// <summary>
/// The password of one native client: five groups of five letters and digits that can't be confused (123 bits). Nobody chooses it, and so
/// many bits need no slow hash; it is compared without capitals, dashes and blanks, because people type it on phones.
/// </summary>
internal static class NativeClientPassword
{
    private const string Alphabet = "abcdefghjkmnpqrstuvwxyz23456789";
    private const int Groups = 5;
    private const int GroupLength = 5;
    private const int KeyLengthBytes = 32;

    // Different words before the same secret: what is kept of it says nothing about the key, and is no token of a sign-in.
    private static readonly byte[] HashUse = "relais native client password:"u8.ToArray();
    private static readonly byte[] KeyUse = "relais native client key"u8.ToArray();

    public static string Create() => string.Join('-', Enumerable.Range(0, Groups).Select(_ => RandomNumberGenerator.GetString(Alphabet, GroupLength)));

    public static byte[] HashOf(string password) => SHA256.HashData([.. HashUse, .. Normalize(password)]);

    /// <summary>A key that only who shows the password has; the server keeps neither.</summary>
    public static byte[] KeyOf(string password) => HKDF.DeriveKey(HashAlgorithmName.SHA256, Normalize(password), KeyLengthBytes, info: KeyUse);

    private static byte[] Normalize(string typed) => Encoding.UTF8.GetBytes(string.Concat(typed.Where(char.IsLetterOrDigit)).ToLowerInvariant());
}
