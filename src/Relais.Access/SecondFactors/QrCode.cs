using System.Globalization;
using System.Text;
using QRCoder;

namespace Relais.Access.SecondFactors;

/// <summary>A QR code as one SVG path, dark modules only: no styles, so that the content security policy lets it be inline.</summary>
internal static class QrCode
{
    /// <summary>The path, and the side of the square it is drawn in, with the four modules of margin that readers need.</summary>
    public static (string Path, int Side) Draw(string text)
    {
        using var code = QRCodeGenerator.GenerateQrCode(text, QRCodeGenerator.ECCLevel.M);
        var path = new StringBuilder();
        for (var y = 0; y < code.ModuleMatrix.Count; y++)
        {
            for (var x = 0; x < code.ModuleMatrix[y].Length; x++)
            {
                if (code.ModuleMatrix[y][x])
                    path.Append(CultureInfo.InvariantCulture, $"M{x} {y}h1v1h-1z");
            }
        }

        return (path.ToString(), code.ModuleMatrix.Count);
    }
}
