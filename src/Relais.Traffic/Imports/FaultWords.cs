using Relais.Traffic.Measures.Logs;

namespace Relais.Traffic.Imports;

/// <summary>Faults of lines in words.</summary>
internal static class FaultWords
{
    public static string Of(LineFault fault) => fault switch
    {
        LineFault.None => "no fault",
        LineFault.TooLong => "longer than 64 KiB",
        LineFault.NotText => "NUL bytes",
        LineFault.NoAddress => "no address at its beginning",
        LineFault.BadTime => "no time that can be read",
        LineFault.BadRequest => "no request (METHOD /path HTTP/...)",
        LineFault.BadStatus => "no status from 100 to 599",
        LineFault.OpenQuote => "a quotation mark that does not close",
        LineFault.BadSeconds => "no seconds of listening",
        LineFault.MissingColumns => "fewer columns than the header",
        LineFault.NotJson => "no JSON object",
    };
}
