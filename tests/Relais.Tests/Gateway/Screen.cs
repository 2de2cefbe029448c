using System.Buffers.Binary;
using System.Globalization;

namespace Relais.Tests.Gateway;

/// <summary>A real X server without a monitor, whose picture can be looked at.</summary>
internal sealed class Screen : IAsyncDisposable
{
    private readonly TestProgram _server;
    private readonly string _folder;

    private Screen(TestProgram server, string display, string folder) => (_server, Display, _folder) = (server, display, folder);

    public string Display { get; }

    /// <param name="white">The colour of an empty screen: white, or black.</param>
    public static async Task<Screen> StartAsync(bool white)
    {
        var folder = Directory.CreateTempSubdirectory("relais-screen-").FullName;
        // Without -noreset it starts anew when its last client leaves, which programs that look at it twice stumble over.
        var server = TestProgram.Start(
            "Xvfb", ["-displayfd", "1", "-screen", "0", "640x480x24", "-fbdir", folder, "-nolisten", "tcp", "-noreset", white ? "-wr" : "-br"]);
        var display = await server.FirstLineAsync();
        return new Screen(server, $":{int.Parse(display, CultureInfo.InvariantCulture)}", folder);
    }

    /// <summary>The share of pixels that are white, from 0 to 1.</summary>
    public double White()
    {
        // X11/XWDFile.h: header size, then at byte 76 the number of colours, 12 bytes each, then rows of 32-bit pixels.
        using var file = new FileStream(Path.Combine(_folder, "Xvfb_screen0"), FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        var start = BinaryPrimitives.ReadInt32BigEndian(bytes) + (12 * BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(76)));
        var white = 0;
        for (var i = 0; i < 640 * 480; i++)
        {
            if (bytes.AsSpan(start + (4 * i), 3) is [> 250, > 250, > 250])
                white++;
        }

        return white / (640.0 * 480.0);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
