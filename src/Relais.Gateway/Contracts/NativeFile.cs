using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Relais.Gateway.Protocols.RdpFiles;

namespace Relais.Gateway.Contracts;

/// <summary>The file with which a native client opens one session, signed with the server's certificate.</summary>
public sealed class NativeFile
{
    /// <summary>The media type of such files.</summary>
    public const string MediaType = "application/x-rdp";

    private const int HttpsPort = 443;

    private readonly ServerCertificate _server;

    internal NativeFile(ServerCertificate server) => _server = server;

    /// <summary>Writes the file of a grant for <see cref="GrantDoor.Native"/>. It holds the token: nobody else is to see it.</summary>
    /// <param name="target">What the session leads to.</param>
    /// <param name="grant">Its token.</param>
    /// <param name="clipboard">What the client is told of the clipboard.</param>
    /// <param name="reached">How the person's browser reached this server; its port is the gateway's, its name only if it is one of ours.</param>
    public byte[] For(SessionTarget target, SessionGrant grant, ClipboardPolicy clipboard, HostString reached) =>
        Sign(Compose(target.Kind, target.Name, target.UserName.Length > 0, grant.Token, clipboard, reached));

    internal string NameFor(HostString reached) => _server.NameFor(reached);

    /// <summary>Which certificate signs.</summary>
    internal byte[] SignerSha256 => SHA256.HashData(_server.Leaf.RawDataMemory.Span);

    internal byte[] Sign(RdpFile file) => file.WriteSigned(_server.Leaf, _server.Chain);

    /// <param name="inspected">The gateway ends the RDP security of targets that it signs in to, and then shows its own certificate under its own name.</param>
    internal RdpFile Compose(string kind, string target, bool inspected, string token, ClipboardPolicy clipboard, HostString reached)
    {
        var name = _server.NameFor(reached);
        var gateway = reached.Port is { } port and not HttpsPort ? $"{name}:{port}" : name;
        // What the client shows, and asks the gateway for; clients want the form of a host's name. It is never dialled.
        var address = inspected ? name : Uri.CheckHostName(target) == UriHostNameType.Dns ? target : kind;
        return new RdpFile()
            .Add("full address", address, "Full Address")
            .Add("alternate full address", address, "Alternate Full Address")
            .Add("negotiate security layer", 1, "Negotiate Security Layer")
            .Add("enablecredsspsupport", inspected ? 0 : 1, "EnableCredSspSupport")
            .Add("autoreconnection enabled", 1, "AutoReconnection Enabled")
            .Add("gatewayhostname", gateway, "GatewayHostname")
            .Add("gatewayusagemethod", 1, "GatewayUsageMethod")
            .Add("gatewayprofileusagemethod", 1, "GatewayProfileUsageMethod")
            .Add("gatewaycredentialssource", 5, "GatewayCredentialsSource")
            .Add("promptcredentialonce", 0, "PromptCredentialOnce")
            .Add("alternate shell", "", "Alternate Shell")
            .Add("prompt for credentials", 0, "Prompt For Credentials")
            .Add("authentication level", 2, "Authentication Level")
            .Add("audiomode", 0, "AudioMode")
            .Add("redirectdrives", 0, "RedirectDrives")
            .Add("redirectprinters", 0, "RedirectPrinters")
            .Add("redirectcomports", 0, "RedirectCOMPorts")
            .Add("redirectsmartcards", 0, "RedirectSmartCards")
            .Add("redirectclipboard", clipboard == ClipboardPolicy.Both || (inspected && clipboard != ClipboardPolicy.None) ? 1 : 0, "RedirectClipboard")
            .Add("gatewayaccesstoken", token)
            .Add("dynamic resolution", 1)
            .Add("screen mode id", 2);
    }
}
