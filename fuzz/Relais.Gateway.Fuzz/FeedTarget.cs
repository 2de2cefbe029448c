using System.Text;
using System.Xml.Linq;
using Relais.Gateway.Protocols.Feeds;

namespace Relais.Gateway.Fuzz;

/// <summary>What a client of the feed sends in its headers, and the list with a name of anybody's in it.</summary>
internal static class FeedTarget
{
    public static int Run(byte[] bytes)
    {
        var text = Encoding.UTF8.GetString(bytes);
        var version = FeedVersion.Negotiate(text);
        var known = BasicCredentials.TryRead(text, out var credentials);
        Targets.Promise(known == (credentials is not null), "credentials exactly when read");

        // As UTF-16, so that halves of surrogates come in too.
        var name = Encoding.Unicode.GetString(bytes);
        var resource = new FeedResource("workstation-1", name, DateTimeOffset.UnixEpoch, "/f.rdp", "/i.ico", "/i-32.png", "/i-256.png");
        var list = new ResourceList(text, "relais.example", DateTimeOffset.UnixEpoch, [resource]).Write(version);
        var root = XDocument.Parse(Encoding.UTF8.GetString(list)).Root;
        Targets.Promise(root?.Attribute("SchemaVersion")?.Value == version.Schema, "the list can be read");
        return HashCode.Combine(version.Schema, known, credentials?.Name.Length);
    }
}
