using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Relais.Fieldwork.Forms.Expressions.Tree;

namespace Relais.Fieldwork.Forms.Expressions.Functions;

/// <summary>digest(text, algorithm, encoding): a fingerprint, not a protection.</summary>
internal static class Digests
{
    [SuppressMessage("Security", "CA5350", Justification = "The form's author asks for SHA-1 by name; nothing is protected by it.")]
    public static Value Of(Call call, IReadOnlyList<Value> values, in Scope scope)
    {
        var text = Encoding.UTF8.GetBytes(values[0].ToText());
        var hash = values[1].ToText() switch
        {
            "MD5" => Md5.Hash(text),
            "SHA-1" => SHA1.HashData(text),
            "SHA-256" => SHA256.HashData(text),
            "SHA-384" => SHA384.HashData(text),
            "SHA-512" => SHA512.HashData(text),
            _ => null,
        };
        if (hash is null)
            return call.Error(ExpressionErrorKind.Unhandled, $"there is no algorithm \"{values[1].ToText()}\"; MD5, SHA-1, SHA-256, SHA-384 and SHA-512 are.");
        return (values.Count > 2 ? values[2].ToText() : "base64") switch
        {
            "base64" => Value.Of(Convert.ToBase64String(hash)),
            "hex" => Value.Of(Convert.ToHexStringLower(hash)),
            var other => call.Error(ExpressionErrorKind.Unhandled, $"there is no encoding \"{other}\"; base64 and hex are."),
        };
    }
}
