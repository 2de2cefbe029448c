namespace Relais.Gateway.Protocols.Tests;

/// <summary>Bytes that real programs sent: xfreerdp 2.11.7 with /sec:tls to xrdp 0.9.21, TLS taken off, user "rlsdesk".</summary>
internal static class Capture
{
    /// <summary>X.224 request with a cookie.</summary>
    public static byte[] Request => Read("freerdp.request.bin");

    /// <summary>From Connect Initial to Client Info.</summary>
    public static byte[] StartUp => Read("freerdp.startup.bin");

    /// <summary>xrdp's answer, choosing TLS.</summary>
    public static byte[] Confirm => Read("xrdp.confirm.bin");

    /// <summary>The Connect Initial alone.</summary>
    public static byte[] ConnectInitial => StartUp[..0x1D3];

    /// <summary>The Client Info alone.</summary>
    public static byte[] ClientInfo => StartUp[0x22F..];

    /// <summary>Its Confirm Active to freerdp-shadow-cli 2.11.7, with RemoteFX.</summary>
    public static byte[] ConfirmActive => Read("freerdp.confirm-active.bin");

    private static byte[] Read(string name)
    {
        using var stream = typeof(Capture).Assembly.GetManifestResourceStream(name)!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
