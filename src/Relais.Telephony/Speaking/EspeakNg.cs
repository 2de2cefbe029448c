using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Relais.Telephony.Speaking;

/// <summary>The program that speaks, of Debian's package of the same name. It is a process of its own, and words go in as a file would: none of them is an argument.</summary>
internal static class EspeakNg
{
    public const string Program = "espeak-ng";

    /// <summary>Says something.</summary>
    /// <param name="program">Where it is.</param>
    /// <param name="voice">One of its voices: "fr", "fr+f3".</param>
    /// <param name="wordsAMinute">80 to 450.</param>
    /// <returns>A WAV file. Win32Exception where the program is not there, InvalidOperationException with its own words where it fails.</returns>
    public static async Task<byte[]> SayAsync(string program, string voice, int wordsAMinute, string words, CancellationToken cancel)
    {
        var start = new ProcessStartInfo(program)
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false, StandardInputEncoding = new UTF8Encoding(false),
        };
        foreach (var argument in (string[])["-v", voice, "-s", wordsAMinute.ToString(CultureInfo.InvariantCulture), "-b", "1", "--stdin", "--stdout"])
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start) ?? throw new InvalidOperationException(program);
        try
        {
            using var wave = new MemoryStream();
            var complaints = process.StandardError.ReadToEndAsync(cancel);
            await process.StandardInput.WriteAsync(words.AsMemory(), cancel);
            process.StandardInput.Close();
            await process.StandardOutput.BaseStream.CopyToAsync(wave, cancel);
            await process.WaitForExitAsync(cancel);
            return process.ExitCode == 0 ? wave.ToArray() : throw new InvalidOperationException($"{program}: {await complaints}");
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw;
        }
    }
}
