using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;
using Microsoft.Extensions.DependencyInjection;

namespace Relais.Access.Keys;

/// <summary>AES-256-GCM under the key file: nonce, tag and text in one base64 value.</summary>
internal sealed class KeyFileEncryptor(KeyFile file) : IXmlEncryptor
{
    internal static readonly int NonceLength = AesGcm.NonceByteSizes.MaxSize;
    internal static readonly int TagLength = AesGcm.TagByteSizes.MaxSize;

    public EncryptedXmlInfo Encrypt(XElement plaintextElement)
    {
        var plain = Encoding.UTF8.GetBytes(plaintextElement.ToString(SaveOptions.DisableFormatting));
        var sealedKey = new byte[NonceLength + TagLength + plain.Length];
        RandomNumberGenerator.Fill(sealedKey.AsSpan(0, NonceLength));
        using var aes = new AesGcm(file.Secret, TagLength);
        aes.Encrypt(
            sealedKey.AsSpan(0, NonceLength), plain, sealedKey.AsSpan(NonceLength + TagLength), sealedKey.AsSpan(NonceLength, TagLength));
        return new EncryptedXmlInfo(new XElement("sealed", Convert.ToBase64String(sealedKey)), typeof(KeyFileDecryptor));
    }
}

/// <summary>The framework creates it by its name, with the services.</summary>
internal sealed class KeyFileDecryptor(IServiceProvider services) : IXmlDecryptor
{
    public XElement Decrypt(XElement encryptedElement)
    {
        var sealedKey = Convert.FromBase64String(encryptedElement.Value).AsSpan();
        var (nonce, tag) = (KeyFileEncryptor.NonceLength, KeyFileEncryptor.TagLength);
        var plain = new byte[sealedKey.Length - nonce - tag];
        using var aes = new AesGcm(services.GetRequiredService<KeyFile>().Secret, tag);
        aes.Decrypt(sealedKey[..nonce], sealedKey[(nonce + tag)..], sealedKey[nonce..(nonce + tag)], plain);
        return XElement.Parse(Encoding.UTF8.GetString(plain));
    }
}
