using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Relais.Telephony.Rooms;

/// <summary>What a browser needs to find a way for its voice, as RTCPeerConnection takes it.</summary>
/// <param name="IceTransportPolicy">"all" or "relay".</param>
internal sealed record IceServers(IReadOnlyList<IceServers.Server> Servers, string IceTransportPolicy)
{
    public sealed record Server(IReadOnlyList<string> Urls, string Username, string Credential);

    /// <summary>
    /// Short-lived, for one person: the name is the end of its time and the person, the password its HMAC-SHA1 under the shared secret, as draft-uberti-behave-turn-rest-00 has it
    /// and coturn's use-auth-secret.
    /// </summary>
    public static IceServers For(Guid person, TurnOptions turn, DateTimeOffset now)
    {
        if (turn.Uris.Count == 0)
            return new IceServers([], "all");
        var name = string.Create(CultureInfo.InvariantCulture, $"{now.Add(turn.Lifetime).ToUnixTimeSeconds()}:{person:N}");
#pragma warning disable CA5350 // The relay's protocol says SHA-1; an HMAC is not hurt by its collisions.
        var credential = Convert.ToBase64String(HMACSHA1.HashData(Encoding.UTF8.GetBytes(turn.Secret), Encoding.UTF8.GetBytes(name)));
#pragma warning restore CA5350
        return new IceServers([new Server([.. turn.Uris], name, credential)], turn.Only ? "relay" : "all");
    }
}
