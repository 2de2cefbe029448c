using System.Text;
using Relais.Gateway.Protocols.RdpFiles;

namespace Relais.Gateway.Fuzz;

/// <summary>Any text as the value of a setting: it is refused, or it stays in its own line.</summary>
internal static class RdpFileTarget
{
    public static int Run(byte[] bytes)
    {
        var text = Encoding.UTF8.GetString(bytes);
        var file = new RdpFile();
        try
        {
            file.Add("full address", text, "Full Address").Add("audiomode", 0);
        }
        catch (ArgumentException)
        {
            return 0;
        }

        var lines = Encoding.Unicode.GetString(file.Write()).Split(['\r', '\n', '\0', '\u0085', '\u2028', '\u2029'], StringSplitOptions.RemoveEmptyEntries);
        Targets.Promise(lines is [_, "audiomode:i:0"], "one setting a line");
        return HashCode.Combine(1, Math.Min(text.Length, 64) / 4);
    }
}
